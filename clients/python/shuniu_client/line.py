"""The line to the notifier: one channel for the stream, one for single calls, and the token."""

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb
from shuniu.notifier.v1 import inbox_pb2, inbox_pb2_grpc
from shuniu_client.channels import open_channel

UNARY_SECONDS = 10.0
CLOSE_SECONDS = 3.0

Token = Callable[[], str | Awaitable[str]]
Metadata = tuple[tuple[str, str], ...]


class Line:
    """Makes calls; each with a token that was asked for then."""

    def __init__(
        self, target: str, token: Token, credentials: grpc.ChannelCredentials | None
    ) -> None:
        self._target = target
        self._token = token
        self._credentials = credentials
        self._streams: grpc.aio.Channel | None = None
        self._single: grpc.aio.Channel | None = None

    async def subscribe(self) -> Any:
        """Begin a stream; its first frame is still to be written."""
        if self._streams is None:
            self._streams = open_channel(self._target, self._credentials)
        metadata = await self._metadata()
        return grpc_pb.AlertStreamStub(self._streams).Subscribe(metadata=metadata)

    async def snapshot(
        self, request: inbox_pb2.SnapshotRequest
    ) -> inbox_pb2.SnapshotResponse:
        """Ask what the mailbox still has of a gap. Raises `grpc.aio.AioRpcError`."""
        stub = inbox_pb2_grpc.InboxStub(self._one())
        metadata = await self._metadata()
        return await stub.Snapshot(request, metadata=metadata, timeout=UNARY_SECONDS)

    async def settle(self, requests: Sequence[pb.AckRequest | pb.NackRequest]) -> None:
        """Tell what is settled, outside a stream. Raises `grpc.aio.AioRpcError`."""
        if not requests:
            return
        stub = grpc_pb.AlertStreamStub(self._one())
        metadata = await self._metadata()
        for request in requests:
            if isinstance(request, pb.AckRequest):
                await stub.Ack(request, metadata=metadata, timeout=UNARY_SECONDS)
            else:
                await stub.Nack(request, metadata=metadata, timeout=UNARY_SECONDS)

    async def renew(self) -> None:
        """Leave a connection that is dead: the next stream has another."""
        old, self._streams = self._streams, None
        await _close(old)

    async def close(self) -> None:
        """Hang up."""
        await self.renew()
        old, self._single = self._single, None
        await _close(old)

    def _one(self) -> grpc.aio.Channel:
        if self._single is None:
            self._single = open_channel(self._target, self._credentials)
        return self._single

    async def _metadata(self) -> Metadata:
        token = self._token()
        shown = await token if inspect.isawaitable(token) else token
        return (("authorization", f"Bearer {shown}"),)


async def _close(channel: grpc.aio.Channel | None) -> None:
    if channel is not None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(channel.close(), CLOSE_SECONDS)
