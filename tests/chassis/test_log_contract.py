"""What both logs promise, each test once on the embedded log and once on Kafka."""

import asyncio
from itertools import pairwise
from uuid import uuid4

import pytest

from chassis.log import Record, Topic
from tests.support.logs import (
    KAFKA,
    KafkaHome,
    LogHome,
    Member,
    by_key,
    publish,
    records,
)

JAVA_MURMUR2 = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}
"""What Apache Kafka's own client is tested to compute."""


async def test_records_of_a_key_are_read_in_the_order_they_were_published(
    home: LogHome, group: str
) -> None:
    topic = await home.topic()
    keys = [str(uuid4()).encode() for _ in range(20)]
    sent = records(topic, keys, 50)
    producer = await home.log.producer("tests")
    for start in range(0, len(sent), 90):
        await producer.publish(sent[start : start + 90])
    await producer.close()
    async with Member(home.log).of(group, topic) as member:
        read = await member.count(len(sent))
    expected = [f"{n:05}".encode() for n in range(50)]
    assert by_key(read) == dict.fromkeys(keys, expected)
    assert len({(record.key, record.place) for record in read}) == len(keys)


async def test_a_key_lands_where_every_kafka_client_looks_for_it(
    home: LogHome, group: str
) -> None:
    topic = await home.topic()
    await publish(home.log, [Record(topic=topic, key=k, value=b"") for k in JAVA_MURMUR2])
    async with Member(home.log).of(group, topic) as member:
        read = await member.count(len(JAVA_MURMUR2))
    assert {record.key: record.partition for record in read} == {
        key: (hashed & 0x7FFFFFFF) % 12 for key, hashed in JAVA_MURMUR2.items()
    }


async def test_a_record_is_read_as_it_was_published(home: LogHome, group: str) -> None:
    topic = await home.topic(1)
    sent = [
        Record(topic=topic, key=b"plain", value=b"value", headers={"ce_id": "1", "a": "b"}),
        Record(topic=topic, key=b"no headers", value=b"value"),
        Record(topic=topic, key=b"nothing in it", value=b"", headers={"empty": ""}),
        Record(topic=topic, key=b"tombstone", value=None, headers={"ce_id": "2"}),
        Record(topic=topic, key=bytes(range(256)), value=bytes(range(256)) * 100),
        Record(topic=topic, key=b"", value=b"no key", headers={"姓名": "枢纽 \\ \"'\n"}),
    ]
    await publish(home.log, sent)
    async with Member(home.log).of(group, topic) as member:
        read = await member.count(len(sent))
    plain = [
        Record(topic=r.topic, key=r.key, value=r.value, headers=r.headers) for r in read
    ]
    assert plain == sent
    assert all(a.offset < b.offset for a, b in pairwise(read))


async def test_publishing_nothing_is_nothing(home: LogHome) -> None:
    topic = await home.topic(1)
    await publish(home.log, [])
    assert await home.log.ends([topic]) == {(topic, 0): 0}


async def test_after_a_seek_reading_goes_on_from_there(home: LogHome, group: str) -> None:
    topic = await home.topic(1)
    await publish(home.log, records(topic, [b"k"], 10))
    async with Member(home.log).of(group, topic) as member:
        read = list(await member.count(10))
        await member.subscriber.seek((topic, 0), read[4].offset)
        assert (await member.count(16))[10:] == read[4:]
        await member.subscriber.seek((topic, 0), read[8].offset)
        assert (await member.count(18))[16:] == read[8:]
        await publish(home.log, records(topic, [b"k"], 1))
        await member.count(19)


async def test_a_paused_place_is_not_read_until_a_seek(home: LogHome, group: str) -> None:
    topic = await home.topic(2)
    keys = [b"21", b"abc"]  # one in each partition
    async with Member(home.log).of(group, topic) as member:
        await member.until(lambda: member.taken)
        await publish(home.log, records(topic, keys, 5))
        read = list(await member.count(10))
        paused = read[0].place
        await member.subscriber.pause(paused)
        await publish(home.log, records(topic, keys, 5))
        await member.until(lambda: len(member.read) == 15)
        await member.quiet()
        assert paused not in {record.place for record in member.read[10:]}
        mine = [record.offset for record in read if record.place == paused]
        await member.subscriber.seek(paused, mine[-1] + 1)
        assert {record.place for record in (await member.count(20))[15:]} == {paused}


async def test_records_are_found_at_their_offsets_in_one_go(
    home: LogHome, group: str
) -> None:
    topic, other, empty = await home.topic(2), await home.topic(1), await home.topic(1)
    async with Member(home.log).of(group, topic, other) as member:
        await publish(home.log, records(topic, [b"21", b"abc"], 3))
        await publish(home.log, records(other, [b"k"], 1))
        read = await member.count(7)
        last = {record.place: record for record in read}
        ask = member.subscriber.at
        assert await ask({p: r.offset for p, r in last.items()}) == last
        assert await ask({read[0].place: read[0].offset}) == {read[0].place: read[0]}
        beyond = {(other, 0): last[other, 0].offset + 1, (empty, 0): 0}
        assert await ask(beyond) == {}
        assert await ask({}) == {}


@pytest.mark.parametrize("home", [KAFKA], indirect=True)
async def test_what_has_expired_is_not_found_and_hides_nothing_else(
    home: KafkaHome, group: str
) -> None:
    topic = await home.topic(2)
    async with Member(home.log).of(group, topic) as member:
        await publish(home.log, records(topic, [b"21", b"abc"], 3))
        last = {record.place: record for record in await member.count(6)}
        gone, kept = last
        await home.expire(gone, last[gone].offset + 1)
        for _ in range(5):  # whichever the log answers first
            found = await member.subscriber.at({p: r.offset for p, r in last.items()})
            assert found == {kept: last[kept]}


async def test_bounds_and_ends_say_what_is_kept_and_what_comes_next(
    home: LogHome, group: str
) -> None:
    topic, other = await home.topic(2), await home.topic(1)
    async with Member(home.log).of(group, topic) as member:
        await member.until(lambda: member.taken)
        assert await member.subscriber.bounds((topic, 0)) == (0, 0)
        await publish(home.log, records(topic, [b"21", b"abc"], 3))
        read = await member.count(6)
        last = {record.place: record.offset for record in read}
        for place in ((topic, 0), (topic, 1)):
            assert await member.subscriber.bounds(place) == (0, last[place] + 1)
    ends = await home.log.ends([topic, other])
    assert ends == {place: offset + 1 for place, offset in last.items()} | {(other, 0): 0}
    assert await home.log.ends([f"public.tests.{uuid4().hex}.v1"]) == {}


async def test_the_record_before_an_offset_can_be_read_again(
    home: LogHome, group: str
) -> None:
    topic = await home.topic(2)
    keys = [b"21", b"abc"]
    await publish(home.log, records(topic, keys, 3))
    async with Member(home.log).of(group, topic) as member:
        read = await member.count(6)
        own = [record for record in read if record.partition == 0]
        before = member.subscriber.before
        assert await before((topic, 0), own[0].offset) is None
        assert await before((topic, 0), own[1].offset) == own[0]
        assert await before((topic, 0), own[2].offset + 1) == own[2]


async def test_creating_a_topic_twice_changes_nothing(home: LogHome) -> None:
    name = await home.topic(3)
    await publish(home.log, [Record(topic=name, key=b"k", value=b"v")])
    before = await home.log.ends([name])
    fresh = f"public.tests.{uuid4().hex}.v1"
    both = [Topic(name, 3), Topic(fresh, 2)]
    await asyncio.gather(home.log.create(both), home.log.create(both))
    await home.log.create(both)
    assert await home.log.ends([name]) == before
    assert len(await home.log.ends([name])) == 3
