"""A read model is rebuilt under its readers' eyes, and none of them sees it half built."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from chassis.projection import Projecting, Projection, Rebuilding, begin_rebuild
from chassis.rows import Rows
from chassis.store import Position
from chassis.views import NotYetError, Views
from tests.support.counters import all_counters, counters, counters_projection, project
from tests.support.samples import COUNTER, RaiseCounter, ResetCounter, cause
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.writers import raise_counters, writing

pytestmark = pytest.mark.postgres

COUNTERS = counters_projection()


async def count_up(process: Process, streams: int) -> Position:
    """Raise *streams* new counters, one of them twice and one back to zero."""
    store = process.store
    versions = {f"counter-{uuid4()}": 0 for _ in range(streams)}
    await raise_counters(store.pool, store, versions, 1)
    items = [UUID(stream.partition("-")[2]) for stream in versions]
    raised = RaiseCounter(counter_id=items[0])
    await store.execute(COUNTER, items[0], raised, cause())
    reset = ResetCounter(counter_id=items[-1])
    done = await store.execute(COUNTER, items[-1], reset, cause())
    rows = await store.pool.fetch("select shard, max(position) from store.event group by 1")
    return Position(done.position.epoch, tuple(tuple(row) for row in rows))


def views_of(process: Process) -> Views:
    return Views(process.feed.engine, process.store.epoch, [COUNTERS])


async def seen(process: Process, after: Position | None = None) -> dict[str, int]:
    async with views_of(process).reading(COUNTERS, after) as connection:
        return await all_counters(connection)


async def folded(process: Process) -> dict[str, int]:
    """Return what a fold of the whole store says of every counter."""
    rows = await process.store.pool.fetch("select stream_id from store.stream")
    items = [row["stream_id"].partition("-")[2] for row in rows]
    return {
        item: (await process.store.read(COUNTER, UUID(item))).state.total for item in items
    }


async def test_a_rebuild_under_load_shows_no_reader_a_half_built_view(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Projecting(COUNTERS))
    first = await count_up(process, 400)
    assert len(await seen(process, first)) == 400
    await service_database.owner.execute("update counters_1.counters set total = 999")
    over = asyncio.Event()

    async def write() -> None:
        while not over.is_set():
            await count_up(process, 5)
            await asyncio.sleep(0.01)

    async def read() -> list[int]:
        counts, views = [], views_of(process)
        while not over.is_set():
            async with views.reading(COUNTERS) as connection:
                counts.append(
                    await connection.scalar(select(func.count()).select_from(counters))
                )
        return [count or 0 for count in counts]

    readers = [asyncio.create_task(read()) for _ in range(2)]
    writer = asyncio.create_task(write())
    for _ in range(2):
        assert await begin_rebuild(process.feed.engine, COUNTERS)
        assert not await begin_rebuild(process.feed.engine, COUNTERS)
        await asyncio.wait_for(Rebuilding(COUNTERS).run(process.feed), 20)
    over.set()
    await writer
    for counts in await asyncio.gather(*readers):
        assert len(counts) > 10
        assert counts == sorted(counts)
        assert counts[0] >= 400
    last = await count_up(process, 2)
    await eventually(lambda: reached(process, last))
    assert await seen(process, last) == await folded(process)


async def reached(process: Process, position: Position) -> bool:
    try:
        await seen(process, position)
    except NotYetError:
        return False
    return True


async def test_a_rebuild_keeps_the_old_view_for_a_way_back(
    service_database: ServiceDatabase, process: Process
) -> None:
    following = process.follow(Projecting(COUNTERS))
    await seen(process, await count_up(process, 3))
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await service_database.owner.execute("update counters_1.counters set total = 999")
    await begin_rebuild(process.feed.engine, COUNTERS)
    await Rebuilding(COUNTERS).run(process.feed)
    assert await seen(process) == await folded(process)
    totals = await service_database.owner.fetch("select total from counters_1_old.counters")
    assert {row["total"] for row in totals} == {999}


async def test_a_rebuild_does_not_take_over_before_it_has_read_the_feed(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Projecting(COUNTERS))
    await seen(process, await count_up(process, 3))
    await begin_rebuild(process.feed.engine, COUNTERS)
    async with service_database.process(COUNTER, owner="two", tailing=False) as starting:
        rebuilding = starting.follow(Rebuilding(COUNTERS))
        await asyncio.sleep(0.5)
        assert not rebuilding.done()
        assert len(await seen(process)) == 3


class Gated:
    """Projects up to *most* events, then stands still until it is opened."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.done = 0
        self.at_gate = asyncio.Event()

    def projection(self) -> Projection:
        """Return the counters' projection through this gate."""
        return replace(COUNTERS, project={COUNTER.name: self.project})

    async def project(self, event: Any, rows: Rows) -> None:
        """Project, or wait at the gate."""
        if self.done >= self.most:
            self.at_gate.set()
            await asyncio.Event().wait()
        await project(event, rows)
        self.done += 1


async def test_a_rebuild_takes_over_while_there_is_something_new_all_the_time(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Projecting(COUNTERS))
    await seen(process, await count_up(process, 3))
    await service_database.owner.execute("update counters_1.counters set total = 999")

    async def write() -> None:
        raised = RaiseCounter(counter_id=(item := uuid4()))
        await process.store.execute(COUNTER, item, raised, cause())

    async with writing(write):
        await begin_rebuild(process.feed.engine, COUNTERS)
        await asyncio.wait_for(Rebuilding(COUNTERS).run(process.feed), 5)
        assert 999 not in (await seen(process)).values()


async def test_a_rebuild_that_was_broken_off_goes_on_where_it_stood(
    process: Process,
) -> None:
    process.follow(Projecting(COUNTERS))
    await seen(process, await count_up(process, 300))
    await begin_rebuild(process.feed.engine, COUNTERS)
    gated, rest = Gated(most=150), Gated(most=1_000_000)
    broken_off = Rebuilding(gated.projection())
    broken_off.batch_size = 20
    running = process.follow(broken_off)
    await asyncio.wait_for(gated.at_gate.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(await seen(process)) == 300
    assert not await begin_rebuild(process.feed.engine, COUNTERS)
    await asyncio.wait_for(Rebuilding(rest.projection()).run(process.feed), 10)
    assert rest.done == 302 - 140  # 7 batches of 20 were whole
    assert await seen(process) == await folded(process)


async def test_two_processes_at_one_rebuild_build_it_once(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Projecting(COUNTERS))
    await seen(process, await count_up(process, 20))
    await begin_rebuild(process.feed.engine, COUNTERS)
    first, second = Gated(most=1_000_000), Gated(most=1_000_000)
    async with service_database.process(COUNTER, owner="two") as other:
        ends = [
            Rebuilding(first.projection()).run(process.feed),
            Rebuilding(second.projection()).run(other.feed),
        ]
        await asyncio.wait_for(asyncio.gather(*ends), 10)
    assert sorted([first.done, second.done]) == [0, 22]


async def test_a_reader_that_passes_its_position_sees_its_own_write(
    process: Process,
) -> None:
    process.follow(Projecting(COUNTERS))
    for _ in range(30):
        item = uuid4()
        done = await process.store.execute(
            COUNTER, item, RaiseCounter(counter_id=item), cause()
        )
        mine = Position.parse(str(done.position))
        assert (await seen(process, mine))[str(item)] == 1


async def test_a_reader_is_told_when_its_own_write_is_not_there_yet(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Projecting(COUNTERS))
    await seen(process, await count_up(process, 1))
    await service_database.pause(COUNTERS.follower)
    await asyncio.sleep(2)  # it looks at every renewal of its lease
    missing = await count_up(process, 1)
    with pytest.raises(NotYetError, match="not up to date"):
        await seen(process, missing)
    assert len(await seen(process)) == 1
    await service_database.pause(COUNTERS.follower, paused=False)
    await eventually(lambda: reached(process, missing))
    with pytest.raises(NotYetError, match="another history"):
        await seen(process, replace(missing, epoch="restored"))
