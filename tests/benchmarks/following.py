"""From a commit to the follower that sees it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from chassis.feed.cursor import Step
from chassis.feed.follower import Follower
from chassis.store import Store, Stored
from tests.benchmarks.by_hand import REMARK, REQUEST, connected
from tests.benchmarks.figures import Bar, Figure, Run, Tally, latencies
from tests.benchmarks.lab import Lab, ended, feed_on, open_loop, store_on
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import ServiceDatabase

NAME = "follower"
POLL_SECONDS = 0.005
CATCH_UP_SECONDS = 20.0
POOL = 16
BARS = [Bar(measure="p50", limit=10), Bar(measure="p99", limit=100)]


class Seen:
    """When each position was seen, and how often."""

    def __init__(self) -> None:
        self.at: dict[int, float] = {}
        self.times = 0

    def note(self, positions: Sequence[int]) -> None:
        """Note that *positions* are seen now."""
        now = time.perf_counter()
        self.times += len(positions)
        for position in positions:
            self.at.setdefault(position, now)


class Seeing(Follower):
    """A follower that only looks."""

    def __init__(self, seen: Seen) -> None:
        super().__init__("seeing")
        self._seen = seen

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Note *batch*, then move on."""
        self._seen.note([stored.position for stored in batch])
        await step.done()


async def measure(lab: Lab) -> list[Figure]:
    """Append at a steady rate; time from each acknowledgement to the sight of it."""
    figures = []
    async with (
        lab.database("bench_follower") as database,
        store_on(database, POOL) as store,
    ):

        async def ours(rate: int, *, wakes: bool) -> Run:
            async with feed_on(database, store, wakes=wakes) as feed:
                seen = Seen()
                following = asyncio.create_task(Seeing(seen).run(feed))
                try:
                    return await _run(lab, database, store, rate, seen)
                finally:
                    await ended(following)

        async def floor(rate: int) -> Run:
            async with _polling(database) as seen:
                return await _run(lab, database, store, rate, seen)

        for rate, wakes in ((100, True), (500, True), (100, False)):
            how = "" if wakes else ", no wake-up: from another process"
            load = f"{rate} appends/s{how}"
            own, other = await lab.compared(
                f"follower: {load}",
                lambda rate=rate, wakes=wakes: ours(rate, wakes=wakes),  # type: ignore[misc] # bound early
                lambda rate=rate: floor(rate),  # type: ignore[misc] # bound early
            )
            figures.append(
                Figure(
                    bench=NAME, load=load, fsync=lab.fsync, ours=own, floor=other, bars=BARS
                )
            )
    return figures


async def _run(
    lab: Lab, database: ServiceDatabase, store: Store, rate: int, seen: Seen
) -> Run:
    committed: dict[int, float] = {}

    async def one(_: float) -> None:
        item_id = lab.uuid()
        why = cause(lab.uuid(), request_hash=REQUEST)
        command = RaiseCounter(counter_id=item_id, remark=REMARK)
        done = await store.execute(COUNTER, item_id, command, why)
        committed[done.position.shards[0][1]] = time.perf_counter()

    for _ in range(3):  # until it is known to follow
        await one(0)
    await _until(lambda: seen.at.keys() >= committed.keys())
    committed.clear()
    seen.at.clear()
    seen.times = 0
    count = max(lab.sizes.samples, int(rate * lab.sizes.open_seconds))
    with lab.meter() as meter:
        await open_loop(rate, count, one)
        await _until(lambda: seen.at.keys() >= committed.keys())
    waited = [
        max(0.0, seen.at[position] - at) * 1000
        for position, at in committed.items()
        if position in seen.at
    ]
    here = await database.owner.fetchval(
        "select count(*) from store.event where position = any($1::bigint[])",
        list(seen.at),
    )
    return Run(
        measures=latencies(waited),
        events=count,
        tally=Tally(expected=count, found=seen.times - len(seen.at) + here, distinct=here),
        cpu=meter.cpu,
    )


@asynccontextmanager
async def _polling(database: ServiceDatabase) -> AsyncIterator[Seen]:
    """Ask for the highest position again and again, and believe that all up to it is there."""
    seen = Seen()
    (session,) = await connected(database.settings.owner_dsn(database.name), 1)
    query = "select coalesce(max(position), 0) from store.event"
    last = int(await session.fetchval(query))

    async def poll(last: int) -> None:
        while True:
            top = int(await session.fetchval(query))
            seen.note(range(last + 1, top + 1))
            last = max(last, top)
            await asyncio.sleep(POLL_SECONDS)

    polling = asyncio.create_task(poll(last))
    try:
        yield seen
    finally:
        await ended(polling)
        await session.close()


async def _until(true: Any) -> None:
    until = time.perf_counter() + CATCH_UP_SECONDS
    while not true() and time.perf_counter() < until:  # noqa: ASYNC110 many events make it so
        await asyncio.sleep(0.01)
