"""How a matter is kept from being forgotten: its lights and the ladder (P-NEAR, P-LADDER).

The *due* that a timer carries is the due date it was armed for; once that has moved, the
timer is superseded and nothing happens.
"""

from uuid import UUID

from services.supervision.domain.commands import (
    IssueUrgingSheet,
    MarkNearDue,
    MarkOverdue,
    ReachRung,
    ReceiveUrgingSheet,
    UrgeByPhone,
)
from services.supervision.domain.events import (
    MatterEscalated,
    MatterEvent,
    MatterNearDue,
    MatterOverdue,
    MatterUrged,
    UrgingSheetPrepared,
    UrgingSheetReceived,
)
from services.supervision.domain.ladder import DatedRung, is_step
from services.supervision.domain.refusals import (
    NoSheetPreparedError,
    NothingToUrgeError,
    SheetToAnotherUnitError,
    UnknownSheetError,
)
from services.supervision.domain.state import MatterState
from services.supervision.domain.words import Light, RungAt, SheetKind, UrgeMeans


def mark_near_due(matter: MatterState, command: MarkNearDue) -> list[MatterEvent]:
    """Turn the light yellow, once for a due date and only while no answer is in."""
    superseded = command.due != matter.due
    if superseded or matter.answered or matter.near_marked == command.due:
        return []
    return [
        MatterNearDue(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            addressed_organ=matter.addressed_organ,
            due=command.due,
            outside_due=matter.outside_due,
            light=_light(matter, RungAt.NEAR, Light.YELLOW),
        )
    ]


def mark_overdue(matter: MatterState, command: MarkOverdue) -> list[MatterEvent]:
    """Turn the light red, once for a due date and only while no answer is in."""
    superseded = command.due != matter.due
    if superseded or matter.answered or matter.overdue_marked == command.due:
        return []
    return [_overdue(matter, command.matter_id)]


def reach_rung(matter: MatterState, command: ReachRung) -> list[MatterEvent]:
    """Reach a rung after the due date, once and while no answer is in.

    Rungs are reached in their order: what lies below and was not reached comes first.
    """
    steps = [rung for rung in matter.rungs if is_step(rung)]
    found = [n for n, rung in enumerate(steps) if rung.code == command.rung]
    if not found or steps[found[0]].due_at != command.at or command.rung in matter.reached:
        return []
    if matter.answered or matter.number is None or matter.lead is None:
        return []
    number, lead = matter.number, matter.lead
    events: list[MatterEvent] = []
    if matter.overdue_marked != matter.due:
        events.append(_overdue(matter, command.matter_id))
    below = [r for r in steps[: found[0] + 1] if r.code not in matter.reached]
    return events + [
        _reached(matter, rung, command.matter_id, number, lead) for rung in below
    ]


def _reached(
    matter: MatterState, rung: DatedRung, matter_id: UUID, number: str, lead: str
) -> MatterEvent:
    if rung.sheet is SheetKind.URGING_SHEET:
        return UrgingSheetPrepared(
            matter_id=matter_id,
            organ=matter.organ,
            number=number,
            unit=lead,
            due=matter.due,
            rung=rung.code,
            light=rung.light,
            colour=rung.colour,
        )
    return MatterEscalated(
        matter_id=matter_id,
        organ=matter.organ,
        number=number,
        unit=lead,
        rung=rung.code,
        due=matter.due,
        light=rung.light,
        sheet=rung.sheet,
        colour=rung.colour,
        tell=rung.tell,
    )


def _overdue(matter: MatterState, matter_id: UUID) -> MatterOverdue:
    return MatterOverdue(
        matter_id=matter_id,
        organ=matter.organ,
        number=matter.number,
        lead=matter.lead,
        co=matter.co,
        addressed_organ=matter.addressed_organ,
        due=matter.due,
        outside_due=matter.outside_due,
        light=_light(matter, RungAt.DUE, Light.RED),
    )


def _light(matter: MatterState, at: RungAt, usual: Light) -> Light:
    return next((rung.light for rung in matter.rungs if rung.at is at), usual)


def urge_by_phone(matter: MatterState, command: UrgeByPhone) -> list[MatterEvent]:
    """Record a call to an assigned unit; every call is a fact of its own."""
    expect_something_to_urge(matter)
    number = matter.expect_unit(command.unit)
    return [
        MatterUrged(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=number,
            unit=command.unit,
            means=UrgeMeans.PHONE,
            by_hand=True,
            urged_by=command.urged_by,
            urged_at=command.urged_at,
            spoken_to=command.spoken_to,
        )
    ]


def issue_sheet(matter: MatterState, command: IssueUrgingSheet) -> list[MatterEvent]:
    """Issue the prepared sheet to the unit it was prepared for, once."""
    expect_something_to_urge(matter)
    if matter.number is None or matter.sheet_for is None:
        raise NoSheetPreparedError
    return [
        MatterUrged(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.sheet_for,
            means=UrgeMeans.SHEET,
            by_hand=False,
            urged_by=command.issued_by,
            urged_at=command.issued_at,
            sheet_no=command.sheet_no,
            colour=matter.sheet_colour,
        )
    ]


def receive_sheet(matter: MatterState, command: ReceiveUrgingSheet) -> list[MatterEvent]:
    """Let the urged unit receive an issued sheet, once."""
    urged = matter.sheets.get(command.sheet_no)
    if matter.number is None or urged is None:
        raise UnknownSheetError(sheet_no=command.sheet_no)
    if command.unit != urged:
        raise SheetToAnotherUnitError(sheet_no=command.sheet_no, unit=urged)
    if command.sheet_no in matter.sheets_received:
        return []
    matter.expect_not_closed()
    return [
        UrgingSheetReceived(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=urged,
            sheet_no=command.sheet_no,
            received_by=command.received_by,
            received_at=command.received_at,
        )
    ]


def expect_something_to_urge(matter: MatterState) -> None:
    """Refuse to urge what is closed or completed."""
    matter.expect_not_closed()
    if matter.completed:
        raise NothingToUrgeError
