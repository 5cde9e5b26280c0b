"""The loop: read, apply once, move on; park what cannot be handled; never skip."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.clock import Clock
from chassis.consumer import inbox
from chassis.consumer.handling import Handling
from chassis.consumer.offsets import FencedError, identity, move, resume
from chassis.consumer.subscription import Subscription
from chassis.database import retryable
from chassis.log import Log, Place, Received, Subscriber
from chassis.parked import Parked, Waiting, hold, park
from chassis.public import Envelope
from chassis.rows import Rows
from chassis.store import ConflictError, Store
from chassis.views import NotYetError

BATCH = 500
WAIT_SECONDS = 0.5
RETRY_SECONDS = 1.0

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Reading:
    """How far a place was applied since it was taken. Taken anew, it is another reading."""

    place: Place
    next: int


class _UnparkedError(Exception):
    """An operator let a key flow while we were about to park behind it."""


class Consumer:
    """One service's consumer of other services' topics."""

    def __init__(
        self,
        *,
        name: str,
        service: str,
        subscriptions: Sequence[Subscription],
        log: Log,
        store: Store,
        engine: AsyncEngine,
        clock: Clock,
    ) -> None:
        self.name = name
        self.subscriptions: Mapping[str, Subscription] = {s.topic: s for s in subscriptions}
        self.parked = Parked(store.pool, name)
        self._log = log
        self._engine = engine
        self._handling = Handling(
            consumer=name,
            actor=f"system:{service}",
            subscriptions=self.subscriptions,
            engine=engine,
            pool=store.pool,
            clock=clock,
        )
        self._readings: dict[Place, _Reading] = {}
        self._subscriber: Subscriber | None = None

    async def run(self) -> None:
        """Consume until cancelled; start over from the stored offsets after every error."""
        while True:
            try:
                await self._consume()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 the log or the database is away
                logger.warning("consumer.restarts", consumer=self.name, error=_said(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def resumed(self) -> None:
        """Look again at what stands in the offsets: an operator paused or resolved something."""
        if self._subscriber is not None:
            await self._take(self._subscriber, self._subscriber.places)

    async def handle_parked(self, waiting: Waiting) -> None:
        """Handle one parked record now; raises what its handling raises."""
        await self._handling.parked(waiting)

    async def begins(self, place: Place) -> int:
        """Return the first offset that the log keeps of *place*."""
        return (await self._subscriber.bounds(place))[0] if self._subscriber else 0

    async def _consume(self) -> None:
        subscriber = await self._log.subscriber(
            self.name, list(self.subscriptions), self._take
        )
        self._subscriber = subscriber
        try:
            while True:
                readings = dict(self._readings)
                batches = await subscriber.fetch(BATCH, WAIT_SECONDS)
                for place, records in batches.items():
                    await self._batch(subscriber, readings.get(place), place, records)
                for reading in list(self._readings.values()):
                    await self._pass(subscriber, reading)
        finally:
            self._subscriber = None
            await subscriber.close()

    async def _take(self, subscriber: Subscriber, places: frozenset[Place]) -> None:
        for place in places:
            compacted = self.subscriptions[place[0]].compacted
            found = await resume(
                self._engine, self.name, place, subscriber, compacted=compacted
            )
            if found.gap is not None or found.paused:
                self._readings.pop(place, None)
                await subscriber.pause(place)
            else:
                self._readings[place] = _Reading(place, found.next)
                await subscriber.seek(place, found.next)
            if found.gap is not None:
                known = {"consumer": self.name, "topic": place[0], "gap": found.gap}
                logger.error("consumer.gap", **known)

    async def _batch(
        self,
        subscriber: Subscriber,
        reading: _Reading | None,
        place: Place,
        records: Sequence[Received],
    ) -> None:
        """Apply what was read, unless the place was taken anew meanwhile: then read again.

        These records may lie behind ones that the new reading has yet to see.
        """
        if reading is None or self._readings.get(place) is not reading:
            await self._take(subscriber, frozenset({place}))
            return
        try:
            await self._apply(reading, [r for r in records if r.offset >= reading.next])
        except FencedError:
            logger.info("consumer.fenced", consumer=self.name, topic=place[0])
            await self._take(subscriber, frozenset({place}))
            return
        await subscriber.committed(place, reading.next)

    async def _pass(self, subscriber: Subscriber, reading: _Reading) -> None:
        """Move on over what a compacted topic holds besides records, or held once."""
        compacted = self.subscriptions[reading.place[0]].compacted
        reached = await subscriber.reached(reading.place) if compacted else None
        if reached is not None and reached > reading.next:
            span = (reading.next, reached)
            async with self._engine.begin() as connection:
                await move(connection, self.name, reading.place, span, None)
            reading.next = reached

    async def _apply(self, reading: _Reading, records: Sequence[Received]) -> None:
        """Apply *records*, or halve them until the one that fails stands alone; park that."""
        if not records:
            return
        try:
            await self._apply_once(reading, records)
        except FencedError:
            raise
        except _UnparkedError:
            await self._apply(reading, records)
        except Exception as error:
            if retryable(error) or isinstance(error, ConflictError | NotYetError):
                raise
            if len(records) > 1:
                half = len(records) // 2
                await self._apply(reading, records[:half])
                await self._apply(reading, records[half:])
                return
            await self._park(reading, records[0], error)

    async def _apply_once(self, reading: _Reading, records: Sequence[Received]) -> None:
        topic, _ = reading.place
        parked = await self.parked.keys(topic, [r.key for r in records])
        flowing = [r for r in records if r.key not in parked]
        waiting = [r for r in records if r.key in parked]
        waiting = await inbox.unhandled(self._engine, self.name, waiting)
        envelopes = {r.offset: Envelope.read(r.headers) for r in flowing}
        known = [(e.source, e.id) for e in envelopes.values()]
        if self.subscriptions[topic].commands:
            had = await inbox.had(self._engine, self.name, known)
            for record in flowing:
                envelope = envelopes[record.offset]
                if (envelope.source, envelope.id) not in had:
                    await self._handling.execute(topic, envelope, record.value)
        async with self._engine.begin() as connection:
            await self._move(connection, reading, records[-1])
            await self._park_in(
                connection, waiting, "an earlier record of its key waits", behind=True
            )
            fresh = frozenset(known)
            if not self.subscriptions[topic].compacted:  # state may be applied once more
                fresh = await inbox.take(connection, self.name, known)
            rows = Rows(connection)
            for record in flowing if self.subscriptions[topic].applies else ():
                envelope = envelopes[record.offset]
                if (envelope.source, envelope.id) in fresh:
                    fresh -= {(envelope.source, envelope.id)}
                    await self._handling.apply(topic, envelope, record.value, rows)
            await rows.written()
        reading.next = records[-1].offset + 1

    async def _move(
        self, connection: AsyncConnection, reading: _Reading, last: Received
    ) -> None:
        span = (reading.next, last.offset + 1)
        await move(connection, self.name, reading.place, span, identity(last))

    async def _park(self, reading: _Reading, record: Received, error: Exception) -> None:
        logger.error(
            "consumer.parked", consumer=self.name, topic=record.topic, offset=record.offset
        )
        async with self._engine.begin() as connection:
            await self._move(connection, reading, record)
            await self._park_in(connection, [record], _said(error))
        reading.next = record.offset + 1

    async def _park_in(
        self,
        connection: AsyncConnection,
        records: Sequence[Received],
        error: str,
        *,
        behind: bool = False,
    ) -> None:
        if not records:
            return
        raw: Any = (await connection.get_raw_connection()).driver_connection
        keys = {record.key for record in records}
        if behind and await hold(raw, self.name, records[0].topic, keys) != keys:
            raise _UnparkedError
        for record in records:
            fields = {name: getattr(record, name) for name in Waiting.__slots__}
            await park(raw, self.name, Waiting(**fields), error)


def _said(error: Exception) -> str:
    """Return what *error* says; further lines of a database error repeat what was given to it."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
