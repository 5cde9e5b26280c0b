"""Mailboxes that a test fills, and clients whose every frame is written down."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from services.notifier.projections import mailbox
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client.stream import Seen
from tests.notifier.validators.log import (
    Arrived,
    Bookmark,
    Ended,
    Entry,
    Left,
    Log,
    Named,
    Opened,
    Retried,
    Row,
    Settled,
)
from tests.support.streaming import Streamer

OCCURRED = datetime.fromisoformat("2025-04-25T18:00:00+08:00")
PARKED = "select subscriber, sequence from notifier.delivery where state = 'parked'"
KEPT = "select subscriber, sequence from notifier.mailbox"
FINISHED = (pb.NACK_ACTION_SKIP, pb.NACK_ACTION_PARK)


class Mailer:
    """Puts alerts into mailboxes as the decider does, and remembers the truth of it."""

    def __init__(self, streamer: Streamer) -> None:
        self._streamer = streamer
        self._rows: list[Row] = []
        self._heads: dict[str, int] = {}

    async def put(
        self, *people: str, count: int = 1, kind: str = "matter.assigned"
    ) -> None:
        """Give each of *people* so many alerts."""
        alerts = [_alert(kind) for _ in range(count)]
        async with self._streamer.parts.engine.begin() as connection:
            for alert in alerts:
                await mailbox.deliver(connection, alert, [(who, "") for who in people])
        at = time.time()
        for alert in alerts:
            for who in people:
                sequence = self._heads[who] = self._heads.get(who, 0) + 1
                self._rows.append(Row(who, sequence, str(alert.alert_id), at))

    async def trickle(self, *people: str) -> None:
        """Give each of *people* ten alerts, one after another."""
        for _ in range(10):
            await self.put(*people)
            await asyncio.sleep(0.03)

    async def forget(self, who: str, up_to: int) -> None:
        """Cut a mailbox as retention does: from its old end."""
        await self._streamer.rows(
            "delete from notifier.mailbox where subscriber = $1 and sequence <= $2",
            who,
            up_to,
        )

    def head(self, who: str) -> int:
        """Return the newest sequence of *who*."""
        return self._heads.get(who, 0)

    async def truth(self, matches: Mapping[int, bool] | None = None) -> list[Row]:
        """Return what the mailboxes held, and what became of it."""
        kept, parked = [
            {
                (row["subscriber"], row["sequence"])
                for row in await self._streamer.rows(query)
            }
            for query in (KEPT, PARKED)
        ]
        return [
            Row(
                row.subscriber,
                row.sequence,
                row.alert_id,
                row.at,
                matches=(matches or {}).get(row.sequence, True),
                kept=(row.subscriber, row.sequence) in kept,
                given_up=(row.subscriber, row.sequence) in parked,
            )
            for row in self._rows
        ]


class Recorder:
    """Writes down what clients said and heard; one line of streams for each of them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._opens: dict[str, pb.SubscribeOpen] = {}
        self._streams: dict[str, int] = {}

    def seeing(self, client: str) -> Seen:
        """Return what the client *client* reports its frames to."""
        return partial(self._saw, client)

    def ended(self, client: str, why: str, *, asked: bool = False) -> None:
        """Write down that a stream of *client* ended."""
        self.entries.append(Ended(time.time(), self._stream(client), why, asked))

    def left(self, client: str, first: int, last: int, kept: Sequence[int]) -> None:
        """Write down what a snapshot still had of a gap."""
        at = time.time()
        self.entries.append(Left(at, self._stream(client), first, last, tuple(kept)))

    def log(self, truth: Sequence[Entry]) -> Log:
        """Return everything, beside the truth."""
        return Log([*truth, *self.entries])

    def _stream(self, client: str) -> str:
        return f"{client}#{self._streams.get(client, 0)}"

    def _saw(self, client: str, frame: pb.SubscribeRequest | pb.SubscribeResponse) -> None:
        kind, at = frame.WhichOneof("kind"), time.time()
        said: Any = getattr(frame, str(kind))
        if kind == "open":
            self._opens[client] = said
            self._streams[client] = self._streams.get(client, 0) + 1
        stream = self._stream(client)
        match kind:
            case "opened":
                self.entries.append(self._opened(at, stream, said))
            case "alerts":
                self.entries += _alerts(at, stream, said)
            case "progress":
                self.entries.append(Bookmark(at, stream, said.sequence))
            case "gap":
                self.entries.append(_gap(at, stream, said))
            case "ack":
                self.entries.append(_ack(at, stream, said))
            case "nack":
                self.entries.append(_nack(at, stream, said))
            case _:
                pass  # of no word's concern

    def _opened(self, at: float, stream: str, said: pb.SubscribeOpened) -> Opened:
        asked = self._opens[stream.partition("#")[0]]
        after = {
            "cursor": asked.cursor.sequence if asked.cursor.epoch == said.epoch else 0,
            "now": said.head_sequence,
        }.get(str(asked.WhichOneof("resume")), said.acked_sequence)
        return Opened(
            at,
            stream,
            said.subscriber,
            said.epoch,
            said.head_sequence,
            said.oldest_sequence,
            after,
            pb.SubscribeOutcome.Name(said.outcome).removeprefix("SUBSCRIBE_OUTCOME_"),
            asked.cursor.epoch,
        )


def _alerts(at: float, stream: str, said: pb.SubscribeAlerts) -> list[Entry]:
    return [
        Arrived(at, stream, a.sequence, a.alert_id, a.attempt, a.redelivered)
        for a in said.items
    ]


def _gap(at: float, stream: str, said: pb.SubscribeGap) -> Named:
    reason = pb.GapReason.Name(said.reason).removeprefix("GAP_REASON_")
    return Named(at, stream, said.from_sequence, said.to_sequence, reason)


def _ack(at: float, stream: str, said: pb.SubscribeAck) -> Settled:
    told = {*range(1, said.up_to_sequence + 1), *said.sequences}
    return Settled(at, stream, tuple(sorted(told)))


def _nack(at: float, stream: str, said: pb.SubscribeNack) -> Settled | Retried:
    if said.action in FINISHED:
        return Settled(at, stream, tuple(said.sequences))
    seconds = said.retry_after.ToTimedelta().total_seconds()
    return Retried(at, stream, tuple(said.sequences), seconds)


def _alert(kind: str) -> mailbox.Alert:
    return mailbox.Alert(
        alert_id=uuid4(),
        rule="N-ASSIGNED",
        kind=kind,
        severity="notice",
        entity_type="matter",
        entity_id=uuid4(),
        entity_number="云政督〔2025〕31号",
        args={"number": "云政督〔2025〕31号"},
        occurred_at=OCCURRED,
        created_at=OCCURRED,
        deadline_at=None,
        event_id=str(uuid4()),
        event_type="shuniu.supervision.v1.MatterAssigned",
        topic="public.supervision.matter.v1",
        correlation_id=None,
    )
