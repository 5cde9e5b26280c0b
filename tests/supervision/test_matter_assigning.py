"""A matter is assigned: one item, one sheet."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from chassis.workdays import Calendar
from services.supervision.domain.commands import (
    AssignMatter,
    MarkOverdue,
    OpenMatter,
)
from services.supervision.domain.events import (
    HandlerNamed,
    MatterAssigned,
    MatterOpened,
    MatterOverdue,
)
from services.supervision.domain.ladder import DatedRung
from services.supervision.domain.limits import Limits
from services.supervision.domain.matter import MATTER, Matter
from services.supervision.domain.refusals import (
    AlreadyAssignedError,
    AlreadyClosedError,
    UnitTwiceError,
)
from services.supervision.domain.words import Light, SourceKind
from tests.support.matter_opening import (
    EMERGENCY,
    ID,
    LADDER,
    LEAD,
    LIMITS,
    SOURCE,
    TOWN,
    at,
    opened_by,
)

PINNED = tuple(
    DatedRung(
        code=rung.code,
        at=rung.at,
        due_at=at(moment),
        light=rung.light,
        sheet=rung.sheet,
        colour=rung.colour,
        tell=rung.tell,
    )
    for rung, moment in zip(
        LADDER,
        ("04-30 08:30", "05-06 18:00", "05-07 08:30", "05-08 18:00", "05-13 18:00"),
        strict=True,
    )
)


@pytest.fixture
def opening(calendar: Calendar) -> OpenMatter:
    """Return the instruction of step 9."""
    return OpenMatter(
        matter_id=ID,
        organ="gov",
        source_kind=SourceKind.INSTRUCTION,
        source_id=SOURCE,
        source_document_id=UUID(int=3),
        source_document_no="华政办明电〔2025〕18号",
        urgency="extra_urgent",
        asked_by="zhou.zhiyuan",
        asked_at=at("04-25 18:30"),
        recorded_at=at("04-25 18:42"),
        addressee="chen.jianguo",
        lead=LEAD,
        co=(EMERGENCY, TOWN),
        within_work_days=5,
        outside_due=at("05-09 18:00"),
        limits=LIMITS,
        calendar=calendar,
    )


@pytest.fixture
def assignment(calendar: Calendar) -> AssignMatter:
    """Return the assignment of step 10."""
    return AssignMatter(
        matter_id=ID,
        number="云政督〔2025〕31号",
        subject="水库安全隐患排查整治",
        requirement="立即排查",
        lead=LEAD,
        responsible_person="tang.yong",
        co=(EMERGENCY, TOWN),
        assigned_by="sun.li",
        assigned_at=at("04-25 18:50"),
        limits=LIMITS,
        calendar=calendar,
    )


def test_assigning_sets_the_dates_that_follow(
    assignment: AssignMatter, opened: Matter
) -> None:
    given(opened).when(assignment).then(
        MatterAssigned(
            matter_id=ID,
            organ="gov",
            number="云政督〔2025〕31号",
            subject="水库安全隐患排查整治",
            requirement="立即排查",
            lead=LEAD,
            responsible_person="tang.yong",
            co=(EMERGENCY, TOWN),
            assigned_by="sun.li",
            assigned_at=at("04-25 18:50"),
            due=at("05-06 18:00"),
            near=at("04-30 08:30"),
            rungs=PINNED,
            feedback_dues=(),
            receive_due=at("04-25 19:50"),
            outside_due=at("05-09 18:00"),
            asked_by="zhou.zhiyuan",
            addressee="chen.jianguo",
            parent_id=None,
            source_document_id=UUID(int=3),
            source_document_no="华政办明电〔2025〕18号",
        )
    )


def test_the_units_are_those_the_leader_named_until_it_is_assigned(
    opening: OpenMatter, assignment: AssignMatter
) -> None:
    said = replace(opening, lead=LEAD, co=(EMERGENCY,), outside_due=None)
    unsaid = replace(said, lead=None, co=())
    elsewhere = replace(assignment, lead=TOWN, co=())
    for command, lead, co in ((said, LEAD, (EMERGENCY,)), (unsaid, None, ())):
        opened = Matter().evolve(opened_by(command))
        overdue = MatterOverdue(
            matter_id=ID,
            organ="gov",
            number=None,
            lead=lead,
            co=co,
            addressed_organ=None,
            due=at("05-06 18:00"),
            outside_due=None,
            light=Light.RED,
        )
        timer = MarkOverdue(matter_id=ID, due=overdue.due)
        given(opened).when(timer).then(overdue)
        given(opened, *opened.decide(elsewhere)).when(timer).then(
            replace(overdue, number=elsewhere.number, lead=TOWN, co=())
        )


def test_an_urgency_without_a_limit_has_no_time_to_receive(
    assignment: AssignMatter, opened: Matter
) -> None:
    (event,) = opened.decide(replace(assignment, limits=Limits()))
    assert isinstance(event, MatterAssigned)
    assert event.receive_due is None


def test_a_matter_is_assigned_once(
    assignment: AssignMatter, assigned: Matter, closed: Matter
) -> None:
    given(assigned).when(assignment).then_refused(AlreadyAssignedError, lead=LEAD)
    given(closed).when(assignment).then_refused(AlreadyClosedError)


@pytest.mark.parametrize(
    ("co", "twice"), [((TOWN, LEAD), LEAD), ((TOWN, EMERGENCY, TOWN), TOWN)]
)
def test_a_unit_leads_or_co_handles_once(
    assignment: AssignMatter, opened: Matter, co: tuple[str, ...], twice: str
) -> None:
    given(opened).when(replace(assignment, co=co)).then_refused(UnitTwiceError, unit=twice)


def test_only_an_opened_matter_is_assigned(assignment: AssignMatter) -> None:
    given(Matter()).when(assignment).then_refused(UnknownItemError, matter_id=ID)


def test_what_is_no_command_and_no_event_of_a_matter_is_a_defect(opened: Matter) -> None:
    foreign: Any = object()
    with pytest.raises(AssertionError):
        opened.decide(foreign)
    with pytest.raises(AssertionError):
        opened.evolve(foreign)


def test_stored_types_are_the_events_without_the_noun() -> None:
    assert MATTER.type_of(MatterOpened) == "matter.Opened"
    assert MATTER.type_of(HandlerNamed) == "matter.HandlerNamed"
    assert (len(MATTER.events), len(MATTER.commands)) == (26, 27)
