"""A follower goes on after its connections, its server or its writers failed, and loses nothing."""

import asyncio
import os
import signal
from functools import partial

import pytest
from sqlalchemy import text

from chassis.database import connect
from chassis.store import Store
from tests.support.applying import Applying, applied, has_applied, write
from tests.support.collecting import Collecting, assert_seen_once_in_order
from tests.support.postgres import Postgres
from tests.support.samples import COUNTER
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.writers import raise_counters, stream_in

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("applied_table")]


async def test_a_follower_loses_nothing_when_its_connections_are_cut(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Applying("followed"))
    async with service_database.process(COUNTER, owner="writer") as writing:
        for _ in range(3):
            last = (await write(writing.store, 10, by=10))[-1]
            await eventually(partial(has_applied_up_to, service_database, last))
            await write(writing.store, 10, by=10)
            assert await service_database.cut_connections() >= 4
            await eventually(lambda: reachable(writing.store))
        expected = await write(writing.store, 10)
        await eventually(lambda: has_applied(service_database, expected))
    assert await service_database.error_of("followed") is None


async def has_applied_up_to(database: ServiceDatabase, position: int) -> bool:
    return position in await applied(database)


async def reachable(store: Store) -> bool:
    try:
        return bool(await store.pool.fetchval("select true"))
    except Exception:  # noqa: BLE001 not yet
        return False


async def test_a_follower_loses_nothing_when_a_crash_takes_back_drawn_positions(
    service_database: ServiceDatabase, process: Process, postgres: Postgres
) -> None:
    process.follow(Applying("followed"))
    final = process.feed.tailer.final
    expected = await write(process.store, 20, by=5)
    await eventually(lambda: has_applied(service_database, expected))
    async with process.store.pool.acquire() as doomed:
        await doomed.execute("begin")
        drawn = await raise_counters(doomed, process.store, {stream_in(1): 0}, 300)
        await eventually(lambda: (at := final(2)) and at.position >= drawn)
        await asyncio.to_thread(postgres.kill)
    await asyncio.to_thread(postgres.start)
    await eventually(lambda: reachable(process.store))
    expected = await write(process.store, 60)
    service_database.owner = await connect(
        service_database.settings.owner_dsn(service_database.name)
    )
    await eventually(lambda: has_applied(service_database, expected))


async def test_a_follower_that_did_not_notice_a_crash_loses_nothing_either(
    service_database: ServiceDatabase, process: Process
) -> None:
    store, engine, owner = process.store, process.feed.engine, service_database.owner
    await owner.execute("alter system set wal_writer_delay = '10s'")  # nothing is flushed
    await owner.execute("select pg_reload_conf()")
    doomed = await connect(service_database.dsn)
    follower = Collecting()
    process.follow(follower)
    before = await write(store, 20, by=5)
    await eventually(lambda: len(follower.seen) == len(before))
    await doomed.execute("begin")
    drawn = await raise_counters(doomed, store, {stream_in(1): 0}, 300)
    store.appended.set()
    await eventually(lambda: follower.cursor[2] >= drawn, every=0.001)
    os.kill(doomed.get_server_pid(), signal.SIGKILL)  # the server starts over by itself
    # What the other followers of the process would have run into, and put right.
    await store.pool.expire_connections()
    await engine.dispose()
    doomed.terminate()
    await eventually(lambda: reachable(store))
    async with engine.connect() as young:
        sequence = text("select last_value from store.event_position_seq")
        assert ((await young.execute(sequence)).scalar() or 0) < drawn, "still drawn"
    dsn = service_database.settings.owner_dsn(service_database.name)
    service_database.owner = await connect(dsn)
    await service_database.owner.execute("alter system reset wal_writer_delay")
    await asyncio.sleep(0.6)  # the tailer is back
    expected = await write(store, 10, by=5)
    await asyncio.sleep(2)
    expected = await write(store, 20, by=20)
    await eventually(lambda: expected[-1] in follower.positions)
    assert_seen_once_in_order(follower.seen, set(expected))


async def test_a_follower_that_waits_for_a_new_proof_waits_quietly(
    process: Process,
) -> None:
    store, follower, shard = process.store, Collecting(), 3
    final = process.feed.tailer.final
    first = await raise_counters(store.pool, store, {stream_in(shard): 0}, 1)
    await eventually(lambda: (at := final(shard)) and at.position >= first)
    async with store.pool.acquire() as connection, connection.transaction():
        await raise_counters(connection, store, {stream_in(shard): 0}, 1)
        await asyncio.sleep(0.3)  # the tailer has seen the marker
        await store.pool.expire_connections()
        process.follow(follower)
        await asyncio.sleep(1)
        busy = follower.times_caught_up
    await eventually(lambda: len(follower.seen) == 2)
    assert busy < 200
