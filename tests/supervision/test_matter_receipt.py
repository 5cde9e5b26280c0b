"""Units receive a matter and name who works on it (steps 11-14 of the scenario)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.supervision.domain.commands import NameHandler, ReceiveMatter
from services.supervision.domain.events import HandlerNamed, MatterReceived
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    NotAssignedToUnitError,
    NotReceivedError,
)

ID = UUID(int=1)
LEAD, TOWN = "县水利局", "青石镇"
NUMBER = "云政督〔2025〕31号"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


def receipt(unit: str, moment: str = "04-25 19:05") -> ReceiveMatter:
    return ReceiveMatter(
        matter_id=ID, unit=unit, received_by="shen.fang", received_at=at(moment)
    )


def handler(unit: str, person: str = "gao.yan") -> NameHandler:
    return NameHandler(matter_id=ID, unit=unit, handler=person, named_by="deng.jie")


@pytest.mark.parametrize(
    ("moment", "late"),
    [("04-25 19:20", 0), ("04-25 19:50", 0), ("04-25 19:50:01", 1), ("04-25 20:04", 14)],
)
def test_minutes_late_are_those_begun_after_the_limit(
    assigned: Matter, moment: str, late: int
) -> None:
    given(assigned).when(receipt(TOWN, moment)).then(
        MatterReceived(
            matter_id=ID,
            organ="gov",
            number=NUMBER,
            unit=TOWN,
            received_by="shen.fang",
            received_at=at(moment),
            minutes_late=late,
        )
    )


def test_without_a_limit_no_unit_is_late(assigned: Matter) -> None:
    (event,) = replace(assigned, receive_due=None).decide(receipt(TOWN, "04-30 10:00"))
    assert isinstance(event, MatterReceived)
    assert event.minutes_late == 0


def test_only_an_assigned_unit_receives(opened: Matter, assigned: Matter) -> None:
    given(opened).when(receipt(LEAD)).then_refused(NotAssignedToUnitError, unit=LEAD)
    given(assigned).when(receipt("县财政局")).then_refused(NotAssignedToUnitError)


def test_receiving_twice_changes_nothing(received: Matter, closed: Matter) -> None:
    given(received).when(receipt(LEAD, "04-25 21:00")).then_nothing()
    given(closed).when(receipt(LEAD)).then_nothing()
    given(closed).when(receipt(TOWN)).then_refused(AlreadyClosedError)


def test_a_unit_names_its_handler_and_may_change_him(received: Matter) -> None:
    first = HandlerNamed(
        matter_id=ID,
        organ="gov",
        number=NUMBER,
        unit=LEAD,
        handler="gao.yan",
        named_by="deng.jie",
    )
    given(received).when(handler(LEAD)).then(first)
    given(received, first).when(handler(LEAD)).then_nothing()
    given(received, first).when(handler(LEAD, "tang.yong")).then(
        replace(first, handler="tang.yong")
    )


def test_a_unit_receives_before_it_names_a_handler(received: Matter) -> None:
    given(received).when(handler(TOWN)).then_refused(NotReceivedError, unit=TOWN)
    given(received).when(handler("县财政局")).then_refused(NotAssignedToUnitError)


def test_after_closing_no_handler_is_named(closed: Matter) -> None:
    given(closed).when(handler(LEAD)).then_refused(AlreadyClosedError)


def test_an_unknown_matter_is_not_received() -> None:
    for command in (receipt(LEAD), handler(LEAD)):
        given(Matter()).when(command).then_refused(UnknownItemError, matter_id=ID)
