"""Clients of alert streams, as the tests need them: frame by frame."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from shuniu.notifier.v1 import alert_stream_pb2 as pb

WAIT_SECONDS = 10.0


class Client:
    """One stream, from its client's side."""

    def __init__(self, call: Any) -> None:
        self.call = call
        self.others: list[pb.SubscribeResponse] = []
        self._frames: asyncio.Queue[Any] = asyncio.Queue()
        self._pump = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Read all the time: a read that is given up cancels its call."""
        with suppress(asyncio.CancelledError, grpc.aio.AioRpcError):
            while (frame := await self.call.read()) is not grpc.aio.EOF:
                self._frames.put_nowait(frame)
        self._frames.put_nowait(grpc.aio.EOF)

    async def close(self) -> None:
        """Hang up."""
        self.call.cancel()
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)

    async def send(self, **frame: Any) -> None:
        """Send one frame."""
        await self.call.write(pb.SubscribeRequest(**frame))

    async def next(self, kind: str, within: float = WAIT_SECONDS) -> Any:
        """Return the next frame of *kind*; what comes before is kept in `others`."""
        async with asyncio.timeout(within):
            while True:
                frame = await self._frames.get()
                assert frame is not grpc.aio.EOF, f"ended before {kind}"
                if frame.WhichOneof("kind") == kind:
                    return getattr(frame, kind)
                self.others.append(frame)

    async def alerts(self, count: int, within: float = WAIT_SECONDS) -> list[pb.Alert]:
        """Return the next *count* alerts."""
        found: list[pb.Alert] = []
        while len(found) < count:
            found += (await self.next("alerts", within)).items
        return found

    async def sequences(self, count: int) -> list[int]:
        """Return the sequences of the next *count* alerts."""
        return [one.sequence for one in await self.alerts(count)]

    async def silent(self, kind: str = "alerts", seconds: float = 0.4) -> None:
        """Expect no frame of *kind* for a while."""
        with pytest.raises(TimeoutError):
            await self.next(kind, seconds)

    async def ack(self, up_to: int = 0, *sequences: int) -> None:
        """Acknowledge."""
        await self.send(ack=pb.SubscribeAck(up_to_sequence=up_to, sequences=sequences))

    async def gone(self) -> grpc.StatusCode:
        """Return the status with which the stream ends."""
        async with asyncio.timeout(WAIT_SECONDS):
            while await self._frames.get() is not grpc.aio.EOF:
                pass
            return cast("grpc.StatusCode", await self.call.code())


async def refused(answer: Any) -> tuple[grpc.StatusCode, dict[str, Message]]:
    """Return the status of a refusal, and its details by their names."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async with asyncio.timeout(WAIT_SECONDS):
            await answer
    details: dict[str, Message] = {}
    kinds: list[Callable[[], Message]] = [
        error_details_pb2.ErrorInfo,
        error_details_pb2.RetryInfo,
        error_details_pb2.LocalizedMessage,
    ]
    for packed in rpc_status.from_call(caught.value).details:
        for kind in kinds:
            detail = kind()
            if packed.Unpack(detail):
                details[type(detail).__name__] = detail
    return caught.value.code(), details
