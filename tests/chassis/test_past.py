"""A process knows its past: it does not go on with a store that has lost what it saw committed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from chassis import past
from chassis.database import RETRIED, open_engine, open_pool
from chassis.history import new_epoch
from chassis.past import DivergedError, Past
from chassis.store import Store
from chassis.store.transaction import Transaction
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase


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
