"""What an append, a follower, a projection and an operator's look cost, among events stored."""

import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from chassis.feed.follower import Feed
from chassis.store import Store
from tests.benchmarks.big_store import BigStore
from tests.benchmarks.by_hand import REMARK, REQUEST, connected, insert
from tests.benchmarks.curves import FLOOR, OURS, Curve, Growing
from tests.benchmarks.figures import Tally, percentile
from tests.benchmarks.lab import Lab, Work, feed_on, store_on, tenfolds
from tests.benchmarks.operating import operators
from tests.benchmarks.timed_followers import Looking, Stopwatch, Viewing, followed
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import ServiceDatabase, eventually

NAME = "grow-events"
FIRST = 1_000
BATCH = 500
LOOKS = 20
FOLLOWERS = 6
FORGET = "delete from feed.follower where name = $1"
FROM_THERE = """
with known as (insert into feed.follower (name) values ($1))
insert into feed.checkpoint (name, shard, position)
select $1, s, $2 from generate_series(0, 15) s
"""
READ = "select * from store.event where position > $1 order by position limit $2"
PAIRS = "select counter_id, by from raised_1.raised order by n desc limit $1"
COPIED = "create temporary table copied (counter_id uuid not null, by bigint not null)"
MICROSECONDS = 1e6


async def measure(lab: Lab) -> Sequence[Curve]:
    """Let the store grow tenfold again and again; look at each size."""
    appends, feeds, looks = Growing(), Growing(), Growing()
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        database = await enter(lab.database("growth"))
        store = await enter(store_on(database, 4))
        feed = await enter(feed_on(database, store))
        ask = await enter(operators(database))
        (session,) = await connected(database.settings.owner_dsn(database.name), 1)
        stack.push_async_callback(session.close)
        await database.owner.execute(COPIED)
        big = BigStore(owner=database.owner)
        for at in tenfolds(FIRST, max(lab.sizes.stored, lab.sizes.longest)):
            await big.grow(at)
            lab.say(f"{at} events are stored")
            await _looked_at(lab, big, ask, looks)
            for _ in range(lab.sizes.runs):
                await _followed(lab, database, feed, feeds, at)
                await _appended(lab, big, store, session, appends)
            lab.say(f"{at} events: looked at, followed, appended to")
        tally = await big.verified()
    appends.count(tally)
    looks.count(tally)
    return [
        appends.curve(NAME, "append-by-events"),
        feeds.curve(NAME, "feed-by-events", held=(OURS, "projection")),
        looks.curve(NAME, "admin-by-events", held=("lag", "behind", "events", "story")),
    ]


async def timed(work: Work, times: int) -> list[float]:
    """Return the ms of each time that *work* is done."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _appended(
    lab: Lab, big: BigStore, store: Store, session: Any, curve: Growing
) -> None:
    times = lab.sizes.appended
    places = [1 + lab.chance.randrange(big.items) for _ in range(times)]
    items = [await big.item(n) for n in places]

    async def ours() -> None:
        item = items.pop()
        command = RaiseCounter(counter_id=item, remark=REMARK)
        await store.execute(COUNTER, item, command, cause(lab.uuid(), request_hash=REQUEST))

    async def floor() -> None:
        await insert(session, lab.uuid(), lab.uuid(), 1)

    for line, work in ((OURS, ours), (FLOOR, floor)):
        curve.add(line, big.events, percentile(await timed(work, times), 0.5))


async def _looked_at(
    lab: Lab, big: BigStore, ask: Callable[..., Work], curve: Growing
) -> None:
    last = await big.owner.fetchval("select max(position) from store.event")
    story = await big.owner.fetchval("select correlation_id from feed.chain limit 1")
    for n in range(FOLLOWERS):
        await big.owner.execute(FORGET, f"follower {n}")
        await big.owner.execute(FROM_THERE, f"follower {n}", last)
    works = {
        "lag": ask("lag"),
        "events": ask("events", after=last // 2),
        "story": ask(f"correlations/{story}"),
    }
    for line, work in works.items():
        await timed(work, 3)
        for _ in range(lab.sizes.runs):
            curve.add(line, big.events, percentile(await timed(work, LOOKS), 0.5))
    await big.owner.execute(FROM_THERE, "behind", 0)
    curve.add("behind", big.events, *await timed(works["lag"], lab.sizes.runs))
    await big.owner.execute(FORGET, "behind")


async def _followed(
    lab: Lab, database: ServiceDatabase, feed: Feed, curve: Growing, at: int
) -> None:
    owner = database.owner
    last = await owner.fetchval("select max(position) from store.event")
    await eventually(lambda: _final(feed, last))
    count = min(lab.sizes.followed, at)
    first = await owner.fetchval(
        "select position from store.event order by position desc offset $1 limit 1", count
    )
    for line, kind in ((OURS, Looking), ("projection", Viewing)):
        watch = Stopwatch(count)
        follower = kind(watch)
        await owner.execute(FORGET, follower.name)
        await owner.execute(FROM_THERE, follower.name, first or 0)
        seconds = await followed(follower, watch, feed)
        curve.add(line, at, seconds / count * MICROSECONDS)
        curve.count(
            Tally(expected=count, found=watch.seen, distinct=min(count, watch.seen))
        )
        await owner.execute(FORGET, follower.name)  # or it would be behind at the next look
    began, place = time.perf_counter(), first or 0
    while rows := await owner.fetch(READ, place, BATCH):
        place = rows[-1]["position"]
    curve.add(FLOOR, at, (time.perf_counter() - began) / count * MICROSECONDS)
    pairs = [tuple(row) for row in await owner.fetch(PAIRS, count)]
    began = time.perf_counter()
    await owner.copy_records_to_table("copied", records=pairs)
    curve.add("copy", at, (time.perf_counter() - began) / count * MICROSECONDS)


def _final(feed: Feed, position: int) -> bool:
    finals = [feed.tailer.final(shard) for shard in range(16)]
    return all(final is not None and final.position >= position for final in finals)
