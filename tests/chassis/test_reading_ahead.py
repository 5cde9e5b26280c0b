"""While a follower handles a full batch the next one is read, and no promise depends on it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, closing
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from chassis.feed.cursor import Cursor, StaleProofError, Step
from chassis.feed.reader import Reader
from chassis.store import Stored
from chassis.store.shards import SHARDS
from tests.support.applying import Applying, applied, has_applied, write
from tests.support.samples import (
    COUNTER,
    OLDER_COUNTER,
    RaiseCounter,
    ResetCounter,
    cause,
)
from tests.support.service import (
    COMMAND_CONNECTIONS,
    Process,
    ServiceDatabase,
    eventually,
)

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("applied_table")]

BEGINNING = Cursor(dict.fromkeys(range(SHARDS), 0))
MOST = 4


@pytest.fixture
async def reader(process: Process) -> AsyncIterator[Reader]:
    with closing(Reader(process.store, process.feed.tailer, MOST)) as reader:
        yield reader


async def is_final(process: Process, position: int) -> None:
    final = process.feed.tailer.final
    await eventually(
        lambda: all(
            (at := final(shard)) and at.position >= position for shard in range(SHARDS)
        )
    )


def positions(batch: Sequence[Stored[Any]]) -> list[int]:
    return [stored.position for stored in batch]


async def test_what_lies_behind_a_full_batch_is_there_when_it_is_asked_for(
    process: Process, reader: Reader
) -> None:
    written = await write(process.store, 10)
    await is_final(process, written[-1])
    first, after = await reader.read(BEGINNING)
    await asyncio.sleep(0.3)
    async with AsyncExitStack() as all_sessions, asyncio.timeout(5):
        for _ in range(COMMAND_CONNECTIONS):
            await all_sessions.enter_async_context(process.store.pool.acquire())
        second, _ = await reader.read(Cursor(after.positions))
    assert positions(first) == written[:MOST]
    assert positions(second) == written[MOST : MOST * 2]


async def test_whoever_goes_back_is_given_what_lies_there(
    process: Process, reader: Reader
) -> None:
    written = await write(process.store, 10)
    await is_final(process, written[-1])
    for _ in range(3):
        batch, _ = await reader.read(BEGINNING)
        assert positions(batch) == written[:MOST]


async def test_what_was_written_after_reading_ahead_comes_next(
    process: Process, reader: Reader
) -> None:
    written = await write(process.store, MOST)
    await is_final(process, written[-1])
    _, after = await reader.read(BEGINNING)
    await asyncio.sleep(0.1)
    later = await write(process.store, 2)
    await is_final(process, later[-1])
    nothing, after = await reader.read(Cursor(after.positions))
    some, _ = await reader.read(after)
    assert positions(nothing) + positions(some) == later[-2:]


async def test_what_was_read_ahead_is_for_a_stored_checkpoint_only(
    process: Process, reader: Reader
) -> None:
    written = await write(process.store, MOST)
    await is_final(process, written[-1])
    _, after = await reader.read(BEGINNING)
    with pytest.raises(StaleProofError):
        await reader.read(Cursor(after.positions, since=0))


async def test_a_follower_that_fails_now_and_then_skips_nothing(
    service_database: ServiceDatabase, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stumbling(Applying):
        """Fails at every third batch, at first."""

        batch_size = MOST
        turns = 0

        async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
            self.turns += 1
            if self.turns % 3 == 0:
                raise ZeroDivisionError("stumbles")
            await super().handle(batch, step)

    monkeypatch.setattr("chassis.feed.follower.RETRY_SECONDS", 0.01)
    expected = await write(process.store, 50)
    process.follow(Stumbling("followed"))
    await eventually(lambda: has_applied(service_database, expected))


async def test_a_type_of_a_newer_program_ahead_holds_up_nothing_before_it(
    service_database: ServiceDatabase,
) -> None:
    item = uuid4()
    async with service_database.process(COUNTER) as newer:
        raising = RaiseCounter(counter_id=item, times=MOST)
        for command in (raising, ResetCounter(counter_id=item)):
            await newer.store.execute(COUNTER, item, command, cause())
    async with service_database.process(OLDER_COUNTER) as older:
        follower = Applying("followed")
        follower.batch_size = MOST
        older.follow(follower)

        async def says_why() -> bool:
            return "counter.Reset" in (await service_database.error_of("followed") or "")

        await eventually(says_why)
        assert await applied(service_database) == [1, 2, 3, 4]


async def test_a_backlog_is_applied_once_though_sessions_are_cut_meanwhile(
    service_database: ServiceDatabase, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Applying):
        """Gives the knife time to fall in the middle of a batch."""

        async def before_moving_on(self) -> None:
            await asyncio.sleep(0.01)

    monkeypatch.setattr("chassis.feed.follower.RETRY_SECONDS", 0.02)
    expected = await write(process.store, 200, by=10)
    process.follow(Slow("followed"))
    for share in (0.2, 0.5):
        some = int(len(expected) * share)
        await eventually(partial(has_more, service_database, some))
        assert await service_database.cut_connections()
    await eventually(lambda: has_applied(service_database, expected), within=30)


async def has_more(database: ServiceDatabase, than: int) -> bool:
    return len(await applied(database)) > than
