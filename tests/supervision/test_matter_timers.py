"""The timers of a matter: receipt, light, ladder."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

import pytest

from chassis.testing import given
from services.supervision.domain.commands import (
    MarkAssignmentOverdue,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
    PrepareUrgingSheet,
)
from services.supervision.domain.events import (
    MatterAssignmentOverdue,
    MatterEvent,
    MatterNearDue,
    MatterOverdue,
    MatterReceiptOverdue,
    MatterUrged,
    UrgingSheetPrepared,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.words import UrgeMeans

ID = UUID(int=1)
NUMBER, LEAD, TOWN = "云政督〔2025〕31号", "县水利局", "青石镇"
CO = ("县应急管理局", TOWN)
SHEET = "云政督催〔2025〕9号"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


ASSIGN_DUE, RECEIVE_DUE = at("04-25 19:42"), at("04-25 19:50")
DUE, MOVED, CITY_DUE = at("05-06 18:00"), at("05-07 18:00"), at("05-09 18:00")

PREPARED = UrgingSheetPrepared(matter_id=ID, organ="gov", number=NUMBER, unit=LEAD, due=DUE)
ISSUED = MatterUrged(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    means=UrgeMeans.SHEET,
    by_hand=False,
    urged_by="wang.lei",
    urged_at=at("05-07 09:05"),
    sheet_no=SHEET,
    colour="blue",
)
NEAR = MatterNearDue(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=CO,
    due=DUE,
    outside_due=CITY_DUE,
)
OVERDUE = MatterOverdue(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=CO,
    due=DUE,
    outside_due=CITY_DUE,
)
ASSIGN_TIMER = MarkAssignmentOverdue(matter_id=ID, due=ASSIGN_DUE)
TOWN_TIMER = MarkReceiptOverdue(matter_id=ID, unit=TOWN, due=RECEIVE_DUE)
Rung: TypeAlias = MarkNearDue | MarkOverdue | PrepareUrgingSheet
RUNGS: list[tuple[Rung, MatterEvent]] = [
    (MarkNearDue(matter_id=ID, due=DUE), NEAR),
    (MarkOverdue(matter_id=ID, due=DUE), OVERDUE),
    (PrepareUrgingSheet(matter_id=ID, due=DUE), PREPARED),
]
rungs = pytest.mark.parametrize(("timer", "event"), RUNGS, ids=["near", "overdue", "sheet"])


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


@rungs
def test_each_rung_is_reached_once(
    assigned: Matter, timer: Rung, event: MatterEvent
) -> None:
    given(assigned).when(timer).then(event)
    given(assigned, event).when(timer).then_nothing()


@rungs
def test_a_timer_for_another_due_date_is_superseded(
    assigned: Matter, timer: Rung, event: MatterEvent
) -> None:
    given(assigned).when(replace(timer, due=MOVED)).then_nothing()
    given(assigned, event).when(replace(timer, due=MOVED)).then_nothing()


@pytest.mark.parametrize("stage", ["answered", "completed", "seen", "closed"])
def test_rungs_rest_while_an_answer_waits_and_ever_after(
    request: pytest.FixtureRequest, stage: str
) -> None:
    matter: Matter = request.getfixturevalue(stage)
    for timer, _ in RUNGS:
        given(matter).when(timer).then_nothing()


def test_a_light_turns_even_when_nobody_assigned_the_matter(opened: Matter) -> None:
    given(opened).when(MarkNearDue(matter_id=ID, due=DUE)).then(replace(NEAR, number=None))
    given(opened).when(MarkOverdue(matter_id=ID, due=DUE)).then(
        replace(OVERDUE, number=None)
    )


def test_a_sheet_needs_a_lead_to_go_to(opened: Matter) -> None:
    given(opened).when(PrepareUrgingSheet(matter_id=ID, due=DUE)).then_nothing()


def test_an_issued_sheet_is_not_prepared_again(received: Matter) -> None:
    timer = PrepareUrgingSheet(matter_id=ID, due=DUE)
    given(received, PREPARED, ISSUED).when(timer).then_nothing()
