"""What lies between the streams and the application: alerts that wait, and the place."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import inbox_pb2
from shuniu_client.frames import Terms, acks, nacks
from shuniu_client.items import Delivery, Gap, Item
from shuniu_client.ledger import Ledger, Return
from shuniu_client.line import Line
from shuniu_client.place import Cursor, Place
from shuniu_client.snapshot import PAGE, kept

WAITING_AT_MOST = 4_096


class Shelf:
    """Holds what came until the application takes it, and knows how far it has come."""

    def __init__(self, line: Line, place: Place, terms: Terms) -> None:
        self._line = line
        self._place = place
        self._terms = terms
        self._stored: Cursor | None = None
        self._before: Cursor | None = None  # the place in the mailbox before this one
        self._waiting: deque[tuple[int, Item]] = deque()
        self._came = asyncio.Condition()
        self._end: Exception | None = None
        self.ledger = Ledger()
        self.wake = asyncio.Event()  # there is something to tell the server

    async def load(self) -> None:
        """Find out where the last run came to. Raises what the place raises."""
        self._stored = await self._place.load()
        if self._stored is not None:
            self.ledger.epoch = self._stored.epoch
            self.ledger.reached = self._stored.sequence

    @property
    def cursor(self) -> Cursor | None:
        """Where the next stream begins, None while there is no place yet.

        In a new mailbox it is the old place until something is finished: the server then
        says again that the mailbox is another. Where to begin is a moment, there is no place
        either until something came: only the server knows behind what that is.
        """
        ledger = self.ledger
        if self._before is not None and not ledger.place:
            return self._before
        if isinstance(self._terms.begin, datetime) and not ledger.place:
            return None
        return Cursor(ledger.epoch, ledger.place) if ledger.epoch else None

    async def next(self) -> Item:
        """Return what came next. Raises what `end` was given."""
        async with self._came:
            while True:
                while self._waiting:
                    sequence, item = self._waiting.popleft()
                    if self.ledger.hand(sequence, asyncio.get_running_loop().time()):
                        return item
                if self._end is not None:
                    raise self._end
                await self._came.wait()

    async def end(self, error: Exception) -> None:
        """Let whoever waits, and whoever comes, have *error* behind what is there."""
        async with self._came:
            self._end = self._end or error
            self._came.notify_all()

    async def opened(self, opened: pb.SubscribeOpened) -> None:
        """Begin a stream, perhaps of another mailbox than before."""
        before = self.cursor
        after = 0 if self.ledger.epoch else self._terms.begins(opened)
        if self.ledger.opened(opened.epoch, after, opened.acked_sequence):
            self._before = before
            self._waiting.clear()
        await self.keep()
        self.wake.set()

    async def alert(self, alert: pb.Alert) -> None:
        """Give an alert to the application."""
        finish = partial(self._finish, self.ledger.epoch)
        give_back = partial(self._give_back, self.ledger.epoch)
        await self._give(alert.sequence, Delivery(alert, finish, give_back))

    async def gap(self, gap: pb.SubscribeGap, stream: int) -> None:
        """Give a gap to the application, once it is known what is left of it.

        Raises `grpc.aio.AioRpcError`; then nothing has happened, and it is named again.
        """
        ask = inbox_pb2.SnapshotRequest(token=gap.snapshot_token, page_size=PAGE)
        first = await self._line.snapshot(ask)
        if not self.ledger.gap(gap.from_sequence, gap.to_sequence, stream):
            return
        item = Gap(
            gap.from_sequence,
            gap.to_sequence,
            pb.GapReason.Name(gap.reason).removeprefix("GAP_REASON_"),
            partial(kept, self._line.snapshot, first),
            partial(self._finish, self.ledger.epoch),
        )
        await self._give(gap.to_sequence, item)

    async def keep(self) -> None:
        """Store how far this client has come."""
        cursor, before = self.cursor, self._stored
        if cursor is None or cursor == before:
            return
        if before and cursor.epoch == before.epoch and cursor.sequence < before.sequence:
            return
        await self._place.store(cursor)
        self._stored = cursor

    async def _give(self, sequence: int, item: Item) -> None:
        async with self._came:
            if len(self._waiting) >= WAITING_AT_MOST:
                raise OverflowError("the server sends more than the window that it granted")
            self._waiting.append((sequence, item))
            self._came.notify()

    def _finish(self, epoch: str, sequence: int) -> None:
        if epoch == self.ledger.epoch:  # or it is of a mailbox that is no more
            self.ledger.finish(sequence)
            self.wake.set()

    def _give_back(self, epoch: str, sequence: int, back: Return) -> None:
        if epoch == self.ledger.epoch:
            self.ledger.give_back(sequence, back)
            self.wake.set()

    async def last_words(self, stream: int) -> Sequence[pb.AckRequest | pb.NackRequest]:
        """Store the place; return what there still is to say, for calls of their own."""
        epoch, device, scope = self.ledger.epoch, self._terms.device_id, self._terms.scope
        said: list[pb.AckRequest | pb.NackRequest] = [
            pb.NackRequest(device_id=device, ack_scope=scope, epoch=epoch, nack=nack)
            for nack in nacks(self.ledger, stream, last=True)
        ]
        await self.keep()
        return said + [
            pb.AckRequest(device_id=device, ack_scope=scope, epoch=epoch, ack=ack)
            for ack in acks(self.ledger)
        ]
