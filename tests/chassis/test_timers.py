"""A timer fires once, when business time has come, unless it was taken back before."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.timers import Arm, Disarm, Setting, Timers
from tests.support.reminding import ITEM, Office, never_disarmed, only_armed
from tests.support.samples import NOON
from tests.support.service import ServiceDatabase, eventually
from tests.support.tasks import (
    TASK,
    CloseTask,
    ExtendTask,
    HandClock,
    OpenTask,
    TaskOpened,
)
from tests.support.writers import writing

pytestmark = pytest.mark.postgres

HOUR = timedelta(hours=1)
CHECK_SECONDS = 1.6  # business time is looked at every 1.25 seconds at least


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
async def office(service_database: ServiceDatabase, clock: HandClock) -> Any:
    async with service_database.process(TASK) as process:
        yield Office(process, clock)


async def test_a_timer_that_came_due_while_nobody_ran_fires_once(
    service_database: ServiceDatabase, office: Office, clock: HandClock
) -> None:
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    clock.moment += 5 * HOUR
    office.open()
    await eventually(office.reminded)
    await eventually(lambda: office.has_none("true"))
    (fired,) = office.fired
    assert (fired.item_id, fired.due_at) == (ITEM, NOON + HOUR)
    assert fired.cause.occurred_at == NOON + 5 * HOUR
    await office.close()
    # All that the timers remember is derived from the feed: here they follow it anew.
    await service_database.owner.execute("delete from feed.timer")
    await service_database.owner.execute("delete from feed.follower")
    office.open()
    await asyncio.sleep(CHECK_SECONDS)
    assert await office.reminded() == 1


async def test_a_timer_does_not_fire_before_business_time_has_come(
    office: Office, clock: HandClock
) -> None:
    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await eventually(lambda: office.timers_in("fired_at is null"))
    clock.moment += HOUR - timedelta(microseconds=1)
    await asyncio.sleep(CHECK_SECONDS)
    assert not office.fired
    clock.moment += timedelta(microseconds=1)
    await eventually(office.reminded)


async def test_two_workers_fire_a_timer_once(
    service_database: ServiceDatabase, office: Office, clock: HandClock
) -> None:
    async with service_database.process(TASK, owner="two") as second:
        other = Office(second, clock)
        items = [uuid4() for _ in range(20)]
        for item in items:
            await office.do(OpenTask(task_id=item, due=NOON + HOUR))
        office.open()
        other.open()
        await eventually(lambda: office.timers_in("fired_at is null"))
        clock.moment += HOUR
        # One of them has the lease; one who lost it may still be at it.
        await asyncio.gather(
            *(o.timers.caught_up(o.process.feed) for o in (office, other) * 2)
        )
        await asyncio.sleep(CHECK_SECONDS)
        assert [await office.reminded(item) for item in items] == [1] * len(items)


async def test_an_extended_task_is_reminded_of_at_its_new_date_only(
    office: Office, clock: HandClock
) -> None:
    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await office.do(ExtendTask(task_id=ITEM, due=NOON + 3 * HOUR))
    await eventually(lambda: office.timers_in("armed_version = 2"))
    clock.moment += 2 * HOUR
    await asyncio.sleep(CHECK_SECONDS)
    assert not office.fired
    clock.moment += HOUR
    await eventually(office.reminded)
    assert [fired.due_at for fired in office.fired] == [NOON + 3 * HOUR]


async def test_a_closed_task_is_not_reminded_of(office: Office, clock: HandClock) -> None:
    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await eventually(lambda: office.timers_in("true"))
    await office.close()
    await office.do(CloseTask(task_id=ITEM))
    clock.moment += HOUR
    await asyncio.sleep(0.3)  # the tailer is ahead of the follower now
    office.open()
    await asyncio.sleep(CHECK_SECONDS)
    assert not office.fired
    assert not await office.timers_in("true")


async def test_nothing_fires_before_the_feed_was_read(
    service_database: ServiceDatabase, office: Office, clock: HandClock
) -> None:
    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await eventually(lambda: office.timers_in("true"))
    await office.close()
    await office.do(CloseTask(task_id=ITEM))
    clock.moment += HOUR
    async with service_database.process(TASK, owner="two", tailing=False) as starting:
        restarted = Office(starting, clock)
        restarted.open()
        await asyncio.sleep(0.5)
        assert not restarted.fired


async def test_a_timer_fires_while_there_is_something_new_all_the_time(
    office: Office, clock: HandClock
) -> None:
    async def write() -> None:
        await office.do(OpenTask(task_id=uuid4(), due=NOON + 99 * HOUR))

    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await eventually(lambda: office.timers_in("fired_at is null"))
    async with writing(write):
        clock.moment += HOUR
        assert await eventually(office.reminded, 2) == 1


async def test_a_refused_firing_is_recorded_and_not_tried_again(
    office: Office, clock: HandClock
) -> None:
    office.timers = Timers({"task": only_armed}, {"remind": office.remind}, clock)
    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await office.do(CloseTask(task_id=ITEM))
    clock.moment += HOUR
    (row,) = await eventually(lambda: office.timers_in("fired_at is not null"))
    assert (row["error"], row["retry_at"]) == ("refused: task_is_open", None)
    await asyncio.sleep(CHECK_SECONDS)
    assert len(office.fired) == 1


async def test_a_task_that_is_extended_after_its_reminder_is_reminded_of_again(
    office: Office, clock: HandClock
) -> None:
    office.timers = Timers({"task": never_disarmed}, {"remind": office.remind}, clock)
    office.open()
    for n in (1, 2):
        await office.do(ExtendTask(task_id=ITEM, due=clock.moment + HOUR))
        await eventually(lambda: office.timers_in("fired_at is null"))
        clock.moment += HOUR
        await eventually(partial(office.has_fired, n))
        await eventually(lambda: office.timers_in("fired_at is not null"))
    assert await office.reminded() == 2


async def test_a_failing_firing_is_visible_and_tried_again_and_holds_up_no_other(
    office: Office, clock: HandClock
) -> None:
    other = UUID(int=2)
    await office.do(OpenTask(task_id=ITEM, due=NOON))
    await office.do(OpenTask(task_id=other, due=NOON + HOUR))
    clock.moment += HOUR
    office.trouble = [ZeroDivisionError("the printer is out of paper")]
    office.open()
    (row,) = await eventually(lambda: office.timers_in("error is not null"))
    assert row["error"] == "ZeroDivisionError: the printer is out of paper"
    assert row["fired_at"] is None
    assert row["retry_at"] is not None
    await eventually(lambda: office.reminded(other))
    assert await office.reminded() == 0
    await office.store.pool.execute("update feed.timer set retry_at = now()")
    await eventually(office.reminded)


async def test_only_the_rung_that_is_named_is_taken_back(
    office: Office, clock: HandClock
) -> None:
    def ladder(event: Any) -> list[Setting]:
        if isinstance(event, TaskOpened):
            return [Arm(name="remind", due_at=event.due, rung=rung) for rung in "abc"]
        return [Disarm(name="remind", rung="b")]

    office.timers = Timers({"task": ladder}, {"remind": office.remind}, clock)
    office.open()
    await office.do(OpenTask(task_id=ITEM, due=NOON + HOUR))
    await eventually(lambda: office.timers_in("rung = 'b'"))
    await office.do(ExtendTask(task_id=ITEM, due=NOON))
    await eventually(lambda: office.has_none("rung = 'b'"))
    clock.moment += HOUR
    await eventually(lambda: len(office.fired) == 2)
    assert [fired.rung for fired in office.fired] == ["a", "c"]
