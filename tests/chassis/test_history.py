"""One history: a store does not go on where others have seen another past."""

from uuid import UUID, uuid4

import pytest

from chassis.history import expect_log_to_agree, expect_one_history, new_epoch
from chassis.log import Record
from chassis.past import DivergedError
from tests.support.logs import LogHome, publish
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase

SOURCE = "/shuniu/test/counters"


async def an_event(process: Process) -> UUID:
    """Append an event; return its id."""
    item, why = uuid4(), cause()
    await process.store.execute(COUNTER, item, RaiseCounter(counter_id=item), why)
    return why.event_id(0)


def told(topic: str, event: UUID, epoch: str, source: str = SOURCE) -> Record:
    """Return the record that told others of *event*."""
    headers = {"ce_id": str(event), "ce_source": source, "ce_epoch": epoch}
    return Record(topic=topic, key=event.bytes, value=b"x", headers=headers)


@pytest.mark.postgres
async def test_a_whole_store_says_which_history_it_is(process: Process) -> None:
    await an_event(process)
    assert await expect_one_history(process.store.pool) == process.store.epoch


@pytest.mark.postgres
@pytest.mark.parametrize("seen", ["store.event", "feed.checkpoint"])
async def test_a_sequence_behind_what_was_seen_is_refused_until_a_new_epoch(
    process: Process, service_database: ServiceDatabase, seen: str
) -> None:
    await an_event(process)
    owner = service_database.owner
    if seen == "feed.checkpoint":
        await owner.execute("insert into feed.follower (name) values ('f')")
        await owner.execute("insert into feed.checkpoint values ('f', 0, 5000, 0)")
    else:
        for _ in range(3):
            await an_event(process)
        await owner.execute("select setval('store.event_position_seq', 1)")
    with pytest.raises(DivergedError, match="new-epoch"):
        await expect_one_history(process.store.pool)
    epoch = await new_epoch(owner)
    assert await expect_one_history(process.store.pool) == epoch != process.store.epoch
    await an_event(process)  # and the positions that others saw are not drawn again
    assert await owner.fetchval("select max(position) from store.event") > 1


async def test_what_the_log_told_last_is_in_the_store(
    process: Process, home: LogHome
) -> None:
    topic, epoch = await home.topic(3), process.store.epoch
    await publish(home.log, [told(topic, await an_event(process), epoch) for _ in range(9)])
    await expect_log_to_agree(process.store.pool, home.log, [topic], SOURCE, epoch)


async def test_a_log_that_told_of_events_the_store_lacks_is_refused(
    process: Process, home: LogHome
) -> None:
    topic, epoch = await home.topic(3), process.store.epoch
    await publish(home.log, [told(topic, await an_event(process), epoch)])
    await publish(home.log, [told(topic, uuid4(), epoch) for _ in range(9)])
    with pytest.raises(DivergedError, match="not in the store"):
        await expect_log_to_agree(process.store.pool, home.log, [topic], SOURCE, epoch)


async def test_what_was_told_in_an_earlier_epoch_or_by_others_is_settled(
    process: Process, home: LogHome
) -> None:
    topic, epoch = await home.topic(3), process.store.epoch
    await publish(home.log, [told(topic, uuid4(), str(uuid4()))])
    await publish(home.log, [told(topic, uuid4(), epoch, source="/shuniu/test/others")])
    await expect_log_to_agree(process.store.pool, home.log, [topic], SOURCE, epoch)


async def test_an_empty_topic_contradicts_nobody(process: Process, home: LogHome) -> None:
    topic = await home.topic(3)
    await expect_log_to_agree(
        process.store.pool, home.log, [topic], SOURCE, process.store.epoch
    )
