"""The relay: what others may know of our events, published to the log.

Batch, produce, wait for every acknowledgement, then the checkpoint: at least once, in order
per item. On any error the producer is thrown away and the batch is read again; it stands
still rather than skip.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from google.protobuf.message import Message

from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.log import Log, Producer
from chassis.public import record_of
from chassis.store import Stored

ToPublic = Callable[[Any], Message | None]
NAME = "relay"


class Relay(Follower):
    """Publishes one service's public events."""

    def __init__(
        self,
        log: Log,
        topics: Mapping[str, str],
        to_public: ToPublic,
        service: str,
        source: str,
    ) -> None:
        super().__init__(NAME)
        self._log = log
        self._topics = topics
        self._to_public = to_public
        self._client = f"{service}-relay"
        self._source = source
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

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Publish *batch*, then move on."""
        records = []
        for stored in batch:
            topic = self._topics.get(stored.category)
            message = self._to_public(stored.event) if topic else None
            if topic and message is not None:
                records.append(
                    record_of(
                        message, stored, topic=topic, source=self._source, epoch=self._epoch
                    )
                )
        if records:
            try:
                if self._producer is None:
                    self._producer = await self._log.producer(self._client)
                await self._producer.publish(records)
            except BaseException:
                await self._discard()
                raise
        await step.done()

    async def _discard(self) -> None:
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.close()
