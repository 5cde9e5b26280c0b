"""The relay: what others may know of our events, published to the log.

Batch, produce, wait for every acknowledgement, then the checkpoint: at least once, in order
per item. On any error the producer is thrown away and the batch is read again; it stands
still rather than skip.

Of a compacted topic the last record of a key is all that stays, so that a thawed owner must
not publish after its successor: it publishes through a producer that fences every earlier
one of its name, and makes sure of its lease once it has it.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.feed.lease import renew
from chassis.log import Log, Producer, Record
from chassis.public import Deleted, Told, record_of
from chassis.store import Stored

ToPublic: TypeAlias = Callable[[Any], Told | Awaitable[Told | None] | None]
NAME = "relay"


class Relay(Follower):
    """Publishes one service's public events: under *name* where it has more than one."""

    def __init__(
        self,
        log: Log,
        topics: Mapping[str, str],
        to_public: ToPublic,
        service: str,
        source: str,
        *,
        name: str = NAME,
        compacted: bool = False,
    ) -> None:
        super().__init__(name)
        self._log = log
        self._topics = topics
        self._to_public = to_public
        self._client = f"{service}-{name}"
        self._source = source
        self._compacted = compacted
        self._producer: Producer | None = None

    async def run(self, feed: Feed) -> None:
        """Publish until cancelled."""
        try:
            await super().run(feed)
        finally:
            await self._discard()

    async def start(self, feed: Feed) -> None:
        """Begin with a new producer."""
        self._epoch = feed.store.epoch
        await self._discard()
        if self._compacted:
            self._producer = await self._log.producer(self._client, fencing=True)
            # Whoever took over before this fenced us; whoever does from now on will.
            await renew(feed.engine, self.lease)

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Publish *batch*, then move on."""
        records = []
        for stored in batch:
            topic = self._topics.get(stored.category)
            told = await self._told(stored) if topic else None
            if topic and told is not None:
                records.append(
                    record_of(
                        told, stored, topic=topic, source=self._source, epoch=self._epoch
                    )
                )
        # A checkpoint that could not be moved afterwards would have all of it told again.
        async with step.reserved() as connection:
            if records:
                await self._publish(records)
            async with connection.begin():
                await step.done(connection)

    async def _publish(self, records: Sequence[Record]) -> None:
        try:
            if self._producer is None:
                self._producer = await self._log.producer(self._client)
            await self._producer.publish(records)
        except BaseException:
            await self._discard()
            raise

    async def _told(self, stored: Stored[Any]) -> Told | None:
        told = self._to_public(stored.event)
        if inspect.isawaitable(told):
            told = await told
        if isinstance(told, Deleted) and not self._compacted:
            raise ValueError(f"{stored.type}: a plain topic carries no empty values")
        return told

    async def _discard(self) -> None:
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.close()
