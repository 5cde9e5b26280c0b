"""Kafka takes records in batches of bounded size; whoever publishes need not know."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from chassis.log import Record
from chassis.log.kafka_producer import MAX_BATCH_BYTES, MAX_RECORD_BYTES
from tests.support.logs import KAFKA, LogHome, Member, by_key, log_home, new_group, publish


@pytest.fixture(params=[KAFKA])
async def home(request: pytest.FixtureRequest) -> AsyncIterator[LogHome]:
    async with log_home(request) as home:
        yield home


@pytest.mark.parametrize("compacted", [False, True])
async def test_records_of_a_key_stay_in_order_over_several_batches(
    home: LogHome, *, compacted: bool
) -> None:
    topic = await home.topic(2, compacted=compacted)
    keys = [str(uuid4()).encode() for _ in range(4)]
    values = [b"%05d" % n + bytes(10_000) for n in range(60)]
    sent = [Record(topic=topic, key=key, value=value) for value in values for key in keys]
    assert sum(map(len, values)) > MAX_BATCH_BYTES * 2
    producer = await home.log.producer(new_group(), fencing=compacted)
    await producer.publish(sent)
    await producer.close()
    async with Member(home.log).of(new_group(), topic) as member:
        read = await member.count(len(sent))
        await member.quiet()
    assert by_key(read) == dict.fromkeys(keys, values)


async def test_one_call_publishes_to_several_topics(home: LogHome) -> None:
    topics = [await home.topic(1), await home.topic(3)]
    keys = [str(uuid4()).encode() for _ in range(9)]
    sent = [Record(topic=topic, key=key, value=b"told") for key in keys for topic in topics]
    await publish(home.log, sent)
    async with Member(home.log).of(new_group(), *topics) as member:
        read = await member.count(len(sent))
    assert {(r.topic, r.key) for r in read} == {(r.topic, r.key) for r in sent}


async def test_a_record_may_be_larger_than_a_batch(home: LogHome) -> None:
    topic, key = await home.topic(1), b"one"
    values = [b"before", bytes(MAX_BATCH_BYTES * 3), b"behind"]
    await publish(home.log, [Record(topic=topic, key=key, value=v) for v in values])
    async with Member(home.log).of(new_group(), topic) as member:
        read = await member.count(len(values))
    assert [record.value for record in read] == values


async def test_a_record_that_is_too_large_is_refused_and_nothing_passes_it(
    home: LogHome,
) -> None:
    topic, key = await home.topic(1), b"one"
    values = [b"before", bytes(MAX_RECORD_BYTES), b"behind"]
    producer = await home.log.producer("tests")
    with pytest.raises(MessageSizeTooLargeError):
        await producer.publish([Record(topic=topic, key=key, value=v) for v in values])
    await producer.close()
    await publish(home.log, [Record(topic=topic, key=key, value=b"afterwards")])
    async with Member(home.log).of(new_group(), topic) as member:
        await member.until(lambda: any(r.value == b"afterwards" for r in member.read))
    assert b"behind" not in [record.value for record in member.read]
