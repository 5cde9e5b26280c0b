"""Followers that are timed: from when they hold their lease until they have seen it all."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.projection import Projecting
from chassis.store import Stored
from tests.benchmarks.lab import ended
from tests.benchmarks.rebuilding import VIEW

LONGEST_SECONDS = 600.0


class Stopwatch:
    """Starts once, and stops when so many were seen."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._began = 0.0
        self.seen = 0
        self.taken: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        """Begin."""
        self._began = time.perf_counter()

    def see(self, count: int) -> None:
        """Take note of *count* more."""
        self.seen += count
        if self.seen >= self._count and not self.taken.done():
            self.taken.set_result(time.perf_counter() - self._began)


class Looking(Follower):
    """A follower that only looks."""

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__("looking")
        self._watch = watch

    async def start(self, feed: Feed) -> None:  # noqa: ARG002 what every follower is given
        """Begin."""
        self._watch.start()

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Move on, and count."""
        await step.done()
        self._watch.see(len(batch))


class Viewing(Projecting):
    """A projection of one row an event."""

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__(VIEW)
        self._watch = watch

    async def start(self, feed: Feed) -> None:
        """Make the tables, then begin."""
        await super().start(feed)
        self._watch.start()

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Apply *batch*, and count."""
        await super().handle(batch, step)
        self._watch.see(len(batch))


async def followed(follower: Follower, watch: Stopwatch, feed: Feed) -> float:
    """Return the seconds that *follower* takes for what lies before it."""
    following = asyncio.create_task(follower.run(feed))
    try:
        return await asyncio.wait_for(watch.taken, LONGEST_SECONDS)
    finally:
        await ended(following)
