"""The timers of a matter: receipt, light, ladder."""

from dataclasses import replace

import pytest

from chassis.testing import given
from services.supervision.domain.commands import (
    MarkAssignmentOverdue,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
)
from services.supervision.domain.events import (
    MatterAssignmentOverdue,
    MatterEvent,
    MatterReceiptOverdue,
)
from services.supervision.domain.matter import Matter
from tests.support.matter_timers import (
    ASSIGN_DUE,
    ASSIGN_TIMER,
    CO,
    DUE,
    ID,
    LEAD,
    LIGHTS,
    MOVED,
    NEAR,
    NOTICE_TIMER,
    NUMBER,
    OVERDUE,
    RECEIVE_DUE,
    SHEET_TIMER,
    TOWN,
    TOWN_TIMER,
    at,
)

lights = pytest.mark.parametrize(("timer", "event"), LIGHTS, ids=["near", "overdue"])


def test_what_nobody_assigned_in_time_is_marked_once(opened: Matter) -> None:
    overdue = MatterAssignmentOverdue(
        matter_id=ID, organ="gov", number=None, lead=LEAD, co=CO, due=ASSIGN_DUE
    )
    given(opened).when(ASSIGN_TIMER).then(overdue)
    given(opened, overdue).when(ASSIGN_TIMER).then_nothing()


def test_what_is_assigned_is_not_overdue_for_assignment(
    opened: Matter, assigned: Matter
) -> None:
    given(assigned).when(ASSIGN_TIMER).then_nothing()
    superseded = MarkAssignmentOverdue(matter_id=ID, due=at("04-25 20:42"))
    given(opened).when(superseded).then_nothing()


def test_a_unit_that_has_not_received_in_time_is_marked_once(received: Matter) -> None:
    overdue = MatterReceiptOverdue(
        matter_id=ID, organ="gov", number=NUMBER, unit=TOWN, due=RECEIVE_DUE
    )
    given(received).when(TOWN_TIMER).then(overdue)
    given(received, overdue).when(TOWN_TIMER).then_nothing()


def test_a_unit_that_received_is_not_marked(received: Matter, opened: Matter) -> None:
    lead = MarkReceiptOverdue(matter_id=ID, unit=LEAD, due=RECEIVE_DUE)
    given(received).when(lead).then_nothing()
    given(opened).when(lead).then_nothing()
    superseded = MarkReceiptOverdue(matter_id=ID, unit=TOWN, due=DUE)
    given(received).when(superseded).then_nothing()


@lights
def test_each_light_is_turned_once(
    assigned: Matter, timer: MarkNearDue | MarkOverdue, event: MatterEvent
) -> None:
    given(assigned).when(timer).then(event)
    given(assigned, event).when(timer).then_nothing()


@lights
def test_a_timer_for_another_due_date_is_superseded(
    assigned: Matter, timer: MarkNearDue | MarkOverdue, event: MatterEvent
) -> None:
    given(assigned).when(replace(timer, due=MOVED)).then_nothing()
    given(assigned, event).when(replace(timer, due=MOVED)).then_nothing()


@pytest.mark.parametrize("stage", ["answered", "completed", "seen", "closed"])
def test_rungs_rest_while_an_answer_waits_and_ever_after(
    request: pytest.FixtureRequest, stage: str
) -> None:
    matter: Matter = request.getfixturevalue(stage)
    for timer in (SHEET_TIMER, NOTICE_TIMER, *(timer for timer, _ in LIGHTS)):
        given(matter).when(timer).then_nothing()


def test_a_light_turns_even_when_nobody_assigned_the_matter(opened: Matter) -> None:
    given(opened).when(MarkNearDue(matter_id=ID, due=DUE)).then(replace(NEAR, number=None))
    given(opened).when(MarkOverdue(matter_id=ID, due=DUE)).then(
        replace(OVERDUE, number=None)
    )
