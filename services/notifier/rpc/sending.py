"""Sending a stream's alerts: those that are new, those whose time to be acknowledged is over."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chassis.rpc.server import MAX_MESSAGE_BYTES
from services.notifier.projections.mailbox import Delivered
from services.notifier.projections.mailbox_places import load
from services.notifier.projections.mailbox_reading import Reader, bounds, read_only
from services.notifier.rpc.heads import Watch
from services.notifier.rpc.metrics import REDELIVERED, SENT
from services.notifier.rpc.snapshots import Gap
from services.notifier.rpc.wording import Messages
from shuniu.notifier.v1 import alert_stream_pb2 as pb

if TYPE_CHECKING:
    from services.notifier.rpc.session import Session

FRAME_BYTES = MAX_MESSAGE_BYTES - 1_024
EXHAUSTED = "not acknowledged after five attempts"


@dataclass(frozen=True, slots=True)
class Reading:
    """What alerts are read from, and put into words with."""

    reader: Reader
    messages: Messages
    pool: Any
    epoch: str


class Sending:
    """Reads for one stream, and writes to it, within its window."""

    def __init__(self, session: "Session", watch: Watch, reading: Reading) -> None:
        self._session = session
        self._window = session.window
        self._watch = watch
        self._messages = reading.messages
        self._reader = reading.reader
        self._pool = reading.pool
        self._epoch = reading.epoch

    async def new(self, now: float) -> bool:
        """Send what is new, one frame of it; False where nothing is, or nothing fits."""
        window = self._window
        if window.reached >= self._watch.head or not window.fits(1):
            return False
        most = self._session.terms.batch
        if window.tracked:
            most = min(most, max(window.messages - window.in_flight, 1))
        after = window.reached
        found = await self._reader.read(self._session.device.subscriber, after, most)
        await self._messages.learn(now)
        if window.reached != after:
            return True  # acknowledged ahead meanwhile
        if not found or found[0].sequence > after + 1:
            await self._name_gap()
        elif items := self._chosen(found, now):
            await self._write(items)
        return window.reached > after

    def _chosen(self, found: Sequence[Delivered], now: float) -> list[pb.Alert]:
        """Return what of *found* goes into one frame, and note that it is sent."""
        window, session = self._window, self._session
        items: list[pb.Alert] = []
        size = 0
        for delivered in found:
            sequence = delivered.sequence
            if sequence != window.reached + 1:
                break
            if sequence in window.settled or not session.terms.chooses(delivered):
                window.skip(sequence)
                continue
            attempt = window.attempt_of(sequence)
            alert = self._messages.of(delivered, now, attempt)
            length = alert.ByteSize()
            if not window.fits(length) or (items and size + length + 8 > FRAME_BYTES):
                break
            window.send(sequence, length, now)
            if window.tracked:
                session.note(sequence, attempt, "sent")
            items.append(alert)
            size += length + 8
        return items

    async def again(self, now: float) -> bool:
        """Send again what is due, one frame of it; park what was sent often enough."""
        window, session = self._window, self._session
        if not window.flights or not window.within or not (due := window.due(now)):
            return False
        device = session.device
        place = await load(self._pool, device.subscriber, device.place)
        if place is not None and place.epoch == self._epoch:
            for sequence in due:  # acknowledged on another stream of the scope, or on none
                if sequence <= place.acked or sequence in place.settled:
                    window.expire(sequence)
        for sequence in [s for s in due if s in window.flights]:
            if window.exhausted(sequence):
                attempt = window.give_up(sequence, window.heard)
                session.park(sequence, attempt, EXHAUSTED)
            elif window.unheard(sequence):
                session.go(pb.GO_AWAY_REASON_SLOW_CONSUMER)
                return True
        due = [s for s in due if s in window.flights][: session.terms.batch]
        kept = {d.sequence: d for d in await read_only(self._pool, device.subscriber, due)}
        await self._messages.learn(now)
        await self._resend(due, kept, now)
        return True

    async def _resend(
        self, due: Sequence[int], kept: dict[int, Delivered], now: float
    ) -> None:
        window = self._window
        items: list[pb.Alert] = []
        size = 0
        for sequence in due:
            if sequence not in window.flights:
                continue  # acknowledged meanwhile
            if sequence not in kept:
                window.expire(sequence)  # no longer kept
                continue
            attempt = window.attempt_of(sequence)
            alert = self._messages.of(kept[sequence], now, attempt)
            size += alert.ByteSize() + 8
            if items and size > FRAME_BYTES:
                break
            window.send_again(sequence, now)
            self._session.note(sequence, attempt, "sent")
            items.append(alert)
        if items:
            REDELIVERED.inc(len(items))
            await self._write(items)

    async def _write(self, items: list[pb.Alert]) -> None:
        """Write one frame, redelivered alerts apart from others."""
        SENT.inc(len(items))
        while items:
            again = items[0].redelivered
            alike = 1
            while alike < len(items) and items[alike].redelivered == again:
                alike += 1
            frame, items = items[:alike], items[alike:]
            more = bool(items) or self._window.reached < self._watch.head
            alerts = pb.SubscribeAlerts(items=frame, more=more)
            await self._session.write(pb.SubscribeResponse(alerts=alerts))

    async def _name_gap(self) -> None:
        """Name what is missing, up to the newest alert: there is no partial recovery."""
        window = self._window
        head, oldest = await bounds(self._pool, self._session.device.subscriber)
        first = window.reached + 1
        purged = oldest and oldest <= first
        reason = pb.GAP_REASON_ADMIN_PURGE if purged else pb.GAP_REASON_RETENTION
        gap = Gap(self._epoch, first, head, reason)
        window.leave_out(head)
        self._watch.head = max(self._watch.head, head)
        await self._session.write(gap.message())
        await asyncio.sleep(0)
