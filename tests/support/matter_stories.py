"""Stories of a matter: anything that can be asked of it, in any order."""

from collections.abc import Iterable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chassis.domain import RefusedError
from services.supervision.domain import commands as c
from services.supervision.domain.events import MatterEvent
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import FeedbackKind
from tests.support.matter_wishes import (
    ACCEPT,
    CALENDAR,
    CHILD_DONE,
    CLOSE,
    DECOMPOSE,
    DUES,
    ID,
    IDS,
    ISSUE,
    MOMENTS,
    NUMBERS,
    PEOPLE,
    REACH,
    REPORT,
    SEE,
    SEND_BACK,
    UNITS,
    VOTES,
    assignments,
    openings,
    receipts,
    reports,
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
    REACH,
    ISSUE,
    DECOMPOSE,
    CHILD_DONE,
    SEND_BACK,
    REPORT,
    VOTES,
    st.builds(
        c.IssueSupervisionNotice,
        matter_id=ID,
        sheet_no=NUMBERS,
        unit_head=PEOPLE,
        heads_unit=st.booleans(),
        issued_by=PEOPLE,
        issued_at=MOMENTS,
    ),
    st.builds(
        c.ReceiveSupervisionNotice,
        matter_id=ID,
        sheet_no=NUMBERS,
        received_by=PEOPLE,
        received_at=MOMENTS,
    ),
    st.builds(
        c.RecordResultSeen,
        matter_id=ID,
        seen_by=PEOPLE,
        seen_at=MOMENTS,
        commended=st.booleans(),
        recorded_by=PEOPLE,
        recorded_at=MOMENTS,
        calendar=CALENDAR,
    ),
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
    REACH,
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
