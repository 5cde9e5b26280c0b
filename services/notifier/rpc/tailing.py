"""`Tail`: the mailbox for whoever keeps their own place."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from google.rpc import code_pb2

from chassis.rpc import RefusedRpcError
from chassis.wire import timestamp
from services.notifier.projections.mailbox_reading import bounds
from services.notifier.rpc.streams import Streams, monotonic
from shuniu.notifier.v1 import alert_stream_pb2 as pb

BATCH = 50
PROGRESS_SECONDS = 15.0


async def tail(
    pool: Any, streams: Streams, subscriber: str, request: Any, left: float
) -> AsyncGenerator[pb.TailResponse, None]:
    """Stream a mailbox after a sequence, for as many seconds as are *left*."""
    head, oldest = await bounds(pool, subscriber)
    after = head if request.from_now else request.after_sequence
    if after > head:
        detail = f"after_sequence {after} is ahead of the mailbox, which ends at {head}"
        zh = f"序号{after}超出信箱末尾{head}。"
        raise RefusedRpcError(code_pb2.OUT_OF_RANGE, "alerts.sequence", detail, zh)
    ends = monotonic() + left
    wake = asyncio.Event()
    with streams.heads.watching(subscriber, head, wake) as watch:
        yield pb.TailResponse(
            opened=pb.TailOpened(
                head_sequence=head,
                oldest_sequence=oldest or head + 1,
                subscriber=subscriber,
            )
        )
        said = -1
        while (now := monotonic()) < ends and not streams.draining.is_set():
            wake.clear()
            found = await streams.reader.read(subscriber, after, BATCH)
            await streams.messages.learn(now)
            for delivered in found:
                yield pb.TailResponse(alert=streams.messages.of(delivered, now))
                after = delivered.sequence
            if found:
                continue
            if said == after:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(min(now + PROGRESS_SECONDS, ends)):
                        await wake.wait()
                if watch.head > after:
                    continue
            said = after
            moment = datetime.now(UTC)  # noqa: TID251 the stream's own liveness
            progress = pb.TailProgress(sequence=after, server_time=timestamp(moment))
            yield pb.TailResponse(progress=progress)
