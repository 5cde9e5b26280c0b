"""What a mailbox still has of a gap, page by page."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc

from shuniu.notifier.v1 import inbox_pb2 as pb
from shuniu.notifier.v1.alert_stream_pb2 import Alert
from shuniu_client.refusals import judged
from shuniu_client.waiting import Backoff

PAGE = 200
TRIES = 8
FAILED = grpc.StatusCode.FAILED_PRECONDITION

Ask = Callable[[pb.SnapshotRequest], Awaitable[pb.SnapshotResponse]]


async def kept(ask: Ask, first: pb.SnapshotResponse) -> AsyncIterator[Alert]:
    """Yield the alerts of the page *first*, and of those behind it.

    Raises `AlertsRefusedError`, or `grpc.aio.AioRpcError` where it was tried too often.
    """
    page = first
    while True:
        for alert in page.alerts:
            yield alert
        if not page.next_token:
            return
        page = await _asked(ask, page.next_token)


async def _asked(ask: Ask, token: str) -> pb.SnapshotResponse:
    backoff = Backoff()
    while True:
        try:
            return await ask(pb.SnapshotRequest(token=token, page_size=PAGE))
        except grpc.aio.AioRpcError as error:
            end = judged(error, final=backoff.failures >= TRIES)
            if backoff.failures >= TRIES or error.code() is FAILED:
                raise  # the mailbox is another by now: the stream says so as well
            await asyncio.sleep(backoff.next(end.asked))
