"""A follower that remembers what it saw, and how to tell whether that was everything."""

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.store import Stored


class Collecting(Follower):
    """Remembers every event it handled and when, in `time.monotonic` seconds."""

    def __init__(self, name: str = "collecting", batch_size: int = 500) -> None:
        super().__init__(name)
        self.batch_size = batch_size
        self.seen: list[Stored[Any]] = []
        self.seen_at: dict[int, float] = {}
        self.times_caught_up = 0

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Remember *batch* once the checkpoint is behind it."""
        await step.done()
        now = time.monotonic()
        self.seen.extend(batch)
        self.seen_at |= dict.fromkeys((stored.position for stored in batch), now)

    async def caught_up(self, feed: Feed) -> None:  # noqa: ARG002 the hook's signature
        """Count."""
        self.times_caught_up += 1

    @property
    def positions(self) -> set[int]:
        """The positions that were seen."""
        return set(self.seen_at)


def assert_seen_once_in_order(seen: Sequence[Stored[Any]], committed: set[int]) -> None:
    """Expect each committed event exactly once, streams without a gap, shards in order."""
    positions = [stored.position for stored in seen]
    missed, invented = committed - set(positions), set(positions) - committed
    assert not missed, f"missed {len(missed)} of {len(committed)}: {sorted(missed)[:10]}"
    assert not invented, f"seen but not committed: {sorted(invented)[:10]}"
    assert len(positions) == len(set(positions)), "seen more than once"
    streams: dict[str, list[int]] = defaultdict(list)
    shards: dict[int, list[int]] = defaultdict(list)
    for stored in seen:
        streams[stored.stream_id].append(stored.version)
        shards[stored.shard].append(stored.position)
    for versions in streams.values():
        assert versions == list(range(1, len(versions) + 1))
    for at in shards.values():
        assert at == sorted(at)
