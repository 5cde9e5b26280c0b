"""One history: a store does not go on where others have seen another past."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from chassis import past
from chassis.database import RETRIED, open_engine, open_pool
from chassis.history import expect_log_to_agree, expect_one_history, new_epoch
from chassis.log import Record
from chassis.past import DivergedError, Past
from chassis.store import Store
from chassis.store.transaction import Transaction
from tests.support.logs import BOTH, LogHome, log_home, publish
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase

SOURCE = "/shuniu/test/counters"


@pytest.fixture(params=BOTH)
async def home(request: pytest.FixtureRequest) -> AsyncIterator[LogHome]:
    async with log_home(request) as home:
        yield home


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


class Watched:
    """A process whose new sessions are asked what they lead to."""

    def __init__(self, database: ServiceDatabase, epoch: str) -> None:
        self.past = Past()
        self.database = database
        self.epoch = epoch

    async def __aenter__(self) -> Self:
        self.pool = await open_pool(self.database.dsn, 2, self.past.check)
        self.engine = open_engine(self.database.dsn, 2, opened=self.past.check)
        self.store = Store(self.pool, [COUNTER], self.epoch, None, self.past)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.dispose()
        self.pool.terminate()

    async def append(self) -> UUID:
        """Append an event; return its id."""
        item, why = uuid4(), cause()
        await self.store.execute(COUNTER, item, RaiseCounter(counter_id=item), why)
        return why.event_id(0)

    async def reaches(self) -> bool:
        """Say whether the store can be reached by both ways, on new sessions."""
        await self.database.cut_connections()
        found: list[bool] = []
        for _ in range(2):  # the first meets what was cut
            found = []
            for ask in (self._by_pool, self._by_engine):
                try:
                    await ask()
                except DivergedError:
                    found.append(False)
                except (*RETRIED, DBAPIError):
                    continue
                else:
                    found.append(True)
        assert len(set(found)) == 1
        return found[0]

    async def _by_pool(self) -> None:
        await self.pool.fetchval("select 1")

    async def _by_engine(self) -> None:
        async with self.engine.connect() as connection:
            await connection.exec_driver_sql("select 1")


@pytest.fixture
async def watched(
    service_database: ServiceDatabase, process: Process
) -> AsyncIterator[Watched]:
    async with Watched(service_database, process.store.epoch) as watched:
        yield watched


@pytest.mark.postgres
async def test_a_process_goes_on_where_what_it_saw_is_still_there(watched: Watched) -> None:
    assert await watched.reaches()
    for _ in range(3):
        await watched.append()
    assert await watched.reaches()
    assert not watched.past.diverged.is_set()


class Slow:
    """A session that answers after something else was seen."""

    def __init__(self, pool: Any, seen: Callable[[], None]) -> None:
        self.pool, self.seen = pool, seen

    async def fetchrow(self, query: str, *given: Any) -> Any:
        """Ask; see something before the answer is looked at."""
        row = await self.pool.fetchrow(query, *given)
        self.seen()
        return row


@pytest.mark.postgres
async def test_what_is_seen_while_a_session_is_asked_is_not_missed_in_its_answer(
    watched: Watched,
) -> None:
    first = Slow(watched.pool, lambda: watched.past.saw(1, uuid4()))
    await watched.past.check(first)
    assert not watched.past.diverged.is_set()


SLOW_COMMITS = """
create function slowly() returns trigger language plpgsql as
    'begin perform pg_sleep(1); return null; end';
create constraint trigger slowly after insert on store.event
    deferrable initially deferred for each row execute function slowly();
"""


@pytest.mark.postgres
async def test_what_is_not_committed_yet_was_not_seen(
    watched: Watched, service_database: ServiceDatabase
) -> None:
    await service_database.owner.execute(SLOW_COMMITS)

    async def work(transaction: Transaction) -> None:
        await transaction.execute(COUNTER, item, RaiseCounter(counter_id=item))

    item = uuid4()
    acting = asyncio.ensure_future(watched.store.transact(COUNTER, item, cause(), work))
    while not acting.done():
        await watched.past.check(service_database.owner)
        await asyncio.sleep(0.05)
    assert (await acting).outcome.version == 1
    assert not watched.past.diverged.is_set()


@pytest.mark.postgres
async def test_a_process_that_saw_an_event_committed_refuses_a_store_without_it(
    watched: Watched, service_database: ServiceDatabase
) -> None:
    await watched.append()
    await watched.append()
    owner = service_database.owner
    await owner.execute("alter table store.event disable trigger all")
    await owner.execute(
        "delete from store.event where position = (select max(position) from store.event)"
    )
    assert not await watched.reaches()
    assert watched.past.diverged.is_set()
    assert "new-epoch" in watched.past.why


@pytest.mark.postgres
async def test_a_process_does_not_go_on_under_an_epoch_that_was_ended(
    watched: Watched, service_database: ServiceDatabase
) -> None:
    await watched.append()
    await new_epoch(service_database.owner)
    assert not await watched.reaches()
    assert "starts again" in watched.past.why


@pytest.mark.postgres
async def test_a_process_that_saw_nothing_learns_of_a_new_epoch_by_itself(
    watched: Watched, service_database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "WATCH_SECONDS", 0.05)
    watching = asyncio.create_task(watched.past.watch(watched.pool))
    await asyncio.sleep(0.3)
    assert not watching.done()
    await new_epoch(service_database.owner)
    await asyncio.wait_for(watching, 10)
    assert "starts again" in watched.past.why
