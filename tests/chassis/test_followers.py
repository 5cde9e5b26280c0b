"""A follower applies each event once, stops visibly, and goes on where it stood."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest

from chassis.feed.cursor import Step
from chassis.feed.lease import LeaseLostError, acquire, failed, move, release, renew
from chassis.store import Store, Stored
from tests.support.applying import Applying, applied, has_applied, write
from tests.support.collecting import Collecting
from tests.support.samples import COUNTER, OLDER_COUNTER, RaiseCounter, ResetCounter, cause
from tests.support.service import Process, ServiceDatabase, eventually

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("applied_table")]

STEAL = "update feed.follower set lease_until = '-infinity' where name = 'shared' returning owner"


class Choking(Applying):
    """Cannot apply events with a certain remark, until it is mended."""

    choking = True

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Apply *batch*, or choke on it."""
        if self.choking and any(s.event.remark == "poison" for s in batch):
            raise ZeroDivisionError("cannot swallow that")
        await super().handle(batch, step)


async def raised(store: Store, remark: str = "", times: int = 1) -> None:
    item = uuid4()
    command = RaiseCounter(counter_id=item, remark=remark, times=times)
    await store.execute(COUNTER, item, command, cause())


async def test_an_owner_that_was_replaced_moves_nothing(process: Process) -> None:
    engine = process.feed.engine
    old = await acquire(engine, "followed", "zombie")
    assert old is not None
    assert await acquire(engine, "followed", "heir") is None
    await release(engine, old)  # as if its time had run out
    new = await acquire(engine, "followed", "heir")
    assert new is not None
    after = {**new.checkpoint, 3: 7}
    with pytest.raises(LeaseLostError):
        await renew(engine, old)
    async with engine.begin() as connection:
        with pytest.raises(LeaseLostError):
            await move(connection, old, old.checkpoint, after)
    await release(engine, old)
    assert await acquire(engine, "followed", "third") is None, "a zombie freed the lease"
    async with engine.begin() as connection:
        await move(connection, new, new.checkpoint, after)


async def test_an_owner_that_was_replaced_says_nothing_of_its_successor(
    process: Process, service_database: ServiceDatabase
) -> None:
    engine = process.feed.engine

    async def said() -> str | None:
        query = "select error from feed.follower where name = 'followed'"
        told: str | None = await service_database.owner.fetchval(query)
        return told

    old = await acquire(engine, "followed", "zombie")
    assert old is not None
    await failed(engine, "followed", old, "its own trouble")
    assert await said() == "its own trouble"
    await release(engine, old)
    await failed(engine, "followed", None, "nobody gets the lease")
    assert await said() == "nobody gets the lease"
    new = await acquire(engine, "followed", "heir")
    await failed(engine, "followed", new, None)
    await failed(engine, "followed", old, "a thawed owner's trouble")
    await failed(engine, "followed", None, "somebody else's trouble")
    assert await said() is None


async def test_what_a_replaced_owner_did_with_its_last_batch_is_undone(
    service_database: ServiceDatabase, process: Process
) -> None:
    class Frozen(Applying):
        """Stands still in the middle of its first batch."""

        async def before_moving_on(self) -> None:
            in_the_middle.set()
            await thawed.wait()

    in_the_middle, thawed = asyncio.Event(), asyncio.Event()
    process.follow(Frozen("followed"))
    expected = await write(process.store, 5)
    await in_the_middle.wait()
    await service_database.owner.execute("update feed.follower set lease_until = now()")
    async with service_database.process(COUNTER, owner="heir") as heir:
        heir.follow(Applying("followed"))
        await eventually(lambda: has_applied(service_database, expected))
        thawed.set()
        expected = await write(process.store, 5)
        await eventually(lambda: has_applied(service_database, expected))


async def test_three_owners_of_one_name_apply_each_event_once(
    service_database: ServiceDatabase,
) -> None:
    owners: set[str] = set()
    async with AsyncExitStack() as stack:
        for n in range(3):
            process = await stack.enter_async_context(
                service_database.process(COUNTER, owner=f"owner-{n}")
            )
            process.follow(Applying("shared"))
        async with asyncio.timeout(20):
            while len(owners) < 3:
                await write(process.store, 5, by=5)
                owners.add(await service_database.owner.fetchval(STEAL))
                await asyncio.sleep(0.02)
        expected = await write(process.store, 30)
        await eventually(lambda: has_applied(service_database, expected))


async def test_a_type_of_a_newer_program_makes_a_follower_wait_until_it_is_known(
    service_database: ServiceDatabase,
) -> None:
    item = uuid4()
    async with service_database.process(COUNTER) as newer:
        commands = (
            RaiseCounter(counter_id=item, times=3),
            ResetCounter(counter_id=item),
            RaiseCounter(counter_id=item),
        )
        for command in commands:
            await newer.store.execute(COUNTER, item, command, cause())
        async with service_database.process(OLDER_COUNTER) as older:
            older.follow(Applying("followed"))
            await eventually(lambda: has_error(service_database, "counter.Reset"))
            assert await applied(service_database) == [1, 2, 3]
        newer.follow(Applying("followed"))
        await eventually(lambda: has_applied(service_database, [1, 2, 3, 4, 5]))
        await eventually(lambda: has_no_error(service_database))


async def has_no_error(database: ServiceDatabase) -> bool:
    return await database.error_of("followed") is None


async def has_error(database: ServiceDatabase, said: str) -> bool:
    return said in (await database.error_of("followed") or "")


async def test_an_exception_stops_a_follower_visibly_and_it_goes_on_when_mended(
    service_database: ServiceDatabase, process: Process
) -> None:
    follower, other = Choking("followed"), Collecting("other")
    follower.batch_size = 1
    process.follow(follower)
    process.follow(other)
    for remark in ("", "poison", ""):
        await raised(process.store, remark)
    await eventually(lambda: has_error(service_database, "ZeroDivisionError: cannot"))
    await eventually(lambda: len(other.seen) == 3)
    assert await applied(service_database) == [1]
    await asyncio.sleep(1.2)  # it tried again meanwhile
    assert await applied(service_database) == [1]
    follower.choking = False
    await eventually(lambda: has_applied(service_database, [1, 2, 3]))
    assert await service_database.error_of("followed") is None


async def test_a_paused_follower_stands_still_until_it_is_let_go_on(
    service_database: ServiceDatabase, process: Process
) -> None:
    process.follow(Applying("followed"))
    before = await write(process.store, 3)
    await eventually(lambda: has_applied(service_database, before))
    await service_database.pause("followed")
    await asyncio.sleep(2.2)  # it looks at every renewal of its lease
    after = await write(process.store, 3)
    await asyncio.sleep(0.5)
    assert await applied(service_database) == before
    await service_database.pause("followed", paused=False)
    await eventually(lambda: has_applied(service_database, after))
