"""What can be asked of a matter, drawn at random."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chassis.calendars import load_calendar
from services.supervision.domain import commands as c
from services.supervision.domain.ladder import dated, is_step
from services.supervision.domain.limits import Limits
from services.supervision.domain.words import FeedbackKind, SourceKind
from tests.support.matter_opening import LADDER

ID = st.just(UUID(int=1))
IDS = st.sampled_from([UUID(int=2), UUID(int=3)])
UNITS = st.sampled_from(["lead", "co", "other"])
PEOPLE = st.sampled_from(["asker", "officer"])
NUMBERS = st.sampled_from(["1", "2"])
GIVEN = datetime(2025, 4, 25, 10, 30, tzinfo=UTC)
DUE = datetime(2025, 5, 6, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.integers(0, 600).map(lambda hours: GIVEN + hours * HOUR)
DUES = st.sampled_from([DUE, GIVEN + HOUR])
CALENDAR = st.just(load_calendar([2025]))
YEAR = load_calendar([2025])
LIMITS = st.just(
    Limits(assign_minutes={"urgent": 60}, receive_minutes={"urgent": 60}, rungs=LADDER)
)
PINNED = dated(LADDER, DUE, GIVEN.date(), YEAR)
RUNGS = st.sampled_from([rung for rung in PINNED if is_step(rung)])


def openings(
    source: SearchStrategy[UUID], days: SearchStrategy[int | None]
) -> SearchStrategy[c.OpenMatter]:
    return st.builds(
        c.OpenMatter,
        matter_id=ID,
        organ=st.just("gov"),
        source_kind=st.just(SourceKind.INSTRUCTION),
        source_id=source,
        source_document_id=IDS,
        source_document_no=st.none(),
        urgency=st.sampled_from(["urgent", "none"]),
        asked_by=st.just("asker"),
        asked_at=st.just(GIVEN),
        recorded_at=st.just(GIVEN),
        addressee=st.none(),
        lead=st.none(),
        co=st.just(()),
        within_work_days=days,
        outside_due=st.none() | MOMENTS,
        limits=LIMITS,
        calendar=CALENDAR,
    )


def assignments(
    lead: SearchStrategy[str], co: SearchStrategy[tuple[str, ...]]
) -> SearchStrategy[c.AssignMatter]:
    return st.builds(
        c.AssignMatter,
        matter_id=ID,
        number=NUMBERS,
        subject=st.just(""),
        requirement=st.just(""),
        lead=lead,
        responsible_person=PEOPLE,
        co=co,
        assigned_by=PEOPLE,
        assigned_at=MOMENTS,
        limits=LIMITS,
        calendar=CALENDAR,
    )


def receipts(unit: SearchStrategy[str]) -> SearchStrategy[c.ReceiveMatter]:
    return st.builds(
        c.ReceiveMatter, matter_id=ID, unit=unit, received_by=PEOPLE, received_at=MOMENTS
    )


def reports(
    kind: SearchStrategy[FeedbackKind],
    unit: SearchStrategy[str],
    headed: SearchStrategy[bool],
) -> SearchStrategy[c.GiveFeedback]:
    return st.builds(
        c.GiveFeedback,
        matter_id=ID,
        feedback_id=IDS,
        kind=kind,
        unit=unit,
        given_by=PEOPLE,
        signed_by=PEOPLE,
        signer_heads_unit=headed,
        submitted_at=MOMENTS,
        summary=st.just(""),
        evidence_name=st.none() | st.just("map"),
        evidence_sha256=st.none() | st.just("0" * 64) | st.just("bad"),
        calendar=CALENDAR,
    )


ACCEPT = st.builds(
    c.AcceptFeedback,
    matter_id=ID,
    feedback_id=IDS,
    accepted_by=PEOPLE,
    accepted_at=MOMENTS,
    calendar=CALENDAR,
)
SEE = st.builds(c.NoteResultSeen, matter_id=ID, seen_by=PEOPLE, seen_at=MOMENTS)
CLOSE = st.builds(c.CloseMatter, matter_id=ID, closed_by=PEOPLE, closed_at=MOMENTS)
REACH = st.tuples(ID, RUNGS).map(
    lambda one: c.ReachRung(matter_id=one[0], rung=one[1].code, at=one[1].due_at)
)
DECOMPOSE = st.builds(
    c.DecomposeMatter,
    matter_id=ID,
    child_id=IDS,
    child_organ=st.sampled_from(["gov", "npc"]),
    child_due=MOMENTS,
    calendar=CALENDAR,
)
CHILD_DONE = st.builds(
    c.NoteSubMatterCompleted,
    matter_id=ID,
    child_id=IDS,
    child_number=NUMBERS,
    submitted_at=MOMENTS,
    noted_by=PEOPLE,
    noted_at=MOMENTS,
    calendar=CALENDAR,
)
SEND_BACK = st.builds(
    c.SendBackFeedback,
    matter_id=ID,
    feedback_id=IDS,
    sent_back_by=PEOPLE,
    sent_back_at=MOMENTS,
    reasons=st.just(""),
    calendar=CALENDAR,
)
REPORT = st.builds(
    c.NoteHandlingReport,
    matter_id=ID,
    report_no=NUMBERS,
    delivered_by=PEOPLE,
    submitted_at=MOMENTS,
    noted_by=PEOPLE,
    noted_at=MOMENTS,
    calendar=CALENDAR,
)
VOTES: SearchStrategy[c.NoteSatisfactionVote] = st.builds(
    c.NoteSatisfactionVote,
    matter_id=ID,
    meeting_id=IDS,
    satisfied=st.booleans(),
    voted_at=MOMENTS,
    due_again=st.just(GIVEN + 1000 * HOUR),
    comment_due_again=st.none(),
    noted_by=PEOPLE,
    calendar=CALENDAR,
)
ISSUE = st.builds(
    c.IssueUrgingSheet, matter_id=ID, sheet_no=NUMBERS, issued_by=PEOPLE, issued_at=MOMENTS
)
