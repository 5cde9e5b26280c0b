"""Several owners of one partition: what each believes, and what nevertheless happens once."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.consumer import inbox, offsets
from tests.support.consuming import Office, event
from tests.support.logs import EMBEDDED
from tests.support.zombies import EveryoneOwnsAll, FreezingLog

RECORDS = 3_000
UNGUARDED_MOVE = str(offsets._MOVE).replace("and o.next = m.before ", "")  # noqa: SLF001 the guard under test
NO_INBOX = (
    "select s as source, i as id from unnest(cast(:sources as text[]), cast(:ids as text[])) "
    "as t (s, i) where cast(:consumer as text) is not null"
)


async def test_three_owners_of_one_partition_apply_every_record_once(
    office: Office,
) -> None:
    topic = await office.home.topic(1)
    log = EveryoneOwnsAll(office.home.log)
    told = [event(topic, f"item-{n % 9}", f"{n:04}") for n in range(RECORDS)]
    async with AsyncExitStack() as owners:
        for _ in range(3):
            await owners.enter_async_context(
                office.consuming(office.viewing(topic), log=log)
            )
        for start in range(0, RECORDS, 100):
            await office.publish(*told[start : start + 100])
        await office.is_at_the_end(topic, within=40)
        await asyncio.sleep(0.5)  # whoever was last still tries
    assert await office.seen() == [f"{n:04}" for n in range(RECORDS)]
    assert await office.never_went_back()
    assert not await office.parked()


async def thaw_one_owner_late(office: Office) -> None:
    """Let one owner read 300 records and freeze; another handles 600; then thaw the first."""
    topic = await office.home.topic(1)
    frozen = FreezingLog(office.home.log)
    told = [event(topic, f"item-{n % 9}", f"{n:04}") for n in range(600)]
    await office.publish(*told[:300])
    async with office.consuming(office.viewing(topic), log=frozen):
        await asyncio.wait_for(frozen.holds.wait(), 20)
        async with office.consuming(
            office.viewing(topic), log=EveryoneOwnsAll(office.home.log)
        ):
            await office.publish(*told[300:])
            await office.is_at_the_end(topic)
        frozen.thaw.set()
        await asyncio.wait_for(frozen.went_on.wait(), 20)


@pytest.mark.parametrize("office", [EMBEDDED], indirect=True)
@pytest.mark.parametrize(
    ("removed", "times", "goes_back"),
    [  # what was removed, how often a record is applied then, whether the offset goes back
        ((), 1, False),
        (("inbox",), 1, False),
        (("compare-and-set",), 1, True),
        (("compare-and-set", "inbox"), 2, True),
    ],
    ids=["nothing", "inbox", "compare-and-set", "both"],
)
async def test_an_owner_that_thaws_late_does_harm_only_where_a_guard_was_removed(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    removed: tuple[str, ...],
    times: int,
    goes_back: bool,
) -> None:
    if "compare-and-set" in removed:
        monkeypatch.setattr(offsets, "_MOVE", text(UNGUARDED_MOVE))
    if "inbox" in removed:
        monkeypatch.setattr(inbox, "_TAKE", text(NO_INBOX))
    await thaw_one_owner_late(office)
    applied = Counter(await office.seen())
    assert max(applied.values()) == times
    assert len(applied) == 600
    assert await office.never_went_back() is not goes_back


def test_the_guard_that_is_removed_is_the_one_that_stands_there() -> None:
    assert str(offsets._MOVE) != UNGUARDED_MOVE  # noqa: SLF001 the guard under test
    assert "m.before " not in UNGUARDED_MOVE


async def test_a_command_of_two_owners_is_executed_once(office: Office) -> None:
    topic = await office.home.topic(1)
    frozen = FreezingLog(office.home.log)
    counters = [str(uuid4()) for _ in range(30)]
    await office.publish(*(event(topic, counter, counter) for counter in counters))
    async with office.consuming(office.commanding(topic), log=frozen):
        await asyncio.wait_for(frozen.holds.wait(), 20)
        async with office.consuming(
            office.commanding(topic), log=EveryoneOwnsAll(office.home.log)
        ):
            await office.is_at_the_end(topic)
        await office.database.owner.execute("delete from feed.inbox")  # the store knows it
        frozen.thaw.set()
        await asyncio.wait_for(frozen.went_on.wait(), 20)
    assert len(await office.fetch("select from store.event")) == 30
    assert await office.never_went_back()
