"""A log that does not continue our story stops the partition: nothing is skipped in silence."""

import asyncio

import pytest

from chassis.consumer.reading import SILENT_SECONDS
from chassis.log import kafka_subscriber
from tests.support.consuming import Office, event
from tests.support.logs import KAFKA, KafkaHome
from tests.support.service import eventually

RESOLVE = """
update feed.consumer_offset set next = $1, last_id = null, gap = null
where topic = $2 and partition = $3
"""
ELSEWHERE = "update feed.consumer_offset set next = next + 1000 where topic = $1"

kafka_only = pytest.mark.parametrize("office", [KAFKA], indirect=True)


async def gap_in(office: Office, topic: str, partition: int = 0) -> str:
    """Wait until the partition stands still as a gap; return how it is described."""

    async def stands_still() -> str | None:
        row = (await office.offsets(topic)).get(partition)
        return row["gap"] if row else None

    return str(await eventually(stands_still, within=40))


async def recreate(office: Office, topic: str, *values: str) -> None:
    await office.home.delete(topic)
    await office.home.topic(1, topic)
    await office.publish(*(event(topic, "item", value) for value in values))


@pytest.mark.parametrize("records", [0, 2, 9], ids="{} records".format)
async def test_a_topic_recreated_while_nobody_looked_is_a_gap_until_it_is_resolved(
    office: Office, records: int
) -> None:
    topic, other = await office.home.topic(1), await office.home.topic(1)
    subscriptions = office.viewing(topic), office.viewing(other)
    told = [event(topic, "item", f"old {n}") for n in range(5)]
    await office.publish(*told)
    async with office.consuming(*subscriptions):
        await office.is_at_the_end(topic)
    await recreate(office, topic, *(f"new {n}" for n in range(records)))
    async with office.consuming(*subscriptions) as consumer:
        before = (await gap_in(office, topic)), (await office.offsets(topic))[0]["next"]
        assert "recreated" in before[0]
        await office.publish(event(other, "item", "flows"), event(topic, "item", "waits"))
        assert (await office.is_applied(6))[5:] == ["flows"]
        await office.publish(*told[:2])  # what the source sends again is dropped
        await asyncio.sleep(0.3)
        row = (await office.offsets(topic))[0]
        assert (row["gap"], row["next"]) == before
        await office.fetch(RESOLVE, 0, topic, 0)
        await consumer.resumed()
        seen = await office.is_applied(6 + records + 1)
        assert seen[6:] == [*(f"new {n}" for n in range(records)), "waits"]
        await office.is_at_the_end(topic)
    assert len(await office.seen()) == 6 + records + 1
    assert not await office.parked()


@pytest.mark.parametrize("records", [2, 9], ids="{} records".format)
async def test_a_topic_recreated_under_a_running_consumer_is_a_gap(
    office: Office, records: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_subscriber, "METADATA_SECONDS", 1.0)
    topic, other = await office.home.topic(1), await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"old {n}") for n in range(5)))
    async with office.consuming(office.viewing(topic), office.viewing(other)) as consumer:
        await office.is_at_the_end(topic)
        await asyncio.sleep(SILENT_SECONDS)  # nobody makes a topic again in less
        await recreate(office, topic, *(f"new {n}" for n in range(records)))
        assert "recreated" in await gap_in(office, topic)
        await office.publish(event(other, "item", "flows"))
        assert "flows" in await office.is_applied(6)
        await office.fetch(RESOLVE, 0, topic, 0)
        await consumer.resumed()
        seen = await office.is_applied(6 + records)
        assert [v for v in seen if "new" in v] == [f"new {n}" for n in range(records)]


async def test_an_offset_beyond_the_log_is_a_gap_and_outlives_a_restart(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"{n}") for n in range(5)))
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
    await office.fetch(ELSEWHERE, topic)
    for _ in range(2):
        async with office.consuming(office.viewing(topic)):
            assert "the log ends at" in await gap_in(office, topic)
            await office.publish(event(topic, "item", "not to be skipped"))
            await asyncio.sleep(0.3)
    assert len(await office.seen()) == 5
    await office.fetch(RESOLVE, 0, topic, 0)
    async with office.consuming(office.viewing(topic)):
        assert (await office.is_applied(7))[5:] == ["not to be skipped"] * 2


@kafka_only
async def test_records_that_expired_before_they_were_read_are_a_gap(office: Office) -> None:
    assert isinstance(office.home, KafkaHome)
    topic = await office.home.topic(2)
    lost, kept = "21", "abc"  # one in each partition
    await office.publish(event(topic, lost, "lost 0"), event(topic, kept, "kept 0"))
    async with office.consuming(office.viewing(topic)):
        await office.is_applied(2)
    await office.publish(*(event(topic, lost, f"lost {n}") for n in range(1, 6)))
    partition = next(
        p for (_, p), end in (await office.home.log.ends([topic])).items() if end == 6
    )
    await office.home.expire((topic, partition), 3)
    async with office.consuming(office.viewing(topic)) as consumer:
        assert (
            await gap_in(office, topic, partition) == "records 1 to 2 are gone from the log"
        )
        await office.publish(event(topic, kept, "kept 1"))
        assert (await office.is_applied(3))[2:] == ["kept 1"]
        await office.fetch(RESOLVE, 3, topic, partition)
        await consumer.resumed()
        assert (await office.is_applied(6))[3:] == ["lost 3", "lost 4", "lost 5"]


@kafka_only
async def test_records_that_expired_after_they_were_read_are_no_gap(office: Office) -> None:
    assert isinstance(office.home, KafkaHome)
    topic = await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"{n}") for n in range(5)))
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
    await office.home.expire((topic, 0), 5)
    await office.publish(event(topic, "item", "5"))
    async with office.consuming(office.viewing(topic)):
        assert await office.is_applied(6) == [f"{n}" for n in range(6)]


@kafka_only
async def test_a_newcomer_starts_at_the_first_record_that_is_kept(office: Office) -> None:
    assert isinstance(office.home, KafkaHome)
    topic = await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"{n}") for n in range(5)))
    await office.home.expire((topic, 0), 3)
    async with office.consuming(office.viewing(topic)):
        assert await office.is_applied(2) == ["3", "4"]
