"""A relay before PostgreSQL's socket that can end sessions in the order a real one does."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Self

SOCKET = ".s.PGSQL.5432"
FIELDS = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
GOODBYE = b"E" + (len(FIELDS) + 4).to_bytes(4, "big") + FIELDS


class Proxy:
    """Relays sessions to the server whose sockets are in *folder*."""

    def __init__(self, folder: str) -> None:
        self._target = str(Path(folder) / SOCKET)
        self.folder = tempfile.mkdtemp(prefix="px-")
        self._sessions: list[tuple[asyncio.StreamWriter, list[asyncio.Task[None]]]] = []

    async def __aenter__(self) -> Self:
        path = str(Path(self.folder) / SOCKET)
        self._server = await asyncio.start_unix_server(self._relay, path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self.end_sessions(pause=0)
        shutil.rmtree(self.folder, ignore_errors=True)

    async def end_sessions(self, pause: float) -> None:
        """Say to every client that its session is over; hang up only after *pause*."""
        sessions, self._sessions = self._sessions, []
        for client, relays in sessions:
            for relay in relays:
                relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)
            client.write(GOODBYE)
        await asyncio.sleep(pause)
        for client, _ in sessions:
            client.close()

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._target)
        relays = [
            asyncio.create_task(_copy(reader, to_server)),
            asyncio.create_task(_copy(from_server, writer)),
        ]
        self._sessions.append((writer, relays))
        await asyncio.gather(*relays, return_exceptions=True)
        to_server.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return
