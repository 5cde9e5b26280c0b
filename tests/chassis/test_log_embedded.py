"""What the embedded log promises beyond the contract: readers never pass over a slow publisher."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest

from chassis.database import RETRIED, connect
from chassis.log import Record
from tests.support.logs import EmbeddedHome, Member, embedded_home, publish, records
from tests.support.postgres import Postgres

STALLED, FLOWING = b"21", b"abc"  # of two partitions, one in each
PUBLISH = "select log.publish_v1($1, $2, $3, $4, $5)"


@pytest.fixture
async def home(postgres: Postgres) -> AsyncIterator[EmbeddedHome]:
    async with embedded_home(postgres) as home:
        yield home


async def test_a_publisher_that_stalls_before_its_commit_holds_up_its_own_partition_alone(
    home: EmbeddedHome,
) -> None:
    topic = await home.topic(2)
    async with Member(home.log).of(uuid4().hex, topic) as member:
        await publish(home.log, records(topic, [STALLED, FLOWING], 1))
        stalled = {r.key: r.partition for r in await member.count(2)}[STALLED]
        session = await connect(home.dsn)
        transaction = session.transaction()
        await transaction.start()
        await session.execute(PUBLISH, [topic], [stalled], [STALLED], [b"slow"], ["{}"])
        await publish(home.log, records(topic, [STALLED, FLOWING], 20, "after "))
        await member.until(lambda: len(member.read) == 22)
        await member.quiet()
        assert {record.key for record in member.read[2:]} == {FLOWING}
        await transaction.commit()
        own = [r.value for r in await member.count(43) if r.key == STALLED]
        assert own[1:] == [b"slow", *(b"after %05d" % n for n in range(20))]
        await session.close()


async def test_what_a_publisher_rolled_back_is_never_read_and_holds_nothing_up(
    home: EmbeddedHome,
) -> None:
    topic = await home.topic(1)
    async with Member(home.log).of(uuid4().hex, topic) as member:
        session = await connect(home.dsn)
        transaction = session.transaction()
        await transaction.start()
        await session.execute(PUBLISH, [topic], [0], [STALLED], [b"undone"], ["{}"])
        await publish(home.log, records(topic, [STALLED], 3))
        await member.quiet(0.3)
        await transaction.rollback()
        assert b"undone" not in [record.value for record in await member.count(3)]
        await session.close()


async def test_hostile_publishers_and_cut_connections_lose_nothing(
    home: EmbeddedHome,
) -> None:
    topic = await home.topic(2)
    kept: list[bytes] = []

    async def publisher(tag: bytes, partition: int) -> None:
        for n in range(40):
            value = tag + b"%05d" % n
            session = await connect(home.dsn)
            transaction = session.transaction()
            await transaction.start()
            given = [topic], [partition], [tag], [value], ["{}"]
            await session.execute(PUBLISH, *given)
            await asyncio.sleep((n % 7) / 200)
            if n % 5 == 4:
                session.terminate()
                continue
            await transaction.commit()
            kept.append(value)
            await session.close()

    async with Member(home.log).of(uuid4().hex, topic) as member:
        tasks = [publisher(b"%d" % n, n % 2) for n in range(6)]
        reading = asyncio.create_task(member.until(lambda: len(member.read) >= 192))
        await asyncio.gather(*tasks)
        await reading
        read = await member.count(len(kept))
    assert sorted(r.value or b"" for r in read) == sorted(kept)
    for tag in {r.key for r in read}:
        own = [r.value or b"" for r in read if r.key == tag]
        assert own == sorted(own)


async def test_a_reader_goes_on_after_its_connections_were_cut(home: EmbeddedHome) -> None:
    topic = await home.topic(2)
    async with Member(home.log).of(uuid4().hex, topic) as member:
        await publish(home.log, records(topic, [STALLED, FLOWING], 5))
        await member.count(10)
        await home.cut_connections()
        sent = False
        while not sent:
            with suppress(*RETRIED):
                await publish(home.log, [Record(topic=topic, key=FLOWING, value=b"later")])
                sent = True
        while len(member.read) < 11:
            with suppress(*RETRIED):
                await member.once()
        await member.count(11)


async def test_a_topic_recreated_under_a_reader_is_taken_anew(home: EmbeddedHome) -> None:
    topic = await home.topic(1)
    async with Member(home.log).of(uuid4().hex, topic) as member:
        await publish(home.log, records(topic, [b"k"], 5))
        await member.count(5)
        await home.delete(topic)
        await home.topic(1, topic)
        await publish(home.log, records(topic, [b"k"], 3, "new "))
        await member.until(lambda: len(member.taken) == 2)
        assert len(member.read) == 5
        assert [record.value for record in (await member.count(8))[5:]] == [
            b"new %05d" % n for n in range(3)
        ]
