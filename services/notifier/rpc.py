"""`AlertStream.Tail`: a person's mailbox, as it fills."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from google.rpc import code_pb2

from chassis.auth import Caller
from chassis.parts import Parts
from chassis.rpc import RpcService, guarded
from chassis.rpc.doors import refuse
from chassis.wire import timestamp
from services.notifier.contracts import Wording, to_message
from services.notifier.policies import FOLDER, load_rules
from services.notifier.projections import mailbox
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb

BATCH = 50
SWEEP_SECONDS = 0.05
PROGRESS_SECONDS = 15.0

_HEADS = "select subscriber, head from notifier.head where subscriber = any($1)"


class Heads:
    """Watches the heads of the mailboxes that somebody tails: one query for all of them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._watched: dict[str, int] = {}
        self._heads: dict[str, int] = {}
        self._moved = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def watching(self, subscriber: str) -> Any:
        """Watch *subscriber* while inside."""
        self._watched[subscriber] = self._watched.get(subscriber, 0) + 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            self._watched[subscriber] -= 1
            if not self._watched[subscriber]:
                del self._watched[subscriber]

    async def beyond(self, subscriber: str, sequence: int, at_most: float) -> bool:
        """Wait until the mailbox has more than *sequence*; False when it took too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most), self._moved:
                await self._moved.wait_for(
                    lambda: self._heads.get(subscriber, 0) > sequence
                )
                return True
        return False

    async def _sweep(self) -> None:
        while self._watched:
            with contextlib.suppress(Exception):
                rows = await self._parts.store.pool.fetch(_HEADS, list(self._watched))
                heads = {row["subscriber"]: row["head"] for row in rows}
                if heads != self._heads:
                    async with self._moved:
                        self._heads = heads
                        self._moved.notify_all()
            await asyncio.sleep(SWEEP_SECONDS)


class AlertStream(grpc_pb.AlertStreamServicer):
    """Serves mailboxes: each person their own, by the token they send."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._heads = Heads(parts)
        rules = load_rules(FOLDER / "rules.yaml")
        self._wording = Wording(rules, parts.people, parts.calendar)

    @guarded("alerts.read")
    async def Tail(  # noqa: N802 the contract's name
        self, caller: Caller, request: Any, context: Any
    ) -> AsyncIterator[Any]:
        """Stream the caller's alerts after a sequence, for as long as they listen."""
        pool = self.parts.store.pool
        head, oldest = await mailbox.bounds(pool, caller.subject)
        after = head if request.from_now else request.after_sequence
        if after > head:
            detail = f"after_sequence {after} is ahead of the mailbox, which ends at {head}"
            await refuse(context, code_pb2.OUT_OF_RANGE, detail, "alerts.sequence")
        with self._heads.watching(caller.subject):
            yield pb.TailResponse(
                opened=pb.TailOpened(
                    head_sequence=head,
                    oldest_sequence=oldest or head + 1,
                    subscriber=caller.subject,
                )
            )
            said = -1
            while True:
                found = await mailbox.read(pool, caller.subject, after, BATCH)
                for delivered in found:
                    yield pb.TailResponse(alert=to_message(delivered, self._wording))
                    after = delivered.sequence
                if found:
                    continue
                if said == after and await self._heads.beyond(
                    caller.subject, after, PROGRESS_SECONDS
                ):
                    continue
                said = after
                now = datetime.now(UTC)  # noqa: TID251 the stream's own liveness
                progress = pb.TailProgress(sequence=after, server_time=timestamp(now))
                yield pb.TailResponse(progress=progress)


def rpc(parts: Parts) -> list[RpcService]:
    """Return the notifier's gRPC services."""
    return [
        RpcService(
            "shuniu.notifier.v1.AlertStream",
            AlertStream(parts),
            grpc_pb.add_AlertStreamServicer_to_server,
        )
    ]
