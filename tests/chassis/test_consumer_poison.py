"""What cannot be handled waits behind its key until an operator decides; the rest flows."""

from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.log import Record
from chassis.parked import NothingParkedError
from tests.support.consuming import Office, event, retried
from tests.support.logs import EMBEDDED

embedded_only = pytest.mark.parametrize("office", [EMBEDDED], indirect=True)
Spoil = Callable[[Record], Record]


def header(**changed: str | None) -> Spoil:
    """Return what spoils a record by changing or dropping headers."""

    def spoil(record: Record) -> Record:
        left = {**record.headers, **changed}
        return replace(record, headers={n: v for n, v in left.items() if v is not None})

    return spoil


LONG = token_hex(50_000)  # random: an index would compress a plain one
POISONS: dict[str, Spoil] = {
    "bad protobuf": lambda record: replace(record, value=b"\xff\xff\xff"),
    "text that is no UTF-8": lambda record: replace(record, value=b"\x0a\x02\xc3\x28"),
    "null value": lambda record: replace(record, value=None),
    "no headers": lambda record: replace(record, headers={}),
    "missing id": header(ce_id=None),
    "missing source": header(ce_source=None),
    "missing type": header(ce_type=None),
    "unknown classification": header(ce_dataclassification="secret"),
    "future CloudEvents": header(ce_specversion="2.0"),
    "a time that is none": header(ce_time="yesterday"),
    "a time without offset": header(ce_time="2025-04-25T12:00:00"),
    "a sequence that is none": header(ce_sequence="first"),
    "a correlation that is none": header(ce_correlationid="42"),
    "an id longer than an index holds": header(ce_id=LONG),
    "a handler that raises": lambda record: replace(
        record, value=StringValue(value="boom").SerializeToString()
    ),
}


async def test_poison_of_every_kind_stops_its_key_never_its_partition(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    produced = [event(topic, "healthy", "first")]
    for name, spoil in POISONS.items():
        produced += [event(topic, name, f"{name} before"), spoil(event(topic, name, ""))]
        produced += [event(topic, name, f"{name} behind {n}") for n in range(2)]
        produced += [event(topic, "healthy", f"after {name}")]
    await office.publish(*produced)
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
        seen, parked = await office.seen(), await office.parked()
        befores = [f"{name} before" for name in POISONS]
        healthy = ["first", *(f"after {name}" for name in POISONS)]
        assert [value for value in seen if value in befores] == befores
        assert [value for value in seen if value not in befores] == healthy
        assert len(seen) + len(parked) == len(produced)
        for name in POISONS:
            own = [row for row in parked if row["key"] == name.encode()]
            assert [row["offset"] for row in own] == sorted(row["offset"] for row in own)
            assert [row["error"] for row in own[1:]] == [
                "an earlier record of its key waits"
            ] * 2
    async with office.consuming(office.viewing(topic)):  # nothing looks like a gap now
        await office.publish(event(topic, "healthy", "last"))
        await office.is_at_the_end(topic)
    assert (await office.seen())[-1] == "last"


async def test_poison_as_the_last_record_before_a_restart_is_no_gap(office: Office) -> None:
    topic = await office.home.topic(1)
    for name in ("missing id", "null value", "no headers"):
        await office.publish(POISONS[name](event(topic, name, "")))
        async with office.consuming(office.viewing(topic)):
            await office.is_at_the_end(topic)
    async with office.consuming(office.viewing(topic)):
        await office.publish(event(topic, "healthy", "goes on"))
        await office.is_applied(1)
    assert (await office.offsets(topic))[0]["gap"] is None


@embedded_only
async def test_a_retry_lets_a_key_flow_again_in_its_order(office: Office) -> None:
    topic = await office.home.topic(2)
    keys = ("item-1", "item-2")
    async with office.consuming(office.viewing(topic)) as consumer:
        for key in keys:
            await office.publish(event(topic, key, f"boom {key}"))
            await office.publish(*(event(topic, key, f"{key} {n}") for n in range(3)))
        await office.is_at_the_end(topic)
        first = (await office.parked())[0]
        with pytest.raises(ZeroDivisionError):
            await retried(consumer, first["parked_id"])
        assert len(await office.parked()) == 8
        office.fails = False
        key = first["key"].decode()
        last_of_its_key = [r for r in await office.parked() if r["key"] == first["key"]][-1]
        assert await retried(consumer, last_of_its_key["parked_id"]) == 4
        expected = [f"boom {key}", *(f"{key} {n}" for n in range(3))]
        assert await office.seen() == expected
        assert {row["key"] for row in await office.parked()} == {
            k.encode() for k in keys if k != key
        }
        await office.publish(event(topic, key, "flows"))
        assert await office.is_applied(5) == [*expected, "flows"]


@embedded_only
async def test_an_edited_record_is_handled_as_edited(office: Office) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)) as consumer:
        bad = POISONS["bad protobuf"](event(topic, "item", ""))
        await office.publish(bad, event(topic, "item", "behind"))
        await office.is_at_the_end(topic)
        parked_id = (await office.parked())[0]["parked_id"]
        with pytest.raises(Exception, match="not a google"):
            await retried(consumer, parked_id)
        mended = StringValue(value="mended").SerializeToString()
        await consumer.parked.edit(parked_id, mended)
        assert await retried(consumer, parked_id) == 2
        assert await office.seen() == ["mended", "behind"]
        for gone in (consumer.parked.skip(parked_id), retried(consumer, parked_id)):
            with pytest.raises(NothingParkedError):
                await gone


@embedded_only
async def test_skipping_what_waits_lets_the_key_flow(office: Office) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(event(topic, "item", "boom"), event(topic, "item", "behind"))
        await office.is_at_the_end(topic)
        poison, behind = await office.parked()
        await consumer.parked.skip(poison["parked_id"])
        await office.publish(event(topic, "item", "still waits"))
        await office.is_at_the_end(topic)
        assert await office.seen() == []
        assert await retried(consumer, behind["parked_id"]) == 2
        await office.publish(event(topic, "item", "flows"))
        assert await office.is_applied(3) == ["behind", "still waits", "flows"]


@embedded_only
async def test_a_record_that_arrives_while_its_key_is_retried_flows_with_it(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(event(topic, "item", "boom"))
        await office.is_at_the_end(topic)
        poison = (await office.parked())[0]
        office.fails = False
        original = consumer.handle_parked

        async def slowly(waiting: Any) -> None:
            await original(waiting)
            if waiting.offset == poison["offset"]:
                await office.publish(event(topic, "item", "meanwhile"))
                await office.is_at_the_end(topic)

        consumer.handle_parked = slowly  # type: ignore[method-assign] # to be in time
        assert await retried(consumer, poison["parked_id"]) == 2
        assert await office.seen() == ["boom", "meanwhile"]
        assert not await office.fetch("select from feed.parked_key")


@embedded_only
async def test_repeats_of_what_was_handled_do_not_wait_behind_a_parked_key(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    told = [event(topic, "item", f"{n}") for n in range(3)]
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(*told, event(topic, "item", "boom"))
        await office.is_at_the_end(topic)
        await office.database.owner.execute(
            "update feed.consumer_offset set next = 0, last_id = null"
        )
        await consumer.resumed()
        await office.publish(*told)
        await office.is_at_the_end(topic)
        assert len(await office.parked()) == 1
    assert await office.seen() == ["0", "1", "2"]


async def test_a_command_handler_that_raises_parks_its_item(office: Office) -> None:
    topic = await office.home.topic(1)
    await office.publish(event(topic, "item", "no UUID"), event(topic, "item", "behind it"))
    async with office.consuming(office.commanding(topic)):
        await office.is_at_the_end(topic)
    assert ["ValueError" in row["error"] for row in await office.parked()] == [True, False]


@embedded_only
async def test_a_key_longer_than_an_index_holds_is_parked_like_any_other(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    key = LONG
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(event(topic, key, "boom"), event(topic, key, "behind"))
        await office.publish(event(topic, "healthy", "flows"))
        await office.is_at_the_end(topic)
        assert await office.seen() == ["flows"]
        office.fails = False
        assert await retried(consumer, (await office.parked())[1]["parked_id"]) == 2
        await office.publish(event(topic, key, "after"))
        assert await office.is_applied(4) == ["flows", "boom", "behind", "after"]
