"""What an event leads to happens once, in order, and one poisoned stream holds up no other."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from chassis.parked import NothingParkedError, Parked, Waiting
from chassis.reactions import NAME, Reactions
from chassis.store import Cause, Stored
from tests.support.samples import COUNTER, NOON, FullError, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.tasks import TASK, ExtendTask, HandClock, OpenTask

pytestmark = pytest.mark.postgres

POISONED, HEALTHY = UUID(int=1), UUID(int=2)


class Office:
    """The reactions of one process: each event of a task raises the counter of its id."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.store = process.store
        self.tried = 0
        self.reacted: list[tuple[UUID, int]] = []
        self.trouble: dict[UUID, Exception] = {}
        self.reactions = Reactions({"task": self.count}, HandClock(NOON), "offices")
        self.parked = Parked(self.store.pool, NAME)

    async def count(self, stored: Stored[Any], why: Cause) -> None:
        """React to an event of a task."""
        if trouble := self.trouble.get(stored.item_id):
            raise trouble
        command = RaiseCounter(counter_id=stored.item_id, at_most=3)
        done = await self.store.execute(COUNTER, stored.item_id, command, why)
        self.tried += 1
        if not done.repeated:
            self.reacted.append((stored.item_id, stored.version))

    async def write(self, item: UUID, times: int = 1) -> None:
        """Let *times* events happen to a task."""
        for _ in range(times):
            command = ExtendTask(task_id=item, due=NOON)
            await self.store.execute(TASK, item, command, cause())

    async def retry(self, parked_id: int) -> int:
        """Retry a parked event, and those that wait behind it, as an operator does."""
        return await self.parked.retry(parked_id, self._handle)

    async def _handle(self, waiting: Waiting) -> None:
        row = await self.store.pool.fetchrow(
            "select * from store.event where position = $1", waiting.offset
        )
        assert row is not None
        await self.reactions.react(await self.store.decode(row))

    async def has_parked(self, count: int) -> bool:
        """Say whether so many events wait."""
        return len(await self.parked.list()) == count

    async def total(self, item: UUID) -> int:
        """Return what the counter of *item* says."""
        return (await self.store.read(COUNTER, item)).state.total


@pytest.fixture
async def office(service_database: ServiceDatabase) -> AsyncIterator[Office]:
    async with service_database.process(TASK, COUNTER) as process:
        yield Office(process)


async def test_a_reaction_happens_once_however_often_the_feed_is_read(
    service_database: ServiceDatabase, office: Office
) -> None:
    task = office.process.follow(office.reactions)
    await office.write(HEALTHY, 2)
    await eventually(lambda: len(office.reacted) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await service_database.owner.execute("delete from feed.follower")
    office.process.follow(office.reactions)
    await eventually(lambda: office.tried >= 4)
    assert await office.total(HEALTHY) == 2
    assert office.reacted == [(HEALTHY, 1), (HEALTHY, 2)]


async def test_a_reaction_carries_the_story_on(office: Office) -> None:
    office.process.follow(office.reactions)
    why = cause(actor="sun.li")
    await office.store.execute(TASK, HEALTHY, OpenTask(task_id=HEALTHY, due=NOON), why)
    await eventually(lambda: office.reacted)
    rows = await office.store.pool.fetch("select * from store.event order by position")
    first, second = [await office.store.decode(row) for row in rows]
    assert second.meta.actor == "system:offices"
    assert second.meta.causation_id == first.event_id
    assert second.meta.correlation_id == first.meta.correlation_id == why.command_id


async def test_a_refused_reaction_is_recorded_and_the_next_goes_on(office: Office) -> None:
    office.process.follow(office.reactions)
    await office.write(HEALTHY, 5)
    await office.write(POISONED)
    await eventually(lambda: (POISONED, 1) in office.reacted)
    rows = await office.store.pool.fetch("select * from feed.reaction_refused")
    assert [(row["reaction"], row["stream_id"], row["rule"]) for row in rows] == [
        ("task.Extended", f"task-{HEALTHY}", FullError.rule)
    ] * 2
    assert await office.parked.list() == []


async def test_a_poisoned_stream_waits_in_order_while_others_flow(office: Office) -> None:
    office.trouble = {POISONED: ZeroDivisionError("no such printer")}
    office.process.follow(office.reactions)
    await office.write(POISONED)
    await office.write(HEALTHY, 2)
    await office.write(POISONED, 2)
    await eventually(lambda: office.has_parked(3))
    await eventually(lambda: len(office.reacted) == 2)
    rows = await office.parked.list()
    assert [row["error"] for row in rows] == [
        "ZeroDivisionError: no such printer",
        "an earlier event of its stream waits",
        "an earlier event of its stream waits",
    ]
    office.trouble.clear()
    await office.write(POISONED)  # mended, and yet it has to wait for its turn
    await eventually(lambda: office.has_parked(4))
    assert await office.retry(rows[0]["parked_id"]) == 4
    assert [version for item, version in office.reacted if item == POISONED] == [1, 2, 3]
    assert await office.parked.list() == []
    with pytest.raises(NothingParkedError):
        await office.retry(rows[0]["parked_id"])
    await office.store.execute(
        TASK, HEALTHY, ExtendTask(task_id=HEALTHY, due=NOON), cause()
    )
    await eventually(lambda: len(office.reacted) == 6)


async def test_a_retry_that_fails_again_keeps_everything_waiting(office: Office) -> None:
    office.trouble = {POISONED: ZeroDivisionError("no such printer")}
    office.process.follow(office.reactions)
    await office.write(POISONED, 3)
    await eventually(lambda: office.has_parked(3))
    (first, *_) = await office.parked.list()
    with pytest.raises(ZeroDivisionError):
        await office.retry(first["parked_id"])
    assert await office.has_parked(3)
    await office.parked.skip(first["parked_id"])
    office.trouble.clear()
    (second, _) = await office.parked.list()
    assert await office.retry(second["parked_id"]) == 2
    await office.write(POISONED)
    await eventually(lambda: (POISONED, 4) in office.reacted)
    assert [version for _, version in office.reacted] == [2, 3, 4]


async def test_what_goes_away_by_itself_is_tried_again_and_not_parked(
    office: Office,
) -> None:
    office.trouble = {POISONED: ConnectionResetError("the database was restarted")}
    office.process.follow(office.reactions)
    await office.write(POISONED, 2)
    await asyncio.sleep(0.5)
    assert office.reacted == []
    assert await office.parked.list() == []
    office.trouble.clear()
    await eventually(lambda: office.reacted == [(POISONED, 1), (POISONED, 2)])
