"""How a matter is kept from being forgotten: its lights and the ladder (P-NEAR, P-LADDER).

The *due* that a timer carries is the due date it was armed for; once that has moved, the
timer is superseded and nothing happens.
"""

from services.supervision.domain.commands import (
    IssueUrgingSheet,
    MarkNearDue,
    MarkOverdue,
    PrepareUrgingSheet,
    ReceiveUrgingSheet,
    UrgeByPhone,
)
from services.supervision.domain.events import (
    MatterEvent,
    MatterNearDue,
    MatterOverdue,
    MatterUrged,
    UrgingSheetPrepared,
    UrgingSheetReceived,
)
from services.supervision.domain.refusals import (
    NoSheetPreparedError,
    NothingToUrgeError,
    SheetToAnotherUnitError,
    UnknownSheetError,
)
from services.supervision.domain.state import MatterState
from services.supervision.domain.words import UrgeMeans

FIRST_SHEET_COLOUR = "blue"  # LOC S41: blue, orange, red


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
            due=command.due,
            outside_due=matter.outside_due,
        )
    ]


def mark_overdue(matter: MatterState, command: MarkOverdue) -> list[MatterEvent]:
    """Turn the light red, once for a due date and only while no answer is in."""
    superseded = command.due != matter.due
    if superseded or matter.answered or matter.overdue_marked == command.due:
        return []
    return [
        MatterOverdue(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            due=command.due,
            outside_due=matter.outside_due,
        )
    ]


def urge_by_phone(matter: MatterState, command: UrgeByPhone) -> list[MatterEvent]:
    """Record a call to an assigned unit; every call is a fact of its own."""
    _expect_something_to_urge(matter)
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


def prepare_sheet(matter: MatterState, command: PrepareUrgingSheet) -> list[MatterEvent]:
    """Prepare the ladder's first sheet for the lead, once and while no answer is in."""
    superseded = command.due != matter.due
    if superseded or matter.answered or matter.sheet_prepared:
        return []
    if matter.number is None or matter.lead is None:
        return []
    return [
        UrgingSheetPrepared(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.lead,
            due=command.due,
        )
    ]


def issue_sheet(matter: MatterState, command: IssueUrgingSheet) -> list[MatterEvent]:
    """Issue the prepared sheet to the unit it was prepared for, once."""
    _expect_something_to_urge(matter)
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
            colour=FIRST_SHEET_COLOUR,
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


def _expect_something_to_urge(matter: MatterState) -> None:
    matter.expect_not_closed()
    if matter.late_work_days is not None:
        raise NothingToUrgeError
