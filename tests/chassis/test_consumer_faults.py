"""Faults that go away by trying again are tried again: nothing is lost, twice, or parked."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.consumer import Subscription, commands, consumer, inbox, view
from chassis.store import Cause, ConflictError
from tests.support.consuming import Office, event, office_in
from tests.support.logs import EmbeddedHome, embedded_home
from tests.support.postgres import Postgres
from tests.support.service import Process, ServiceDatabase

RECORDS = 1_500
PASSING = (
    asyncpg.DeadlockDetectedError("40P01"),
    asyncpg.SerializationError("40001"),
    asyncpg.LockNotAvailableError("55P03"),
    asyncpg.ConnectionDoesNotExistError("gone"),
    ConnectionResetError("reset"),
    TimeoutError("slow"),
    ConflictError("others were quicker"),
)


@pytest.fixture
async def home(postgres: Postgres) -> AsyncIterator[EmbeddedHome]:
    async with embedded_home(postgres) as home:
        yield home


@pytest.fixture
async def office(
    home: EmbeddedHome,
    service_database: ServiceDatabase,
    process: Process,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Office]:
    monkeypatch.setattr(consumer, "RETRY_SECONDS", 0.05)
    async with office_in(home, service_database, process) as office:
        yield office


async def cut_now_and_then(office: Office, home: EmbeddedHome | None = None) -> None:
    """Cut the connections of the service, and of the log where it is given, a few times."""
    for n in range(8):
        await asyncio.sleep(0.05)
        await (home.cut_connections() if home and n % 2 else _cut_service(office))


async def _cut_service(office: Office) -> None:
    await office.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and usename like 'shuniu%'"
    )


async def test_a_view_is_right_after_its_connections_were_cut(
    office: Office, home: EmbeddedHome
) -> None:
    topic = await home.topic(2)
    keys = [f"item-{n}" for n in range(5)]
    each = RECORDS // len(keys)
    await office.publish(
        *(event(topic, k, f"{k} {n:04}") for n in range(each) for k in keys)
    )
    async with office.consuming(office.viewing(topic)):
        await cut_now_and_then(office, home)
        await office.is_at_the_end(topic)
    seen = await office.seen()
    for key in keys:
        own = [value for value in seen if value.startswith(key)]
        assert own == [f"{key} {n:04}" for n in range(each)]
    assert not await office.parked()


async def test_commands_are_executed_once_though_connections_were_cut(
    office: Office, home: EmbeddedHome
) -> None:
    topic = await home.topic(2)
    counters = [str(uuid4()) for _ in range(100)]
    await office.publish(*(event(topic, c, c) for _ in range(3) for c in counters))
    async with office.consuming(office.commanding(topic)):
        await cut_now_and_then(office)
        await office.is_at_the_end(topic)
    versions = await office.fetch("select version from store.stream")
    assert [row["version"] for row in versions] == [3] * 100
    assert not await office.parked()


@pytest.mark.parametrize("kind", ["view", "commands"])
async def test_what_goes_away_by_itself_is_tried_again_and_never_parked(
    office: Office, kind: str
) -> None:
    topic = await office.home.topic(1)
    failures = [error for error in PASSING for _ in range(4)]  # alone in its batch, too

    async def applies(message: StringValue, *given: Any) -> None:
        if message.value == "hard" and failures:
            raise failures.pop()
        await office.note(message, *given)

    async def executes(message: StringValue, cause: Cause) -> None:
        if message.value == "hard" and failures:
            raise failures.pop()
        item_id = UUID(int=len(message.value))
        await office.raise_counter(StringValue(value=str(item_id)), cause)

    subscription: Subscription = (
        view(topic, {StringValue: applies})
        if kind == "view"
        else commands(topic, {StringValue: executes})
    )
    await office.publish(*(event(topic, "item", v) for v in ("easy", "hard", "after")))
    async with office.consuming(subscription):
        await office.is_at_the_end(topic)
    assert not failures
    assert not await office.parked()
    if kind == "view":
        assert await office.seen() == ["easy", "hard", "after"]
    else:
        assert len(await office.fetch("select from store.event")) == 3


async def test_a_consumer_ended_at_any_moment_continues_where_it_was(
    office: Office, home: EmbeddedHome
) -> None:
    topic = await home.topic(1)
    await office.publish(
        *(event(topic, f"item-{n % 7}", f"{n:04}") for n in range(RECORDS))
    )
    for n in range(10):
        async with office.consuming(office.viewing(topic)):
            await asyncio.sleep(n * 0.013)
    async with office.consuming(office.viewing(topic)):
        await office.is_at_the_end(topic)
    assert await office.seen() == [f"{n:04}" for n in range(RECORDS)]
    assert await office.never_went_back()


async def test_a_consumer_starts_again_when_its_database_comes_back(
    office: Office, home: EmbeddedHome
) -> None:
    topic = await home.topic(1)
    await office.publish(event(topic, "item", "before"))
    role = f"shuniu_{office.database.name}"
    async with office.consuming(office.viewing(topic)):
        await office.is_applied(1)
        await office.database.owner.execute(f'alter role "{role}" nologin')
        await _cut_service(office)
        await office.publish(event(topic, "item", "meanwhile"))
        await asyncio.sleep(0.5)
        assert await office.seen() == ["before"]
        await office.database.owner.execute(f'alter role "{role}" login')
        assert await office.is_applied(2) == ["before", "meanwhile"]


async def test_old_inbox_entries_are_forgotten_and_young_ones_kept(office: Office) -> None:
    topic = await office.home.topic(1)
    async with office.consuming(office.viewing(topic)):
        await office.publish(*(event(topic, "item", str(n)) for n in range(3)))
        await office.is_at_the_end(topic)
    await office.fetch(
        "update feed.inbox set received_on = current_date - 91 where id = $1",
        (await office.fetch("select id from seen where value = '0'"))[0]["id"],
    )
    await inbox.forget(office.process.feed.engine)

    assert len(await office.fetch("select from feed.inbox")) == 2
