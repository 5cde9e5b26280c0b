"""`Inbox.Snapshot`: what is left of a gap."""

from typing import Any

from google.rpc import code_pb2

from chassis.auth import Caller
from chassis.parts import Parts
from chassis.rpc import guarded_call
from chassis.rpc.server import MAX_MESSAGE_BYTES
from services.notifier.projections.mailbox_reading import read
from services.notifier.rpc.limits import Bounds
from services.notifier.rpc.opening import wrong
from services.notifier.rpc.snapshots import Gap
from services.notifier.rpc.streams import Streams, monotonic
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import inbox_pb2
from shuniu.notifier.v1 import inbox_pb2_grpc as grpc_pb

PAGE = Bounds(least=1, most=200, default=50)
ROOM = 1_024  # of a page, for all that is no alert


class Inbox(grpc_pb.InboxServicer):
    """Reads mailboxes without a stream: each person their own, by the token they send."""

    def __init__(self, parts: Parts, streams: Streams) -> None:
        self.parts = parts
        self._streams = streams

    @guarded_call("alerts.read")
    async def Snapshot(  # noqa: N802 the contract's name
        self, caller: Caller, request: Any, _context: Any
    ) -> inbox_pb2.SnapshotResponse:
        """Return one page of the alerts of a gap that are still kept."""
        try:
            gap = Gap.read(request.token)
        except ValueError as error:
            raise wrong("token is of no gap", "token 无效。") from error
        epoch = self.parts.store.epoch
        if gap.epoch != epoch:
            raise wrong(
                "the mailbox has another epoch now: open a stream anew",
                "信箱已重建，请重新打开订阅。",
                code_pb2.FAILED_PRECONDITION,
            )
        after = max(gap.first - 1, gap.page)
        most = int(PAGE.grant(request.page_size))
        found = await read(self.parts.store.pool, caller.subject, after, most)
        await self._streams.messages.learn(monotonic())
        page = inbox_pb2.SnapshotResponse(
            resume_cursor=pb.Cursor(epoch=epoch, sequence=gap.last)
        )
        room = MAX_MESSAGE_BYTES - ROOM
        for delivered in found:
            alert = self._streams.messages.of(delivered, monotonic())
            room -= alert.ByteSize() + 8
            if delivered.sequence > gap.last:
                return page
            if room < 0 and page.alerts:
                break
            page.alerts.append(alert)
        if page.alerts and page.alerts[-1].sequence < gap.last:
            page.next_token = gap.behind(page.alerts[-1].sequence).token
        return page
