"""Whoever follows the feed sees every committed event, whatever the writers do."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from random import Random
from statistics import median
from typing import Any

import asyncpg
import pytest

from chassis.migrations import sql
from chassis.store.shards import MARKER_NAMESPACE, SHARDS
from tests.support.collecting import Collecting, assert_seen_once_in_order
from tests.support.samples import COUNTER
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.writers import Writer, new_stream, raise_counters, stream_in

pytestmark = pytest.mark.postgres

EVENTS = 20_000
STALL_SECONDS = 2.5
MARKER = f"perform pg_advisory_xact_lock_shared({MARKER_NAMESPACE}, v_shards[i]);"


async def committed(database: ServiceDatabase) -> set[int]:
    rows = await database.owner.fetch("select position from store.event")
    return {row["position"] for row in rows}


@asynccontextmanager
async def open_transaction(process: Process) -> AsyncIterator[Any]:
    """Open a transaction that commits when the block is left, as late as that may be."""
    async with process.store.pool.acquire() as connection, connection.transaction():
        yield connection


async def test_every_committed_event_is_seen_once_by_every_follower(
    service_database: ServiceDatabase,
) -> None:
    chance = Random(20250425)  # noqa: S311 no secret
    followers = [Collecting("one"), Collecting("two", batch_size=97), Collecting("three")]
    async with (
        service_database.process(COUNTER) as first,
        service_database.process(COUNTER, owner="another") as second,
    ):
        for follower, process in zip(followers, (first, first, second), strict=True):
            process.follow(follower)
        writers = [
            Writer(process.store, chance, by=by)
            for process in (first, second)
            for by in (5, 5, 5, 40, 40)
        ]
        stalled = first.run(stall(first, STALL_SECONDS))

        def enough() -> bool:
            return stalled.done() and len(followers[0].seen) >= EVENTS

        async with asyncio.timeout(60):
            await asyncio.gather(*(writer.run(enough) for writer in writers))
        expected = await committed(service_database)
        assert len(expected) >= EVENTS
        drawn = await service_database.owner.fetchval(
            "select last_value from store.event_position_seq"
        )
        assert drawn > len(expected) * 1.05, "nobody rolled back: the test is too kind"
        await eventually(lambda: all(len(f.seen) >= len(expected) for f in followers))
        for follower in followers:
            assert_seen_once_in_order(follower.seen, expected)


async def stall(process: Process, seconds: float) -> None:
    """Draw positions in two shards, and commit them only seconds later."""
    async with open_transaction(process) as connection:
        streams = {stream_in(3): 0, stream_in(8): 0}
        await raise_counters(connection, process.store, streams, 10)
        await asyncio.sleep(seconds)


async def test_a_stalled_writer_holds_up_its_own_shard_only(
    service_database: ServiceDatabase, process: Process
) -> None:
    follower = Collecting()
    process.follow(follower)
    store, stalled_shard = process.store, 5
    latencies = []
    async with open_transaction(process) as connection:
        drawn = {stream_in(stalled_shard): 0}
        early = await raise_counters(connection, store, drawn, 1)
        late = await raise_counters(store.pool, store, {stream_in(stalled_shard): 0}, 1)
        stalled_at = time.monotonic()
        while time.monotonic() - stalled_at < STALL_SECONDS:
            others = {stream_in(shard): 0 for shard in range(SHARDS) if shard != 5}
            position = await raise_counters(store.pool, store, others, 1)
            written_at = time.monotonic()
            await eventually(partial(follower.seen_at.get, position), every=0.002)
            latencies.append(time.monotonic() - written_at)
        assert not {early, late} & follower.positions, "seen before it was final"
    await eventually(lambda: {early, late} <= follower.positions)
    assert len(latencies) > 5
    assert median(latencies) < STALL_SECONDS / 8
    assert max(latencies) < STALL_SECONDS / 2
    assert_seen_once_in_order(follower.seen, await committed(service_database))


async def test_a_writer_that_dies_with_drawn_positions_holds_up_nobody(
    service_database: ServiceDatabase, process: Process
) -> None:
    follower = Collecting()
    process.follow(follower)
    connection = await asyncpg.connect(service_database.dsn)
    transaction = connection.transaction()
    await transaction.start()
    await raise_counters(connection, process.store, {stream_in(2): 0}, 3)
    connection.terminate()
    alive = await raise_counters(process.store.pool, process.store, {stream_in(2): 0}, 1)
    await eventually(lambda: alive in follower.positions, within=2)
    assert_seen_once_in_order(follower.seen, await committed(service_database))


async def commits_late(database: ServiceDatabase, process: Process) -> set[int]:
    """Let a transaction draw a position and commit late; return what a reader missed."""
    follower = Collecting()
    process.follow(follower)
    store = process.store
    async with open_transaction(process) as connection:
        await raise_counters(connection, store, {stream_in(7): 0}, 1)
        overtaking = await raise_counters(store.pool, store, {stream_in(7): 0}, 1)
        # Long enough for a reader without proof to pass over the position that was drawn.
        with suppress(AssertionError):
            await eventually(lambda: overtaking in follower.positions, within=1)
    last = await raise_counters(store.pool, store, {new_stream(): 0, stream_in(7): 0}, 1)
    await eventually(lambda: last in follower.positions)
    return await committed(database) - follower.positions


async def test_a_late_commit_is_not_missed(
    service_database: ServiceDatabase, process: Process
) -> None:
    assert await commits_late(service_database, process) == set()


async def test_without_the_marker_a_late_commit_is_missed(
    service_database: ServiceDatabase, process: Process
) -> None:
    function = sql("append_v1.sql").replace("create function", "create or replace function")
    unmarked = function.replace(MARKER, "null;")
    assert unmarked != function
    assert "advisory" not in unmarked
    await service_database.owner.execute(unmarked)
    assert len(await commits_late(service_database, process)) == 1
