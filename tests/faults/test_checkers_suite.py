# ruff: noqa: S608 every name in a statement is ours
"""The checkers of views, effects and alerts on a whole suite: silent, until something is wrong."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from tests.faults.checkers.alerts import mailboxes
from tests.faults.checkers.auditing import audit_records
from tests.faults.checkers.commands import answered_commands
from tests.faults.checkers.effects import single_effects
from tests.faults.checkers.hearing import heard_alerts
from tests.faults.checkers.stores import SERVICES
from tests.faults.checkers.streams import whole_streams
from tests.faults.checkers.views import folded_views
from tests.faults.defects import changed, defect, events_lost, lost, unguarded
from tests.faults.evidence import Checker, Evidence
from tests.faults.history import History
from tests.support.office import assigned, matter_of, open_series, registered
from tests.support.postgres import Postgres
from tests.support.suite import Suite, suite_on

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

MADE_UP = UUID(int=7)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Suite]:
    """Give a suite in which two matters were opened, one of them assigned."""
    async with suite_on(postgres, tmp_path_factory.mktemp("issuer")) as suite:
        await open_series(suite, "documents", "收")
        await open_series(suite, "supervision", "云政督")
        for number in (18, 19):
            document = await registered(
                suite, sender_doc_no=f"华政办明电〔2025〕{number}号"
            )
            matter = await matter_of(suite, document)
        await assigned(suite, matter)
        denied = await suite.do(
            "deng.jie", f"/documents/v1/incoming/{document}/disposition", {}
        )
        assert denied.status_code == 403
        await suite.settled()
        yield suite


@pytest.fixture
def evidence(played: Suite, tmp_path: Path) -> Evidence:
    """Give what a run of it would leave."""
    settings = played.hosted.settings
    return Evidence(
        history=History(tmp_path / "history.jsonl"),
        databases={name: settings.owner_dsn(name) for name in SERVICES},
        bootstrap="",
        logs=tmp_path,
        secrets=frozenset(),
        denials=1,
    )


@pytest.mark.parametrize(
    ("checker", "counted"),
    [
        (answered_commands, ["commands in stores"]),
        (whole_streams, ["events", "streams"]),
        (folded_views, ["views", "events folded", "rows compared"]),
        (
            single_effects,
            ["matters to open", "effects of others' events", "entries of replicas"],
        ),
        (mailboxes, ["alerts", "alerts to be told", "events replayed"]),
        (audit_records, ["denied tries"]),
    ],
)
async def test_a_sound_suite_is_looked_at_and_found_sound(
    evidence: Evidence, checker: Checker, counted: Sequence[str]
) -> None:
    verdict = await checker(evidence)
    assert not verdict.violations
    for what in counted:
        assert verdict.counted[what] > 0, verdict.counted


MATTERS = "matters_3.matter"
MATTER = "stream_id = (select min(stream_id) from store.event where type = 'matter.Opened')"
EVENT = f"type = 'matter.Opened' and {MATTER}"
FIRST = "subscriber = (select min(subscriber) from notifier.mailbox) and sequence = 1"
REPEATED = f"""
insert into store.event (position, shard, stream_id, version, event_id, type, schema_version,
    data, meta, recorded_at, previous_hash, hash) overriding system value
select -1, shard, stream_id, 99, gen_random_uuid(), type, schema_version, data,
    convert_to(jsonb_set(convert_from(meta, 'UTF8')::jsonb, '{{command_id}}',
        to_jsonb(gen_random_uuid()))::text, 'UTF8'), recorded_at, previous_hash, hash
from store.event where {EVENT}
"""
REPEATED_BACK = "delete from store.event where position = -1"
TOLD_AGAIN = f"""
with told as (select m.subscriber, m.on_behalf_of, a.* from notifier.mailbox m
    join notifier.alert a using (alert_id) where {FIRST}),
alert as (insert into notifier.alert select '{MADE_UP}', rule, kind, severity, entity_type,
    entity_id, entity_number, args, occurred_at, created_at, deadline_at, event_id, event_type,
    topic, correlation_id, recorded_at from told),
head as (update notifier.head h set head = head + 1 from told
    where h.subscriber = told.subscriber returning h.subscriber, h.head)
insert into notifier.mailbox select head.subscriber, head.head, '{MADE_UP}', told.on_behalf_of,
    'firing' from told join head using (subscriber)
"""
TOLD_AGAIN_BACK = f"""
update notifier.head h set head = head - 1 from notifier.mailbox m
where m.alert_id = '{MADE_UP}' and h.subscriber = m.subscriber;
delete from notifier.mailbox where alert_id = '{MADE_UP}';
delete from notifier.alert where alert_id = '{MADE_UP}'
"""


MADE_UP_MATTER = f"""
create table saved as select * from {MATTERS} limit 1;
update saved set matter_id = '{MADE_UP}';
insert into {MATTERS} select * from saved;
drop table saved
"""

DEFECTS = {
    "a view's row off by one": defect(
        folded_views,
        "supervision",
        (
            f"update {MATTERS} set urged = urged + 1",
            f"update {MATTERS} set urged = urged - 1",
        ),
        "differs from a fresh fold in urged",
    ),
    "a view's row lost": defect(
        folded_views, "supervision", lost(MATTERS, "true"), "is missing from the view"
    ),
    "a view's row that nothing made": defect(
        folded_views,
        "supervision",
        (
            MADE_UP_MATTER,
            f"delete from {MATTERS} where matter_id = '{MADE_UP}'",
        ),
        "no event made it",
    ),
    "a matter that was never opened": defect(
        single_effects, "supervision", events_lost(MATTER), "no matter was opened"
    ),
    "a matter opened twice": defect(
        single_effects,
        "supervision",
        (REPEATED, unguarded(REPEATED_BACK)),
        "was opened 2 times",
        "by 2 commands",
    ),
    "an instruction that is in no store": defect(
        single_effects,
        "documents",
        events_lost("type = 'incoming.InstructionGiven'"),
        "was opened for an event that is in no store",
    ),
    "a replica behind the directory": defect(
        single_effects,
        "meetings",
        (
            "update directory.entry set sequence = sequence - 1 where place = 'person'",
            "update directory.entry set sequence = sequence + 1 where place = 'person'",
        ),
        "and the replica has number 0",
    ),
    "an alert that nobody got": defect(
        mailboxes,
        "notifier",
        lost("notifier.mailbox", FIRST),
        "was never told",
        "it has a gap",
    ),
    "somebody told twice": defect(
        mailboxes,
        "notifier",
        (TOLD_AGAIN, TOLD_AGAIN_BACK),
        "was told 2 times",
        "should not have been",
    ),
    "a denial that is not on record": defect(
        audit_records,
        "documents",
        events_lost("type = 'audit.AccessDenied'"),
        "1 calls were denied, and 0 are on record",
    ),
    "an admin act that nobody asked for": defect(
        audit_records,
        "documents",
        (
            unguarded(
                "update store.event set type = 'audit.AdminActed' where type like 'audit.%'"
            ),
            unguarded(
                "update store.event set type = 'audit.AccessDenied' where type like 'audit.%'"
            ),
        ),
        "is of an act that nobody asked for",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
async def test_what_is_wrong_with_a_suite_is_found(evidence: Evidence, name: str) -> None:
    defect = DEFECTS[name]
    await changed(evidence.databases[defect.service], defect.made)
    try:
        found = await defect.found(evidence)
    finally:
        await changed(evidence.databases[defect.service], defect.undone)
    for said in defect.said:
        assert any(said in sentence for sentence in found), found


Told = Sequence[tuple[int, str]]
HEARD: dict[str, Callable[[Told], Told]] = {
    "in its order": lambda told: told,
    "with repeats": lambda told: [*told, *told],
    "never gave number 1": lambda told: told[1:],
    "gave number 1 too late": lambda told: told[::-1],
    "and the mailbox has": lambda told: [(told[0][0], str(MADE_UP)), *told[1:]],
}


@pytest.mark.parametrize("said", HEARD)
async def test_a_stream_gives_all_of_a_mailbox_in_its_order(
    played: Suite, evidence: Evidence, said: str
) -> None:
    rows = await played.rows("notifier", "select * from notifier.mailbox order by sequence")
    person = next(row["subscriber"] for row in reversed(rows))
    told = [(r["sequence"], str(r["alert_id"])) for r in rows if r["subscriber"] == person]
    evidence.streamed = {person: HEARD[said](told)}
    found = (await heard_alerts(evidence)).violations
    sound = said in {"in its order", "with repeats"}
    assert bool(found) is not sound, found
    assert sound or all(said in sentence for sentence in found), found
