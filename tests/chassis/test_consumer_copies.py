"""A consumer whose database came back older than what it told the log does not go on."""

import asyncio

import pytest

from chassis.history import expect_offsets_to_agree, new_epoch
from chassis.past import DivergedError
from tests.support.consuming import NAME, Office, event
from tests.support.logs import KAFKA
from tests.support.service import ServiceDatabase, eventually

OLDER = """
alter table feed.consumer_offset disable trigger set_back;
update feed.consumer_offset set next = 2, last_id = null where topic = '{topic}';
alter table feed.consumer_offset enable trigger set_back;
"""
"""As a restored backup has it: nobody set anything back on purpose."""
SET_BACK = "update feed.consumer_offset set next = 0, last_id = null where topic = $1"
HOLD = "update feed.consumer_offset set paused = $2 where topic = $1"

kafka_only = pytest.mark.parametrize("office", [KAFKA], indirect=True)


async def has_read(office: Office) -> str:
    """Let a consumer read five records, and tell the log that it did; return the topic."""
    topic = await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"{n}") for n in range(5)))

    async def told() -> bool:
        return (await office.home.log.told(NAME)).get((topic, 0), (0, ""))[0] == 5

    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
        await eventually(told)
    return topic


async def agrees(office: Office, epoch: str | None = None) -> bool:
    store = office.process.store
    try:
        await expect_offsets_to_agree(
            store.pool, office.home.log, NAME, epoch or store.epoch
        )
    except DivergedError as error:
        assert "new-epoch" in str(error)  # noqa: PT017 both ends are expected here
        return False
    return True


@kafka_only
async def test_an_older_copy_is_known_until_an_operator_says_that_it_is_true(
    office: Office, service_database: ServiceDatabase
) -> None:
    topic = await has_read(office)
    assert await agrees(office)
    await service_database.owner.execute(OLDER.format(topic=topic))
    assert not await agrees(office)
    assert await agrees(office, await new_epoch(service_database.owner))


@kafka_only
async def test_a_consumer_that_runs_on_an_older_copy_ends_and_says_why(
    office: Office, service_database: ServiceDatabase
) -> None:
    topic = await has_read(office)
    await service_database.owner.execute(OLDER.format(topic=topic))
    past = office.process.store.past
    async with office.consuming(office.viewing(topic)):
        await asyncio.wait_for(past.diverged.wait(), 20)
    assert "new-epoch" in past.why
    assert (await office.offsets(topic))[0]["next"] == 2


@kafka_only
async def test_what_was_set_back_on_purpose_is_no_older_copy(office: Office) -> None:
    topic = await has_read(office)
    await office.fetch(SET_BACK, topic)
    assert await agrees(office)


async def test_what_is_set_back_or_held_elsewhere_is_noticed_though_nothing_comes(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    await office.publish(event(topic, "item", "first"))
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
        await office.fetch("delete from feed.inbox")
        await office.fetch(SET_BACK, topic)
        assert await office.is_applied(2) == ["first", "first"]
        await office.fetch(HOLD, topic, True)
        await asyncio.sleep(3)
        await office.publish(event(topic, "item", "held"))
        await asyncio.sleep(1)
        assert len(await office.seen()) == 2
        await office.fetch(HOLD, topic, False)
        assert (await office.is_applied(3))[2:] == ["held"]
