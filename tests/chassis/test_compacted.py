"""Compacted topics: the last record of a key is all that stays, so none may come too late."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.consumer import Subscription, view
from chassis.log import Record
from chassis.log.kafka import KafkaLog
from chassis.public import Envelope
from chassis.rows import Rows
from tests.support.consuming import Office, event, headers_of, office_in
from tests.support.logs import EMBEDDED, KAFKA, LogHome, Member, new_group
from tests.support.service import Process, ServiceDatabase

kafka_only = pytest.mark.parametrize("home", [KAFKA], indirect=True)
embedded_only = pytest.mark.parametrize("home", [EMBEDDED], indirect=True)


@pytest.fixture
async def office(
    home: LogHome, service_database: ServiceDatabase, process: Process
) -> AsyncIterator[Office]:
    async with office_in(home, service_database, process) as office:
        yield office


def record(topic: str, value: str, key: bytes = b"item") -> Record:
    return Record(topic=topic, key=key, value=value.encode())


async def values(home: LogHome, topic: str, number: int) -> list[bytes | None]:
    """Return the values of *topic*, once there are so many and none more come."""
    async with Member(home.log).of(new_group(), topic) as member:
        return [found.value for found in await member.count(number)]


async def publish(home: LogHome, *records: Record) -> None:
    """Publish as a relay of compacted topics does."""
    producer = await home.log.producer(new_group(), fencing=True)
    try:
        await producer.publish(records)
    finally:
        await producer.close()


async def test_an_earlier_producer_of_a_name_publishes_nothing_any_more(
    home: LogHome,
) -> None:
    topic, name = await home.topic(1, compacted=True), new_group()
    old = await home.log.producer(name, fencing=True)
    await old.publish([record(topic, "1"), record(topic, "2")])
    new = await home.log.producer(name, fencing=True)
    await new.publish([record(topic, "3")])
    with pytest.raises(Exception, match=r"(?i)fenced|" + name):
        await old.publish([record(topic, "stale")])
    await new.publish([])
    await new.publish([record(topic, "4")])
    await asyncio.gather(old.close(), new.close())
    assert await values(home, topic, 4) == [b"1", b"2", b"3", b"4"]


async def test_a_producer_of_another_name_is_left_alone(home: LogHome) -> None:
    topic = await home.topic(1, compacted=True)
    one, other = [await home.log.producer(new_group(), fencing=True) for _ in range(2)]
    for n, producer in enumerate((one, other, one)):
        await producer.publish([record(topic, str(n))])
    await asyncio.gather(one.close(), other.close())
    assert await values(home, topic, 3) == [b"0", b"1", b"2"]


@kafka_only
async def test_what_a_fenced_producer_left_unfinished_is_never_read(home: LogHome) -> None:
    assert isinstance(home.log, KafkaLog)
    topic, name = await home.topic(1, compacted=True), new_group()
    old = await home.log.producer(name, fencing=True)
    await old._producer.begin_transaction()  # noqa: SLF001 a process that stopped half-way
    await (await old._producer.send(topic, b"half", key=b"item"))  # noqa: SLF001
    new = await home.log.producer(name, fencing=True)
    await new.publish([record(topic, "whole")])
    assert await values(home, topic, 1) == [b"whole"]
    await asyncio.gather(old.close(), new.close())


async def test_the_last_record_is_found_behind_what_is_no_record(home: LogHome) -> None:
    topic, empty = await home.topic(1, compacted=True), await home.topic(1, compacted=True)
    for n in range(3):
        await publish(home, record(topic, str(n)))
    found = await home.log.lasts([topic, empty])
    assert [(last.topic, last.value) for last in found] == [(topic, b"2")]


def keeping(office: Office, topic: str) -> Subscription:
    """Subscribe the table to a compacted topic; an empty value is entered as such."""

    async def note(message: Any, envelope: Envelope, rows: Rows) -> None:
        told = message or StringValue(value="nothing any more")
        await office.note(told, envelope, rows)

    return view(topic, {StringValue: note}, compacted=True)


def tombstone(topic: str, key: str) -> Record:
    name = StringValue.DESCRIPTOR.full_name
    return Record(topic=topic, key=key.encode(), value=None, headers=headers_of(name, key))


async def test_an_empty_value_reaches_the_view_and_a_plain_topic_parks_it(
    home: LogHome, office: Office
) -> None:
    topic, plain = await home.topic(1, compacted=True), await home.topic(1)
    await publish(home, event(topic, "item", "there"), tombstone(topic, "item"))
    await office.publish(tombstone(plain, "item"))
    async with office.consuming(keeping(office, topic), office.viewing(plain)):
        assert await office.is_applied(2) == ["there", "nothing any more"]
        await office.is_at_the_end(topic)
        await office.is_at_the_end(plain)
    assert [row["topic"] for row in await office.parked()] == [plain]


async def test_a_consumer_of_a_compacted_topic_gets_to_its_end_and_goes_on_from_there(
    home: LogHome, office: Office
) -> None:
    topic = await home.topic(1, compacted=True)
    for n in range(3):
        await publish(home, event(topic, "item", f"{n}"))
    async with office.consuming(keeping(office, topic)):
        await office.is_at_the_end(topic)  # behind the markers of transactions, too
        await publish(home, event(topic, "item", "3"))
        await office.is_at_the_end(topic)
    for n in (4, 5):
        async with office.consuming(keeping(office, topic)):
            await publish(home, event(topic, "item", f"{n}"))
            await office.is_applied(n + 1)
    assert await office.seen() == [f"{n}" for n in range(6)]
    assert (await office.offsets(topic))[0]["gap"] is None


async def test_a_view_that_was_emptied_is_filled_again_from_the_beginning(
    home: LogHome, office: Office
) -> None:
    topic = await home.topic(1, compacted=True)
    await publish(home, event(topic, "one", "1"), event(topic, "two", "2"))
    async with office.consuming(keeping(office, topic)):
        await office.is_applied(2)
    await office.fetch("truncate seen")
    await office.fetch("delete from feed.consumer_offset where topic = $1", topic)
    async with office.consuming(keeping(office, topic)):
        assert await office.is_applied(2) == ["1", "2"]


@pytest.mark.parametrize("records", [0, 1, 9], ids="{} records".format)
async def test_a_compacted_topic_made_anew_is_read_anew_and_is_no_gap(
    home: LogHome, office: Office, records: int
) -> None:
    topic = await home.topic(1, compacted=True)
    for n in range(3):
        await publish(home, event(topic, "item", f"old {n}"))
    async with office.consuming(keeping(office, topic)):
        await office.is_at_the_end(topic)
    await home.delete(topic)
    await home.topic(1, topic, compacted=True)
    new = [event(topic, "item", f"new {n}") for n in range(records)]
    await publish(home, *new)
    async with office.consuming(keeping(office, topic)):
        await publish(home, event(topic, "item", "later"))
        seen = await office.is_applied(3 + records + 1)
        assert seen[3:] == [*(f"new {n}" for n in range(records)), "later"]
        assert (await office.offsets(topic))[0]["gap"] is None
