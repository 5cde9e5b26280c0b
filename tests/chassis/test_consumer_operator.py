"""An operator acts at the worst moment: between what a consumer has read and what it does."""

import asyncio
from collections.abc import Iterable

import pytest

from tests.support.consuming import Office, event, retried
from tests.support.logs import EMBEDDED
from tests.support.zombies import FreezingLog

PAUSE = "update feed.consumer_offset set paused = true"


pytestmark = pytest.mark.parametrize("office", [EMBEDDED], indirect=True)


async def test_an_offset_rewound_between_reading_and_applying_skips_nothing(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    await office.publish(*(event(topic, "item", f"{n}") for n in range(5)))
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
    await office.publish(*(event(topic, "item", f"{n}") for n in range(5, 10)))
    frozen = FreezingLog(office.home.log)
    async with office.consuming(office.viewing(topic), log=frozen) as consumer:
        await asyncio.wait_for(frozen.holds.wait(), 20)  # it has 5 to 9 in hand
        await office.fetch("delete from seen")
        await office.fetch("delete from feed.inbox")
        await office.fetch("update feed.consumer_offset set next = 0, last_id = null")
        await consumer.resumed()
        frozen.thaw.set()
        await office.is_at_the_end(topic)
    assert await office.seen() == [f"{n}" for n in range(10)]


async def test_a_pause_between_reading_and_applying_holds_what_was_read(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    await office.publish(event(topic, "item", "read"))
    frozen = FreezingLog(office.home.log)
    async with office.consuming(office.viewing(topic), log=frozen) as consumer:
        await asyncio.wait_for(frozen.holds.wait(), 20)
        await office.fetch(PAUSE)
        await consumer.resumed()
        frozen.thaw.set()
        await asyncio.wait_for(frozen.went_on.wait(), 20)
        assert await office.seen() == []
        await office.fetch("update feed.consumer_offset set paused = false")
        await consumer.resumed()
        assert await office.is_applied(1) == ["read"]


async def test_a_key_that_was_let_go_a_moment_ago_does_not_wait_again(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(event(topic, "item", "boom"))
        await office.is_at_the_end(topic)
        poison = (await office.parked())[0]["parked_id"]
        office.fails = False
        ask = consumer.parked.keys

        async def keys(topic: str, among: Iterable[bytes]) -> frozenset[bytes]:
            parked = await ask(topic, among)
            if parked:
                await retried(consumer, poison)  # the answer is stale from here on
            return parked

        consumer.parked.keys = keys  # type: ignore[method-assign] # to be in time
        await office.publish(event(topic, "item", "behind"))
        await office.is_at_the_end(topic)
        assert await office.seen() == ["boom", "behind"]
        assert not await office.parked()
