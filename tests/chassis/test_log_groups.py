"""What both logs promise to the members of a group, and to those who publish at once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from chassis.log import Place, Record, Subscriber, kafka, kafka_subscriber, kafka_waiting
from tests.support.logs import (
    KAFKA,
    LogHome,
    Member,
    by_key,
    publish,
    records,
)
from tests.support.service import eventually


async def test_places_are_taken_before_anything_is_read_from_them(
    home: LogHome, group: str
) -> None:
    topic = await home.topic(4)
    await publish(home.log, records(topic, [b"%d" % n for n in range(20)], 5))
    taken: set[Place] = set()
    unanswered = 2

    async def slowly(subscriber: Subscriber, places: frozenset[Place]) -> None:
        nonlocal unanswered
        await asyncio.sleep(0.3)
        if unanswered:
            unanswered -= 1
            raise ConnectionError("the offsets cannot be read just now")
        for place in places:
            await subscriber.seek(place, 0)
            taken.add(place)

    read = 0
    for _ in range(3):
        subscriber = await home.log.subscriber(group, [topic], slowly)
        try:
            async with asyncio.timeout(15):
                while read < 100:
                    batches = await subscriber.fetch(500, 0.2)
                    assert batches.keys() <= taken
                    read += sum(map(len, batches.values()))
        except ConnectionError:
            assert read == 0
        finally:
            await subscriber.close()
    assert (read, unanswered) == (100, 0)


@pytest.mark.parametrize("home", [KAFKA], indirect=True)
async def test_a_member_whose_fetching_has_died_says_so(home: LogHome, group: str) -> None:
    topic = await home.topic(1)
    await publish(home.log, records(topic, [b"k"], 1))
    async with Member(home.log).of(group, topic) as member:
        await member.count(1)
        subscriber: Any = member.subscriber
        subscriber._consumer._fetcher._fetch_task.cancel()  # noqa: SLF001 nothing else kills it
        with pytest.raises(ConnectionError, match="stopped to fetch"):
            await member.until(lambda: False)


@pytest.mark.parametrize("home", [KAFKA], indirect=True)
async def test_of_a_member_that_cannot_leave_nothing_is_left(
    home: LogHome, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_work() -> set[str]:
        coroutines = (str(task.get_coro()) for task in asyncio.all_tasks())
        return {
            name for name in coroutines if "coordination" in name or "heartbeat" in name
        }

    monkeypatch.setattr(kafka_waiting, "CLOSE_SECONDS", 1.0)
    topic = await home.topic(1)
    async with Member(home.log).of(group, topic) as member:
        await member.until(lambda: member.taken)
        subscriber: Any = member.subscriber
        coordinator = subscriber._consumer._coordinator  # noqa: SLF001 a broker that is silent
        monkeypatch.setattr(coordinator, "close", lambda: asyncio.sleep(60))
        assert at_work()
    assert await eventually(lambda: not at_work(), 3), at_work()


async def test_members_of_a_group_share_the_places_and_hand_them_over(
    home: LogHome, group: str
) -> None:
    topic = await home.topic(4)
    every = {(topic, n) for n in range(4)}
    keys = [b"%d" % n for n in range(20)]
    async with Member(home.log).of(group, topic) as stays:
        await stays.until(lambda: stays.subscriber.places == every)
        async with Member(home.log).of(group, topic) as leaves:

            def shared() -> bool:
                halves = stays.subscriber.places, leaves.subscriber.places
                return len(halves[0]) == len(halves[1]) == 2 and not halves[0] & halves[1]

            await asyncio.gather(stays.until(shared), leaves.until(shared))
            assert stays.subscriber.places | leaves.subscriber.places == every
            await asyncio.gather(stays.once(), leaves.once())  # from here on each its own
            await publish(home.log, records(topic, keys, 5))
            await asyncio.gather(
                stays.until(lambda: len(stays.read) + len(leaves.read) >= 100),
                leaves.until(lambda: len(stays.read) + len(leaves.read) >= 100),
            )
            assert len({(r.place, r.offset) for r in stays.read + leaves.read}) == 100
            assert {r.place for r in leaves.read} <= leaves.subscriber.places
        await stays.until(lambda: stays.subscriber.places == every)
        await stays.until(lambda: len({(r.place, r.offset) for r in stays.read}) == 100)


async def test_a_producer_that_failed_is_replaced_by_a_new_one(
    home: LogHome, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka, "REQUEST_SECONDS", 2.0)
    topic, unknown = await home.topic(1), f"public.tests.{uuid4().hex}.v1"
    producer = await home.log.producer("tests")
    with pytest.raises(Exception, match=r"(?i)unknown|tests"):
        await producer.publish([Record(topic=unknown, key=b"k", value=b"lost")])
    await producer.close()
    await producer.close()
    await home.topic(1, unknown)
    await publish(home.log, [Record(topic=unknown, key=b"k", value=b"kept")])
    async with Member(home.log).of(group, topic, unknown) as member:
        assert [record.value for record in await member.count(1)] == [b"kept"]


async def test_a_topic_created_after_its_subscribers_is_read_from_the_beginning(
    home: LogHome, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_subscriber, "METADATA_SECONDS", 1.0)
    late = f"public.tests.{uuid4().hex}.v1"
    async with Member(home.log).of(group, late) as member:
        await member.quiet(0.3)
        await home.topic(2, late)
        await publish(home.log, records(late, [b"21", b"abc"], 5))
        await member.count(10, within=30)


async def test_concurrent_publishers_lose_nothing_and_keep_each_keys_order(
    home: LogHome, group: str
) -> None:
    topic = await home.topic(3)
    keys = [b"%d" % n for n in range(6)]

    async def publisher(tag: str) -> None:
        producer = await home.log.producer(tag)
        sent = records(topic, keys, 50, tag)
        for start in range(0, len(sent), 25):
            await producer.publish(sent[start : start + 25])
        await producer.close()

    async with Member(home.log).of(group, topic) as member:
        await asyncio.gather(
            member.until(lambda: len(member.read) >= 1200), *map(publisher, "ABCD")
        )
        read = await member.count(1200)
    async with Member(home.log).of(f"{group}.late", topic) as late:
        again = await late.count(1200)
    for values in (*by_key(read).values(), *by_key(again).values()):
        for tag in (b"A", b"B", b"C", b"D"):
            own = [value for value in values if value and value.startswith(tag)]
            assert own == [tag + b"%05d" % n for n in range(50)]
