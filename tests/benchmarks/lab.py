"""What every bench works with: the servers, how much to do, and ways to apply load."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import open_engine, open_pool
from chassis.feed.follower import Feed
from chassis.feed.tailer import Tailer
from chassis.store import Store
from tests.benchmarks.cpu import Meter
from tests.benchmarks.figures import Run, Tally
from tests.benchmarks.servers import BenchBroker, DurablePostgres
from tests.support.samples import COUNTER
from tests.support.service import ServiceDatabase, service_database_in

Work = Callable[[], Awaitable[Any]]
Measure = Callable[[], Awaitable[Run]]

COUNTED = """
select count(*) as found, count(distinct (stream_id, version)) as different
from store.event where position > $1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How much to do: enough for a figure, or just enough to see that it works."""

    runs: int = 3
    seconds: float = 3.0
    warm: float = 0.5
    samples: int = 800  # of an open loop, at least
    open_seconds: float = 4.0
    relayed: int = 20_000
    viewed: int = 20_000
    commanded: int = 4_000
    rebuilt: int = 1_000_000
    verified: int = 200_000
    listed: int = 1_000_000  # open matters
    asked: int = 200  # of a list
    stored: int = 1_000_000  # the last point of a curve over events, or over streams
    longest: int = 0  # more than that, where there is time: ten times
    length: int = 100_000  # events of one item
    followed: int = 20_000  # of what is stored
    appended: int = 100  # to one point of a curve
    partitions: int = 100
    subscribers: int = 1_000
    subscribers_most: int = 1_000  # of the curve over them
    storm: int = 2_000
    frozen: float = 40.0  # seconds: longer than a dead line is borne


QUICK = Sizes(
    seconds=0.4,
    warm=0.1,
    samples=60,
    open_seconds=0.6,
    relayed=2_000,
    viewed=2_000,
    commanded=300,
    rebuilt=2_000,
    verified=2_000,
    listed=10_000,
    asked=30,
    stored=10_000,
    length=1_000,
    followed=1_000,
    appended=20,
    partitions=3,
    subscribers=50,
    subscribers_most=100,
    storm=100,
    frozen=3.0,
)


def longer(sizes: Sizes) -> Sizes:
    """Return *sizes* for whoever has the time: tenfold where growth is looked at."""
    return replace(
        sizes, longest=sizes.stored * 10, subscribers_most=sizes.subscribers * 10
    )


def tenfolds(first: int, last: int) -> list[int]:
    """Return *first*, ten times that, and so on up to *last*."""
    found = [first]
    while found[-1] * 10 <= last:
        found.append(found[-1] * 10)
    return found


@dataclass(kw_only=True)
class Lab:
    """One PostgreSQL, one Kafka where there is one, and a seed."""

    postgres: DurablePostgres
    kafka: BenchBroker | None
    sizes: Sizes
    chance: Random
    fsync: str
    say: Callable[[str], None]
    skipped: list[str] = field(default_factory=list)

    @property
    def broker(self) -> BenchBroker:
        """The broker. Only benches that need none run without."""
        if self.kafka is None:
            raise AssertionError("this bench needs a broker")
        return self.kafka

    def uuid(self) -> UUID:
        """Return the next id of the seed's."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[ServiceDatabase]:
        """Make an empty database with a service's schema, until the block ends."""
        async with self.dropped(name), service_database_in(self.postgres, name) as given:
            yield given

    @asynccontextmanager
    async def dropped(self, name: str) -> AsyncIterator[None]:
        """Drop a database at the end of the block: who comes next has the disk, and no rest."""
        try:
            yield
        finally:
            session = await asyncpg.connect(self.postgres.dsn("postgres"))
            await session.execute(f'drop database if exists "{name}" with (force)')
            await session.close()

    def meter(self, server: int | None = None) -> Meter:
        """Return a meter; beside a *server* process this one only generates load."""
        processes = dict(self.kafka.processes) if self.kafka else {}
        if server is None:
            return Meter(processes, self.postgres.pid, "python")
        return Meter({"python": server}, self.postgres.pid, "generator")

    async def compared(
        self, what: str, ours: Measure, floor: Measure, times: int | None = None
    ) -> tuple[list[Run], list[Run]]:
        """Run both in turn, so that what happens to the machine happens to both."""
        runs = await self.in_turn(what, {"ours": ours, "floor": floor}, times)
        return runs["ours"], runs["floor"]

    async def in_turn(
        self, what: str, sides: Mapping[str, Measure], times: int | None = None
    ) -> dict[str, list[Run]]:
        """Run all sides in turn, each time beginning with another one."""
        runs: dict[str, list[Run]] = {name: [] for name in sides}
        names = list(sides)
        for n in range(times or self.sizes.runs):
            first = n % len(names)
            for name in names[first:] + names[:first]:
                runs[name].append(await sides[name]())
        self.say(what)
        return runs


@asynccontextmanager
async def store_on(database: ServiceDatabase, size: int) -> AsyncIterator[Store]:
    """Open the store as a service does, with a pool of *size*."""
    epoch = str(await database.owner.fetchval("select epoch from store.store"))
    pool = await open_pool(database.dsn, size)
    try:
        yield Store(pool, [COUNTER], epoch)
    finally:
        await pool.close()


@asynccontextmanager
async def feed_on(
    database: ServiceDatabase, store: Store, *, wakes: bool = True
) -> AsyncIterator[Feed]:
    """Tail the store as a service does; without *wakes* as another process would."""
    engine = open_engine(database.dsn, 4)
    tailer = Tailer(database.dsn, wake=store.appended if wakes else None)
    tailing = asyncio.create_task(tailer.run())
    try:
        yield Feed(store, tailer, engine, "bench")
    finally:
        await ended(tailing)
        await engine.dispose()


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel *tasks* and wait for their end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def closed_loop(works: Sequence[Work], seconds: float) -> tuple[int, list[float]]:
    """Let each of *works* go again as soon as it is done; return how often, and the ms."""
    until = time.perf_counter() + seconds
    taken: list[float] = []

    async def one(work: Work) -> None:
        while (began := time.perf_counter()) < until:
            await work()
            taken.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(one(work) for work in works))
    return len(taken), taken


async def open_loop(
    rate: float, count: int, work: Callable[[float], Awaitable[Any]]
) -> None:
    """Begin *work* at *rate* whether or not the last one is done; it is told when it is due."""
    began = time.perf_counter()
    tasks = []
    for n in range(count):
        due = began + n / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        tasks.append(asyncio.create_task(_started(work, due)))
    await asyncio.gather(*tasks)


async def _started(work: Callable[[float], Awaitable[Any]], due: float) -> None:
    await work(due)


async def last_position(database: ServiceDatabase) -> int:
    """Return the position that was drawn last."""
    query = "select coalesce(max(position), 0) from store.event"
    return int(await database.owner.fetchval(query))


async def counted(database: ServiceDatabase, after: int, expected: int) -> Tally:
    """Count the events after a position."""
    row = await database.owner.fetchrow(COUNTED, after)
    if row is None:
        raise AssertionError("a count is always one row")
    return Tally(expected=expected, found=row["found"], distinct=row["different"])
