# ruff: noqa: S608 every name in a statement is ours
"""The checkers of stores and answers: silent over a sound run, loud over each defect."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from chassis.feed import lease
from tests.faults.checkers import trace
from tests.faults.checkers.commands import answered_commands, refused_and_unknown
from tests.faults.checkers.keeping_quiet import quiet_and_sound
from tests.faults.checkers.leases import fenced_writes
from tests.faults.checkers.recovering import recovery
from tests.faults.checkers.streams import whole_streams
from tests.faults.checkers.views import folded_views
from tests.faults.counting import SERVICE, SERVICES, attempt, evidence_of, play, said_by
from tests.faults.defects import Defect, changed, defect, events_lost, unguarded
from tests.faults.evidence import Evidence, Use
from tests.faults.history import History, Outcome, Phase
from tests.support.postgres import Postgres
from tests.support.samples import COUNTER
from tests.support.service import service_database_in

pytestmark = pytest.mark.postgres

HIDDEN = "水库排查清单"
NAME = "sound"
NUMBERS = count(1)
LAST = "position = (select max(position) from store.event)"
FIRST = "position = (select min(position) from store.event)"
AGAIN = f"""
insert into store.event (shard, stream_id, version, event_id, type, schema_version, data, meta,
    recorded_at, previous_hash, hash)
select shard, stream_id, version + 1, gen_random_uuid(), type, schema_version, data, meta,
    recorded_at, hash, hash from store.event where {LAST}
"""
GONE = f"delete from store.event where {LAST}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sound(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give what a sound run leaves: commands of every outcome, a view, a quiet log."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lease, "_MOVE", lease._MOVE)  # noqa: SLF001 put back at the end
        trace.tell_epochs()
        async with service_database_in(postgres, NAME) as database:
            await trace.install(database.owner)
            evidence = evidence_of(database.settings.owner_dsn(NAME), folder)
            async with database.process(COUNTER) as process:
                await play(process, evidence)
    (evidence.logs / "counters.log").write_text('{"event": "started"}\n')
    evidence.secrets = frozenset({HIDDEN})
    evidence.recovered, evidence.faulted = 3.0, (10.0, 15.0)
    evidence.before = evidence.after = {SERVICE: Use(resident=100_000, descriptors=40)}
    return evidence


@pytest.fixture
async def run(sound: Evidence, postgres: Postgres, tmp_path: Path) -> Evidence:
    """Give a copy of it that a test may put wrong."""
    name = f"{NAME}_{next(NUMBERS)}"
    await changed(postgres.dsn("postgres"), f'create database "{name}" template "{NAME}"')
    history = History(tmp_path / "history.jsonl")
    for one in sound.history:
        history.add(one)
    return replace(sound, history=history, databases={SERVICE: postgres.dsn(name)})


CHECKERS = {
    answered_commands: ("answered OK", "commands in stores"),
    refused_and_unknown: (
        "refused",
        "unknown",
        "unknown, then done",
        "unknown, never done",
    ),
    whole_streams: ("events", "streams"),
    folded_views: ("views", "events folded", "rows compared"),
    recovery: ("followers",),
    quiet_and_sound: ("answers", "log lines", "secrets", "processes measured"),
    fenced_writes: ("moves of checkpoints", "moves of leases"),
}


async def test_a_sound_run_is_looked_at_and_found_sound(run: Evidence) -> None:
    for checker, counted in CHECKERS.items():
        verdict = await checker(run, SERVICES)
        assert not verdict.violations
        for what in counted:
            assert verdict.counted[what] > 0, verdict


DEFECTS: dict[str, Defect] = {
    "an event lost": defect(
        answered_commands,
        SERVICE,
        events_lost(FIRST),
        "was answered OK, but its store lost 1 of",
    ),
    "an event repeated": defect(
        answered_commands, SERVICE, (unguarded(AGAIN), ""), "3 are stored under it"
    ),
    "a command forgotten": defect(
        answered_commands, SERVICE, ("delete from store.command", ""), "does not remember"
    ),
    "a command lost": defect(
        answered_commands,
        SERVICE,
        ("delete from store.command;" + unguarded("delete from store.event"), ""),
        "knows nothing of it: lost",
    ),
    "an unknown command half done": defect(
        refused_and_unknown, SERVICE, (unguarded(GONE), ""), "lost 1 of its 2 events"
    ),
    "a tail cut": defect(
        whole_streams,
        SERVICE,
        (unguarded(GONE), ""),
        "is said to be at version 2, and has 1",
        "cut tail",
    ),
    "a gap": defect(
        whole_streams,
        SERVICE,
        (unguarded(f"delete from store.event where {FIRST}"), ""),
        "missing or repeated",
    ),
    "a changed event": defect(
        whole_streams,
        SERVICE,
        (unguarded(f"update store.event set data = data || ' ' where {LAST}"), ""),
        "changed event",
    ),
    "a changed hash": defect(
        whole_streams,
        SERVICE,
        (unguarded(f"update store.event set hash = '\\x00' where {FIRST}"), ""),
        "broken link",
    ),
    "a stream of another shard": defect(
        whole_streams,
        SERVICE,
        (unguarded(f"update store.event set shard = (shard + 1) % 16 where {LAST}"), ""),
        "in another stream's shard",
    ),
    "a row off by one": defect(
        folded_views,
        SERVICE,
        ("update counters_1.counters set total = total + 1", ""),
        "differs from a fresh fold in total",
    ),
    "a view that was never built": defect(
        folded_views, SERVICE, ("drop schema counters_1 cascade", ""), "was never built"
    ),
    "a follower that stands still": defect(
        recovery,
        SERVICE,
        ("update feed.follower set error = 'boom'", ""),
        "stands still: boom",
    ),
    "a follower behind": defect(
        recovery, SERVICE, ("update feed.checkpoint set position = 0", ""), "events left"
    ),
    "an old owner's move": defect(
        fenced_writes,
        SERVICE,
        ("update traced.move set believed = 0 where what = 'checkpoint'", ""),
        "an old owner wrote",
    ),
    "moves of nobody's": defect(
        fenced_writes,
        SERVICE,
        ("update traced.move set believed = null", ""),
        "nobody said under which lease",
    ),
    "no trace": defect(
        fenced_writes, SERVICE, ("drop schema traced cascade", ""), "nobody traced"
    ),
    "a checkpoint ahead of the store": defect(
        fenced_writes,
        SERVICE,
        ("update feed.checkpoint set position = 1000000", ""),
        "was never drawn",
    ),
    "a secret with what is parked": defect(
        quiet_and_sound,
        SERVICE,
        (
            (
                'insert into feed.parked (consumer, topic, partition, "offset", key, headers, error)'
                f" values ('c', 't', 0, 0, '', '{{}}', 'cannot read {HIDDEN}')"
            ),
            "",
        ),
        "parked record 1 tells a secret",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
async def test_what_is_wrong_with_a_store_is_found(run: Evidence, name: str) -> None:
    defect = DEFECTS[name]
    await changed(run.databases[SERVICE], defect.made)
    found = await said_by(defect.checker, run)
    for said in defect.said:
        assert any(said in sentence for sentence in found), found


async def test_what_was_refused_and_done_is_a_phantom(
    run: Evidence, tmp_path: Path
) -> None:
    first, *others = run.history
    run.history = History(tmp_path / "another.jsonl")
    for one in (
        replace(first, outcome=Outcome.REFUSED, status=409, said="too_late"),
        *others,
    ):
        run.history.add(one)
    (found,) = await said_by(refused_and_unknown, run)
    assert (
        "was refused (409 too_late), but 2 events of it are in the store: a phantom"
        in found
    )


async def test_what_nobody_answers_when_all_is_well_did_not_converge(run: Evidence) -> None:
    run.history.add(attempt(uuid4(), uuid4(), Outcome.UNKNOWN, phase=Phase.QUIESCE))
    (found,) = await said_by(refused_and_unknown, run)
    assert "did not converge" in found


async def test_what_was_done_and_then_taken_for_another_request_is_found(
    run: Evidence,
) -> None:
    last = [one for one in run.history if one.outcome is Outcome.UNKNOWN][-1]
    run.history.add(replace(last, outcome=Outcome.REFUSED, status=422, said="key-reused"))
    (found,) = await said_by(refused_and_unknown, run)
    assert "was taken for another request" in found


async def test_a_repeat_that_was_answered_otherwise_is_told(run: Evidence) -> None:
    run.compared, run.unlike = 1, ["raise was answered 200, then 201"]
    (found,) = await said_by(answered_commands, run)
    assert "raise was answered 200, then 201" in found
