"""The loop: read, apply once, move on; park what cannot be handled; never skip."""

import asyncio
import time
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import Clock
from chassis.consumer.applying import Applying, Part, said
from chassis.consumer.handling import Handling, passes
from chassis.consumer.offsets import (
    FencedError,
    Resumption,
    Step,
    identity,
    move,
    resume,
    standing,
)
from chassis.consumer.reading import Reading
from chassis.consumer.subscription import Subscription
from chassis.history import expect_offsets_to_agree, note_of
from chassis.log import Log, Place, Received, Subscriber
from chassis.parked import Parked, Waiting
from chassis.past import DivergedError
from chassis.store import Store

BATCH = 500
WAIT_SECONDS = 0.5
RETRY_SECONDS = 1.0
LOOK_SECONDS = 2.0

logger = structlog.get_logger(__name__)


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
        self._store = store
        self._handling = Handling(
            consumer=name,
            actor=f"system:{service}",
            subscriptions=self.subscriptions,
            engine=engine,
            pool=store.pool,
            clock=clock,
        )
        self._applying = Applying(
            name, self.subscriptions, engine, self.parked, self._handling
        )
        self._readings: dict[Place, Reading] = {}
        self._subscriber: Subscriber | None = None

    async def run(self) -> None:
        """Consume until cancelled; start over from the stored offsets after every error."""
        while True:
            try:
                await self._consume()
            except asyncio.CancelledError:
                raise
            except DivergedError as error:
                raise self._store.past.ends(str(error)) from None
            except Exception as error:  # noqa: BLE001 the log or the database is away
                logger.warning("consumer.restarts", consumer=self.name, error=said(error))
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
        looked = time.monotonic()
        try:
            while True:
                readings = dict(self._readings)
                batches = await subscriber.fetch(BATCH, WAIT_SECONDS)
                await self._batches(subscriber, readings, batches)
                for reading in list(self._readings.values()):
                    await self._pass(subscriber, reading)
                if time.monotonic() - looked > LOOK_SECONDS:
                    await self._look(subscriber)
                    looked = time.monotonic()
        finally:
            self._subscriber = None
            await subscriber.close()

    async def _look(self, subscriber: Subscriber) -> None:
        """Take anew what was moved, held or let go behind our back: nothing else may come."""
        stored = await standing(self._engine, self.name)
        moved = {
            place
            for place in subscriber.places
            if place in stored and stored[place] != self._next(place)
        }
        if moved:
            await self._take(subscriber, frozenset(moved))

    def _next(self, place: Place) -> int | None:
        reading = self._readings.get(place)
        return reading.next if reading else None

    async def _found(self, subscriber: Subscriber, place: Place) -> Resumption:
        compacted = self.subscriptions[place[0]].compacted
        return await resume(self._engine, self.name, place, subscriber, compacted=compacted)

    async def _take(self, subscriber: Subscriber, places: frozenset[Place]) -> None:
        store = self._store
        await expect_offsets_to_agree(store.pool, self._log, self.name, store.epoch)
        for place in places:
            found = await self._found(subscriber, place)
            if found.gap is not None or found.paused:
                self._readings.pop(place, None)
                await subscriber.pause(place)
            else:
                reading = Reading(place, found.next, found.resets, found.last_id)
                self._readings[place] = reading
                await subscriber.seek(place, found.next)
            if found.gap is not None:
                known = {"consumer": self.name, "topic": place[0], "gap": found.gap}
                logger.error("consumer.gap", **known)

    async def _batches(
        self,
        subscriber: Subscriber,
        readings: Mapping[Place, Reading],
        batches: Mapping[Place, Sequence[Received]],
    ) -> None:
        """Apply what was read; read again what the log, or another reading, may not continue.

        Records of a place that was taken anew meanwhile may lie behind ones that the new
        reading has yet to see.
        """
        parts: list[Part] = []
        again: set[Place] = set()
        known = [reading for place in batches if (reading := readings.get(place))]
        doubtful = await self._doubtful(subscriber, [r for r in known if r.spoke()])
        for place, records in batches.items():
            reading = self._readings.get(place)
            ours = reading is not None and readings.get(place) is reading
            if (
                reading is None
                or not ours
                or (place in doubtful and not await self._continues(subscriber, reading))
            ):
                again.add(place)
            elif left := [r for r in records if r.offset >= reading.next]:
                parts.append((reading, left))
        await self._apply(subscriber, parts)
        for reading, _ in parts:
            if self._readings.get(reading.place) is reading:
                note = note_of(self._store.epoch, reading.resets)
                await subscriber.committed(reading.place, reading.next, note)
        if again:
            await self._take(subscriber, frozenset(again))

    async def _apply(self, subscriber: Subscriber, parts: Sequence[Part]) -> None:
        """Apply all in one go where nothing is wrong with any, else each place by itself."""
        if len(parts) > 1:
            try:
                await self._applying.together(parts)
            except Exception as error:
                if passes(error):
                    raise
            else:
                return
        for part in parts:
            place = part[0].place
            try:
                await self._applying.apply(part)
            except FencedError:
                logger.info("consumer.fenced", consumer=self.name, topic=place[0])
                await self._take(subscriber, frozenset({place}))

    async def _doubtful(
        self, subscriber: Subscriber, silent: Sequence[Reading]
    ) -> frozenset[Place]:
        """Return where, of what was *silent*, one look did not find the record before ours.

        Whatever else rests is looked at in the same go: it may be what speaks next.
        """
        if not silent:
            return frozenset()
        rests = [reading for reading in self._readings.values() if reading.rests]
        looked = {
            reading.place: reading
            for reading in (*rests, *silent)
            if reading.last_id
            and reading.place in subscriber.places
            and not self.subscriptions[reading.place[0]].compacted
        }
        began = time.monotonic()
        found = await subscriber.at({p: r.next - 1 for p, r in looked.items()})
        for place, record in found.items():
            if identity(record) == looked[place].last_id:
                looked.pop(place).looked(began)
        seen = found.keys() - looked.keys()
        return frozenset(reading.place for reading in silent if reading.place not in seen)

    async def _continues(self, subscriber: Subscriber, reading: Reading) -> bool:
        """Say whether the log still continues our story, by all that is known of both."""
        began = time.monotonic()
        found = await self._found(subscriber, reading.place)
        if found.gap is not None or found.paused or found.next != reading.next:
            return False
        reading.looked(began)
        return True

    async def _pass(self, subscriber: Subscriber, reading: Reading) -> None:
        """Move on over what a compacted topic holds besides records, or held once."""
        compacted = self.subscriptions[reading.place[0]].compacted
        reached = await subscriber.reached(reading.place) if compacted else None
        if reached is not None and reached > reading.next:
            step = Step(reading.place, reading.next, reached, None)
            async with self._engine.begin() as connection:
                await move(connection, self.name, [step])
            reading.went(step)
