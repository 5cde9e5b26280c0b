"""Each guard that is taken away lets something through, and a checker says what it was."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid4, uuid5

import pytest

from chassis.feed import lease
from chassis.http.doors import KEYS
from chassis.projection import Projecting
from chassis.store.append import StaleStreamError
from tests.faults.checkers.commands import answered_commands
from tests.faults.checkers.leases import fenced_writes
from tests.faults.checkers.streams import whole_streams
from tests.faults.checkers.views import folded_views
from tests.faults.counting import SERVICE, SERVICES, STANDING, attempt, said_by
from tests.faults.evidence import Evidence
from tests.faults.guards import GUARDS, IN_DATABASE, IN_PROCESS, remove_in, without
from tests.faults.history import Outcome
from tests.support.applying import TABLE, Applying, write
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.writers import new_stream, raise_counters, stream_in

pytestmark = pytest.mark.postgres


@STANDING
async def test_without_the_marker_a_late_commit_is_missing_from_the_view(
    database: ServiceDatabase, process: Process, evidence: Evidence, stands: bool
) -> None:
    if not stands:
        await remove_in(database.owner, "marker")
    process.follow(Projecting(SERVICES[SERVICE].projections[0]))
    store, late = process.store, stream_in(7)
    async with store.pool.acquire() as connection, connection.transaction():
        await raise_counters(connection, store, {late: 0}, 1)
        await raise_counters(store.pool, store, {(early := stream_in(7)): 0}, 1)
        with suppress(AssertionError):  # long enough for a reader without proof
            await eventually(lambda: in_view(database, early), within=1)
    await raise_counters(store.pool, store, {(last := new_stream()): 0}, 1)
    await eventually(lambda: in_view(database, last))
    await asyncio.sleep(0.2)
    said = await said_by(folded_views, evidence)
    assert len(said) == (0 if stands else 1), said
    assert all(late.removeprefix("counter-") in s and "missing" in s for s in said)


async def in_view(database: ServiceDatabase, stream_id: str) -> bool:
    with suppress(Exception):  # the view is not there yet
        return bool(
            await database.owner.fetchval(
                "select count(*) from counters_1.counters where counter_id = $1",
                UUID(stream_id.removeprefix("counter-")),
            )
        )
    return False


@STANDING
async def test_without_the_stream_check_two_writers_write_the_same_version(
    database: ServiceDatabase, process: Process, evidence: Evidence, stands: bool
) -> None:
    if not stands:
        await remove_in(database.owner, "stream_check")
    stream = new_stream()
    for _ in range(2):  # both decided on the empty stream
        with suppress(StaleStreamError):
            await raise_counters(process.store.pool, process.store, {stream: 0}, 1)
    said = await said_by(whole_streams, evidence)
    assert bool(said) is not stands
    assert all(stream in sentence for sentence in said)
    assert stands or any("missing or repeated" in sentence for sentence in said)


@STANDING
async def test_without_the_command_id_a_repeated_request_is_carried_out_twice(
    database: ServiceDatabase, process: Process, evidence: Evidence, stands: bool
) -> None:
    if not stands:
        await remove_in(database.owner, "command_id")
    key, item = uuid4(), uuid4()
    for sent, outcome in enumerate((Outcome.UNKNOWN, Outcome.OK)):
        again = cause(uuid5(KEYS, f"{SERVICE}|sun.li|{key}"))
        await process.store.execute(COUNTER, item, RaiseCounter(counter_id=item), again)
        evidence.history.add(attempt(key, item, outcome, sent_at=sent))
    said = await said_by(answered_commands, evidence)
    assert bool(said) is not stands
    assert stands or any("2 events of it" in sentence for sentence in said), said


@STANDING
async def test_without_the_lease_epoch_an_owner_that_was_replaced_moves_the_checkpoint(
    database: ServiceDatabase,
    process: Process,
    evidence: Evidence,
    removed: Callable[[str], None],
    stands: bool,
) -> None:
    if not stands:
        removed("lease_epoch")
    await database.owner.execute(TABLE.format(name=database.name))
    await write(process.store, 5)
    frozen, thawed = asyncio.Event(), asyncio.Event()

    class Frozen(Applying):
        async def before_moving_on(self) -> None:
            frozen.set()
            await thawed.wait()

    process.follow(Frozen("applying"))
    await asyncio.wait_for(frozen.wait(), 10)
    await database.owner.execute("update feed.follower set lease_until = '-infinity'")
    assert await lease.acquire(process.feed.engine, "applying", "another") is not None
    thawed.set()
    await asyncio.sleep(0.5)
    said = await said_by(fenced_writes, evidence)
    assert bool(said) is not stands, said
    assert all("an old owner wrote" in sentence for sentence in said)


def test_every_guard_of_the_design_can_be_taken_away() -> None:
    assert set(GUARDS) == {
        "marker", "stream_check", "command_id", "offset_check", "inbox", "lease_epoch",
    }  # fmt: skip


@pytest.mark.parametrize("guard", IN_PROCESS)
def test_a_guard_that_is_not_there_any_more_is_missed_loudly(
    guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, _ = without(guard)
    monkeypatch.setattr(module, name, "select 1")
    with pytest.raises(LookupError, match=guard):
        without(guard)


@pytest.mark.parametrize("guard", IN_DATABASE)
async def test_a_guard_that_left_the_append_functions_is_missed_loudly(
    guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.faults.guards.sql", lambda _: "create function another()")
    with pytest.raises(LookupError, match=guard):
        await remove_in(None, guard)
