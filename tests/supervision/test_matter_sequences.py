"""Whatever is asked of a matter, in whatever order, what it promises stays true."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chassis.calendars import load_calendar
from chassis.domain import RefusedError
from services.supervision.domain import commands as c
from services.supervision.domain.events import (
    MatterClosed,
    MatterCompleted,
    MatterEvent,
    MatterOpened,
)
from services.supervision.domain.limits import Limits
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import FeedbackKind, SourceKind

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
LIMITS = st.just(Limits(assign_minutes={"urgent": 60}, receive_minutes={"urgent": 60}))


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
PREPARE = st.builds(c.PrepareUrgingSheet, matter_id=ID, due=DUES)
ISSUE = st.builds(
    c.IssueUrgingSheet, matter_id=ID, sheet_no=NUMBERS, issued_by=PEOPLE, issued_at=MOMENTS
)
LATER: SearchStrategy[c.MatterCommand] = st.one_of(
    st.builds(c.MarkAssignmentOverdue, matter_id=ID, due=DUES),
    assignments(UNITS, st.lists(UNITS, max_size=2).map(tuple)),
    receipts(UNITS),
    st.builds(c.MarkReceiptOverdue, matter_id=ID, unit=UNITS, due=DUES),
    st.builds(c.NameHandler, matter_id=ID, unit=UNITS, handler=PEOPLE, named_by=PEOPLE),
    st.builds(
        c.UrgeByPhone,
        matter_id=ID,
        unit=UNITS,
        urged_by=PEOPLE,
        urged_at=MOMENTS,
        spoken_to=st.none(),
    ),
    st.builds(c.MarkNearDue, matter_id=ID, due=DUES),
    st.builds(c.MarkOverdue, matter_id=ID, due=DUES),
    PREPARE,
    ISSUE,
    st.builds(
        c.ReceiveUrgingSheet,
        matter_id=ID,
        sheet_no=NUMBERS,
        unit=UNITS,
        received_by=PEOPLE,
        received_at=MOMENTS,
    ),
    reports(st.sampled_from(FeedbackKind), UNITS, st.booleans()),
    ACCEPT,
    SEE,
    CLOSE,
)
ANYTHING: SearchStrategy[c.MatterCommand] = LATER | openings(
    IDS, st.none() | st.integers(0, 30)
)
USUAL: list[SearchStrategy[c.MatterCommand]] = [
    openings(IDS, st.just(5)),
    assignments(st.just("lead"), st.just(("co",))),
    receipts(st.just("lead")),
    PREPARE,
    ISSUE,
    reports(st.just(FeedbackKind.FINAL), st.just("lead"), st.just(True)),
    ACCEPT,
    SEE,
    CLOSE,
]


@st.composite
def stories(draw: st.DrawFn) -> list[c.MatterCommand]:
    """Draw the usual course of a matter with anything before, between and after."""
    story: list[c.MatterCommand] = []
    for step in USUAL:
        story += [*draw(st.lists(ANYTHING, max_size=3)), draw(step)]
    return story + draw(st.lists(ANYTHING, max_size=5))


def play(story: Iterable[c.MatterCommand]) -> list[MatterEvent]:
    """Return all that happens; anything but a refusal escapes."""
    matter, happened = MATTER.initial, list[MatterEvent]()
    for command in story:
        try:
            events = matter.decide(command)
        except RefusedError:
            continue
        for event in events:
            matter = matter.evolve(event)
        happened += events
    return happened


@given(stories())
def test_a_matter_completes_once_at_most_and_nothing_follows_its_closing(
    story: list[c.MatterCommand],
) -> None:
    happened = play(story)
    assert sum(isinstance(event, MatterOpened) for event in happened) == 1
    completed = [event for event in happened if isinstance(event, MatterCompleted)]
    assert len(completed) <= 1
    for event in happened:
        if isinstance(event, MatterClosed):
            assert event is happened[-1]
            assert [event.late_work_days] == [one.late_work_days for one in completed]


@given(st.lists(LATER, max_size=20))
def test_nothing_happens_before_it_is_opened(story: list[c.MatterCommand]) -> None:
    assert play(story) == []
