"""Applying what was read: once, and together with the move over it; what fails is parked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.consumer import inbox
from chassis.consumer.handling import Handling, passes
from chassis.consumer.offsets import FencedError, move
from chassis.consumer.reading import Reading
from chassis.consumer.subscription import Subscription
from chassis.log import Received
from chassis.parked import Parked, Waiting, hold, park
from chassis.public import Envelope
from chassis.rows import Rows

Part: TypeAlias = tuple[Reading, Sequence[Received]]
"""Records of one place, in order: the next ones of its reading."""

Told: TypeAlias = tuple[Envelope, Received]

BEHIND = "an earlier record of its key waits"

logger = structlog.get_logger(__name__)


class _UnparkedError(Exception):
    """An operator let a key flow while we were about to park behind it."""


@dataclass(frozen=True, slots=True)
class Applying:
    """What one consumer does about the records that it has read."""

    consumer: str
    subscriptions: Mapping[str, Subscription]
    engine: AsyncEngine
    parked: Parked
    handling: Handling

    async def apply(self, part: Part) -> None:
        """Apply *part*, or halve it until the record that fails stands alone; park that.

        Raises `FencedError`, and what goes away by trying again.
        """
        reading, records = part
        if not records:
            return
        try:
            await self.together([part])
        except FencedError:
            raise
        except _UnparkedError:
            await self.apply(part)
        except Exception as error:
            if passes(error):
                raise
            if len(records) > 1:
                half = len(records) // 2
                await self.apply((reading, records[:half]))
                await self.apply((reading, records[half:]))
                return
            await self._park(reading, records[0], error)

    async def together(self, parts: Sequence[Part]) -> None:
        """Apply everything of *parts* in one transaction, or nothing; raises what any raises."""
        read = [record for _, records in parts for record in records]
        parked = {
            (topic, key)
            for topic in {record.topic for record in read}
            for key in await self.parked.keys(
                topic, [record.key for record in read if record.topic == topic]
            )
        }
        waiting = [record for record in read if (record.topic, record.key) in parked]
        flowing = [
            (Envelope.read(record.headers), record)
            for record in read
            if (record.topic, record.key) not in parked
        ]
        waiting = await inbox.unhandled(self.engine, self.consumer, waiting)
        await self._execute([told for told in flowing if self._of(told).commands])
        steps = [reading.over(records[-1]) for reading, records in parts]
        async with self.engine.begin() as connection:
            await move(connection, self.consumer, steps)
            await self._park_in(connection, waiting, BEHIND, behind=True)
            rows = Rows(connection)
            for envelope, record in await self._fresh(connection, flowing):
                await self.handling.apply(record.topic, envelope, record.value, rows)
            await rows.written()
        for (reading, _), step in zip(parts, steps, strict=True):
            reading.went(step)

    async def _execute(self, told: Sequence[Told]) -> None:
        known = [(envelope.source, envelope.id) for envelope, _ in told]
        had = await inbox.had(self.engine, self.consumer, known)
        await self.handling.execute_each(
            [(e, record) for e, record in told if (e.source, e.id) not in had]
        )

    async def _fresh(
        self, connection: AsyncConnection, told: Sequence[Told]
    ) -> Sequence[Told]:
        """Enter what is new into the inbox; return what is to be applied, each once."""
        once = [
            t for t in told if not self._of(t).compacted
        ]  # state may be applied once more
        new = set(
            await inbox.take(connection, self.consumer, [(e.source, e.id) for e, _ in once])
        )
        fresh = []
        for envelope, record in told:
            subscription = self._of((envelope, record))
            known = (envelope.source, envelope.id)
            if subscription.applies and (subscription.compacted or known in new):
                new.discard(known)
                fresh.append((envelope, record))
        return fresh

    def _of(self, told: Told) -> Subscription:
        return self.subscriptions[told[1].topic]

    async def _park(self, reading: Reading, record: Received, error: Exception) -> None:
        known = {"topic": record.topic, "offset": record.offset}
        logger.error("consumer.parked", consumer=self.consumer, **known)
        # One that an operator has dropped, and that is read again, stops nothing.
        waiting = await inbox.unhandled(self.engine, self.consumer, [record])
        step = reading.over(record)
        async with self.engine.begin() as connection:
            await move(connection, self.consumer, [step])
            await self._park_in(connection, waiting, said(error))
        reading.went(step)

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
        for topic in sorted({record.topic for record in records}) if behind else ():
            keys = {record.key for record in records if record.topic == topic}
            if await hold(raw, self.consumer, topic, keys) != keys:
                raise _UnparkedError
        for record in records:
            fields = {name: getattr(record, name) for name in Waiting.__slots__}
            await park(raw, self.consumer, Waiting(**fields), error)


def said(error: Exception) -> str:
    """Return what *error* says; further lines of a database error repeat what was given to it."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
