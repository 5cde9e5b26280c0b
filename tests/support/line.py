"""A line between a client and a server that a test can cut, or let go dead."""

import asyncio
from contextlib import suppress
from typing import Self


class BreakableLine:
    """Relays TCP connections to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._passing = asyncio.Event()
        self._passing.set()
        self._relays: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []
        self._came = asyncio.Condition()
        self.connections = 0

    @property
    def address(self) -> str:
        """Where to connect to."""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Hang up every connection; new ones are taken."""
        relays, self._relays = self._relays, []
        writers, self._writers = self._writers, []
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()

    def freeze(self) -> None:
        """Carry nothing any more, and hang up nothing."""
        self._passing.clear()

    def thaw(self) -> None:
        """Carry again what was held back."""
        self._passing.set()

    async def reached(self, connections: int, within: float = 20.0) -> None:
        """Wait until so many connections were made."""
        async with asyncio.timeout(within), self._came:
            await self._came.wait_for(lambda: self.connections >= connections)

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, back]
        for source, sink in ((reader, back), (there, writer)):
            self._relays.append(asyncio.create_task(self._carry(source, sink)))
        async with self._came:  # only now, when it can be cut
            self.connections += 1
            self._came.notify_all()

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                await self._passing.wait()
                sink.write(data)
                await sink.drain()
        sink.close()
