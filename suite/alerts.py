"""Alerts over gRPC, as they arrive."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

import grpc

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb

RETRY_SECONDS = 0.5
RESUMED = frozenset(
    {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL}
)


def _nothing() -> None:
    """Tell nobody."""


def _channel(address: str, *, secure: bool) -> grpc.aio.Channel:
    if secure:
        return grpc.aio.secure_channel(address, grpc.ssl_channel_credentials())
    return grpc.aio.insecure_channel(address)


async def tail(
    address: str,
    token: str,
    *,
    after: int = 0,
    from_now: bool = False,
    secure: bool = False,
    lost: Callable[[], None] = _nothing,
) -> AsyncIterator[pb.TailResponse]:
    """Stream one person's mailbox; resume where it was whenever the stream ends.

    *lost* is called each time it ends. Raises `grpc.aio.AioRpcError` for what does not go
    away: a refused token, for instance.
    """
    metadata = (("authorization", f"Bearer {token}"),)
    async with _channel(address, secure=secure) as channel:
        stub = grpc_pb.AlertStreamStub(channel)
        while True:
            request = pb.TailRequest(after_sequence=after, from_now=from_now)
            call = stub.Tail(request, metadata=metadata)
            try:
                async for response in call:
                    if response.HasField("alert"):
                        after, from_now = response.alert.sequence, False
                    yield response
            except grpc.aio.AioRpcError as error:
                if error.code() not in RESUMED:
                    raise
            finally:
                call.cancel()
            lost()
            await asyncio.sleep(RETRY_SECONDS)


class Watch:
    """Tails the mailboxes of several people at once, and remembers what came."""

    def __init__(
        self,
        address: str,
        token: Callable[[str], str],
        people: Sequence[str],
        show: Callable[[str, pb.Alert], None],
    ) -> None:
        self._address = address
        self._token = token
        self._people = people
        self._show = show
        self._tasks: list[asyncio.Task[None]] = []
        self._opened: dict[str, asyncio.Event] = {}
        self._came = asyncio.Condition()
        self.arrived: list[tuple[str, pb.Alert]] = []
        self.reached: dict[str, int] = dict.fromkeys(people, 0)

    async def start(self) -> None:
        """Open every stream; return once all are open."""
        for person in self._people:
            self._opened[person] = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._tail(person)))
        for opened in self._opened.values():
            await opened.wait()

    async def until(self, heads: dict[str, int]) -> None:
        """Wait until everything up to *heads* has arrived."""
        async with self._came:
            await self._came.wait_for(
                lambda: all(self.reached.get(who, at) >= at for who, at in heads.items())
            )

    async def stop(self) -> None:
        """Close every stream."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _tail(self, person: str) -> None:
        async for response in tail(self._address, self._token(person)):
            if response.HasField("opened"):
                self._opened[person].set()
            elif response.HasField("alert"):
                self.arrived.append((person, response.alert))
                self._show(person, response.alert)
                async with self._came:
                    self.reached[person] = response.alert.sequence
                    self._came.notify_all()
