"""A consumer applies each public event once, in order per item, whatever is sent again."""

from dataclasses import replace
from uuid import uuid4

import pytest
from google.protobuf.wrappers_pb2 import BytesValue

from chassis.consumer import Consumer
from tests.support.consuming import NAME, Office, event
from tests.support.samples import COUNTER
from tests.support.service import eventually

REWIND = "update feed.consumer_offset set next = 0, last_id = null"
PAUSE = "update feed.consumer_offset set paused = $1 where partition = $2"


async def test_a_message_becomes_a_command_once(office: Office) -> None:
    topic = await office.home.topic(3)
    counters = [uuid4() for _ in range(10)]
    sent = [event(topic, str(c), str(c)) for c in counters for _ in range(3)]
    await office.publish(*sent)
    async with office.consuming(office.commanding(topic)):
        await office.is_at_the_end(topic)
    for counter in counters:
        item = await office.process.store.read(COUNTER, counter)
        assert (item.state.total, item.version) == (3, 3)
    metas = await office.fetch(
        "select convert_from(meta, 'UTF8')::jsonb as m from store.event"
    )
    causes = {(r.headers["ce_id"], r.headers["ce_correlationid"]) for r in sent}
    found = await office.fetch(
        "select m->>'causation_id' as cause, m->>'correlation_id' as story, m->>'actor' as actor "
        "from (select convert_from(meta, 'UTF8')::jsonb as m from store.event) e"
    )
    assert len(metas) == 30
    assert {(row["cause"], row["story"]) for row in found} == causes
    assert {row["actor"] for row in found} == {"system:tests"}


async def test_messages_are_applied_to_a_view_once_in_order_per_item(
    office: Office,
) -> None:
    topic = await office.home.topic(3)
    keys = [f"item-{n}" for n in range(7)]
    await office.publish(
        *(event(topic, k, f"{k} {n:03}") for n in range(100) for k in keys)
    )
    async with office.consuming(office.viewing(topic)):
        await office.is_applied(700)
        await office.is_at_the_end(topic)
    seen = await office.seen()
    for key in keys:
        own = [value for value in seen if value.startswith(key)]
        assert own == [f"{key} {n:03}" for n in range(100)]
    assert len(seen) == 700


async def test_what_is_delivered_again_changes_nothing(office: Office) -> None:
    topic = await office.home.topic(2)
    other = await office.home.topic(2)
    counters = [str(uuid4()) for _ in range(10)]
    told = [event(topic, f"item-{n % 4}", f"{n:03}") for n in range(50)]
    asked = [event(other, counter, counter) for counter in counters]
    subscriptions = office.viewing(topic), office.commanding(other)
    await office.publish(*told, *told[:5], *asked, *asked)
    async with office.consuming(*subscriptions):
        await office.is_at_the_end(topic)
        await office.is_at_the_end(other)
    for again in (REWIND, None):
        await office.database.owner.execute(again) if again else await office.publish(
            *told, *asked
        )
        async with office.consuming(*subscriptions):
            await office.is_at_the_end(topic)
            await office.is_at_the_end(other)
    assert sorted(await office.seen()) == [f"{n:03}" for n in range(50)]
    assert len(await office.fetch("select from store.event")) == len(counters)
    assert not await office.parked()


async def test_an_offset_rewound_under_a_running_consumer_skips_nothing(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"{n:03}") for n in range(20)))
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.is_applied(20)
        await office.database.owner.execute("delete from seen")
        await office.database.owner.execute("delete from feed.inbox")  # as if never had
        await office.database.owner.execute(REWIND)
        await consumer.resumed()
        await office.publish(*(event(topic, "item", f"{n:03}") for n in range(20, 25)))
        await office.is_applied(25)
    assert await office.seen() == [f"{n:03}" for n in range(25)]


async def test_messages_that_nobody_subscribed_to_pass_by(office: Office) -> None:
    topic = await office.home.topic(1)
    bytes_value = BytesValue.DESCRIPTOR.full_name
    await office.publish(
        event(topic, "item", "first"),
        replace(event(topic, "item", "", ce_type=bytes_value), value=b"\xff\xff"),
        event(topic, "item", "last"),
    )
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
    assert await office.seen() == ["first", "last"]
    assert not await office.parked()


async def test_a_refusal_is_recorded_and_the_item_goes_on(office: Office) -> None:
    topic = await office.home.topic(1)
    full, fine = str(uuid4()), str(uuid4())
    await office.publish(
        *(event(topic, full, full) for _ in range(12)), event(topic, full, fine)
    )
    async with office.consuming(office.commanding(topic)):
        await office.is_at_the_end(topic)
    refused = await office.fetch("select * from feed.reaction_refused")
    assert {(row["reaction"], row["rule"]) for row in refused} == {
        ("google.protobuf.StringValue", "counter_has_a_limit")
    }
    assert len(refused) == 2
    assert len(await office.fetch("select from store.event")) == 11
    assert not await office.parked()


async def test_a_pause_outlives_a_restart_and_ends_when_it_is_lifted(
    office: Office,
) -> None:
    topic = await office.home.topic(2)
    paused, flowing = "21", "abc"  # one in each partition
    await office.publish(
        event(topic, paused, "paused 0"), event(topic, flowing, "flowing 0")
    )
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.is_applied(2)
        place = await _partition_of(office, "paused 0", topic)
        await office.fetch(PAUSE, True, place)
        await consumer.resumed()
        await office.publish(
            event(topic, paused, "paused 1"), event(topic, flowing, "flowing 1")
        )
        await office.is_applied(3)
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(
            event(topic, paused, "paused 2"), event(topic, flowing, "flowing 2")
        )
        assert "paused 1" not in await office.is_applied(4)
        await office.fetch(PAUSE, False, place)
        await consumer.resumed()
        assert (await office.is_applied(6))[4:] == ["paused 1", "paused 2"]


async def test_a_pause_holds_back_even_a_consumer_that_nobody_told(office: Office) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)):
        await office.publish(event(topic, "item", "before"))
        await office.is_applied(1)
        await office.fetch(PAUSE, True, 0)
        await office.publish(event(topic, "item", "after"))
        await _quiet(office)
    assert await office.seen() == ["before"]


async def _quiet(office: Office) -> None:
    with pytest.raises(AssertionError):
        await office.is_applied(len(await office.seen()) + 1, within=1)


async def _partition_of(office: Office, value: str, topic: str) -> int:
    """Return the partition whose last applied record says *value*."""
    ids = {
        row["id"]: row["value"] for row in await office.fetch("select id, value from seen")
    }

    async def found() -> int | None:
        for partition, row in (await office.offsets(topic)).items():
            if ids.get(row["last_id"]) == value:
                return partition + 1
        return None

    return int(await eventually(found)) - 1


async def test_every_consumer_has_an_inbox_of_its_own(office: Office) -> None:
    topic = await office.home.topic(1)
    await office.publish(event(topic, "item", "told"))
    async with office.consuming(office.viewing(topic)):
        await office.is_applied(1)
    other = Consumer(
        name=f"{NAME}.other",
        service="tests",
        subscriptions=[office.viewing(topic)],
        log=office.home.log,
        store=office.process.store,
        engine=office.process.feed.engine,
        clock=office.clock,
    )
    office.process.run(other.run())
    assert await office.is_applied(2) == ["told", "told"]
