"""Logs whose members misbehave as frozen and cut-off processes do."""

import asyncio
from collections.abc import Mapping, Sequence

from chassis.log import Log, Place, Producer, Received, Subscriber, Topic
from chassis.log.port import Taken


class EveryoneOwnsAll:
    """A log whose members each believe that they own every partition: a group of zombies."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._members = 0

    async def create(self, topics: Sequence[Topic]) -> None:
        """Create the topics that are missing."""
        await self._log.create(topics)

    async def producer(self, name: str, *, fencing: bool = False) -> Producer:
        """Return a started producer."""
        return await self._log.producer(name, fencing=fencing)

    async def subscriber(
        self, group: str, topics: Sequence[str], taken: Taken
    ) -> Subscriber:
        """Join a group of the member's own."""
        self._members += 1
        return await self._log.subscriber(f"{group}.{self._members}", topics, taken)

    async def told(self, group: str) -> Mapping[Place, tuple[int, str]]:
        """Return nothing: each member is a group of its own."""
        del group
        return {}

    async def lasts(self, topics: Sequence[str]) -> Sequence[Received]:
        """Return the last record of every partition that has one."""
        return await self._log.lasts(topics)

    async def ends(self, topics: Sequence[str]) -> dict[Place, int]:
        """Return where each partition ends."""
        return await self._log.ends(topics)

    async def close(self) -> None:
        """Leave that to whoever opened the log."""


class FreezingLog(EveryoneOwnsAll):
    """A log whose member stops, as a process does, between reading and applying."""

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self.holds = asyncio.Event()
        self.thaw = asyncio.Event()
        self.went_on = asyncio.Event()

    async def subscriber(
        self, group: str, topics: Sequence[str], taken: Taken
    ) -> Subscriber:
        """Join, but keep back the first records that are read until `thaw`."""
        subscriber = await super().subscriber(f"{group}.frozen", topics, taken)
        fetch = subscriber.fetch

        async def held(most: int, seconds: float) -> Mapping[Place, Sequence[Received]]:
            if self.thaw.is_set():
                self.went_on.set()
            batches = await fetch(most, seconds)
            if batches and not self.thaw.is_set():
                self.holds.set()
                await self.thaw.wait()
            return batches

        vars(subscriber)["fetch"] = held
        return subscriber
