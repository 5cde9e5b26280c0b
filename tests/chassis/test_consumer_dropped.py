"""What an operator has dropped stays dropped, however often it is read again."""

import pytest

from tests.support.consuming import Office, event
from tests.support.logs import EMBEDDED

AGAIN = "update feed.consumer_offset set next = 0, last_id = null"


pytestmark = pytest.mark.parametrize("office", [EMBEDDED], indirect=True)


@pytest.mark.parametrize("version", ["1.0", "9.9"])
async def test_a_dropped_record_does_not_stop_its_key_when_its_topic_is_read_again(
    office: Office, version: str
) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)) as consumer:
        await office.publish(event(topic, "item", "boom", ce_specversion=version))
        await office.is_at_the_end(topic)
        (poison,) = await office.parked()
        await consumer.parked.skip(poison["parked_id"])
        await office.publish(event(topic, "item", "behind"))
        assert await office.is_applied(1) == ["behind"]
        await office.fetch(AGAIN)
        await consumer.resumed()
        await office.publish(event(topic, "item", "last"))
        await office.is_at_the_end(topic)
    assert await office.seen() == ["behind", "last"]
    assert not await office.parked()
