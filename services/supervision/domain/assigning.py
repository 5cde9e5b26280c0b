"""How a matter is opened, assigned and received."""

from services.supervision.domain.commands import (
    AssignMatter,
    MarkAssignmentOverdue,
    MarkReceiptOverdue,
    NameHandler,
    OpenMatter,
    ReceiveMatter,
)
from services.supervision.domain.dates import (
    after_minutes,
    assignment_dates,
    deadline_of,
    lead_time,
    minutes_late,
)
from services.supervision.domain.events import (
    HandlerNamed,
    MatterAssigned,
    MatterAssignmentOverdue,
    MatterEvent,
    MatterOpened,
    MatterReceiptOverdue,
    MatterReceived,
)
from services.supervision.domain.refusals import (
    AlreadyAssignedError,
    AlreadyOpenedError,
    UnitTwiceError,
)
from services.supervision.domain.state import MatterState


def open_matter(matter: MatterState, command: OpenMatter) -> list[MatterEvent]:
    """Open it once, by the order of the head (政府督查工作条例 art 11)."""
    if matter.source_id == command.source_id:
        return []
    if matter.source_id is not None:
        raise AlreadyOpenedError
    deadline = deadline_of(command)
    return [
        MatterOpened(
            matter_id=command.matter_id,
            organ=command.organ,
            source_kind=command.source_kind,
            source_id=command.source_id,
            source_document_id=command.source_document_id,
            source_document_no=command.source_document_no,
            urgency=command.urgency,
            asked_by=command.asked_by,
            asked_at=command.asked_at,
            addressee=command.addressee,
            lead=command.lead,
            co=command.co,
            deadline=deadline,
            outside_due=command.outside_due,
            lead_time_work_days=lead_time(
                deadline.due, command.outside_due, command.calendar
            ),
            assign_due=after_minutes(
                command.recorded_at, command.limits.assign_minutes.get(command.urgency)
            ),
        )
    ]


def mark_assignment_overdue(
    matter: MatterState, command: MarkAssignmentOverdue
) -> list[MatterEvent]:
    """Mark once that nobody assigned it in time (P-NODE)."""
    superseded = command.due != matter.assign_due
    if superseded or matter.assignment_overdue or matter.number is not None:
        return []
    return [
        MatterAssignmentOverdue(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            due=command.due,
        )
    ]


def assign(matter: MatterState, command: AssignMatter) -> list[MatterEvent]:
    """Assign it once, to one lead and to co-handling units that are named once."""
    matter.expect_not_closed()
    if matter.number is not None:
        raise AlreadyAssignedError(lead=matter.lead)
    seen: set[str] = set()
    for unit in (command.lead, *command.co):
        if unit in seen:
            raise UnitTwiceError(unit=unit)
        seen.add(unit)
    dates = assignment_dates(matter.due, matter.start, matter.urgency, command)
    return [
        MatterAssigned(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=command.number,
            subject=command.subject,
            requirement=command.requirement,
            lead=command.lead,
            responsible_person=command.responsible_person,
            co=command.co,
            assigned_by=command.assigned_by,
            assigned_at=command.assigned_at,
            due=matter.due,
            near=dates.near,
            sheet_due=dates.sheet_due,
            receive_due=dates.receive_due,
            outside_due=matter.outside_due,
            asked_by=matter.asked_by,
            addressee=matter.addressee,
            source_document_id=matter.source_document_id,
            source_document_no=matter.source_document_no,
        )
    ]


def receive(matter: MatterState, command: ReceiveMatter) -> list[MatterEvent]:
    """Let an assigned unit receive it, once, and say by how many minutes it was late."""
    number = matter.expect_unit(command.unit)
    if command.unit in matter.received:
        return []
    matter.expect_not_closed()
    return [
        MatterReceived(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=number,
            unit=command.unit,
            received_by=command.received_by,
            received_at=command.received_at,
            minutes_late=minutes_late(matter.receive_due, command.received_at),
        )
    ]


def mark_receipt_overdue(
    matter: MatterState, command: MarkReceiptOverdue
) -> list[MatterEvent]:
    """Mark once per unit that it did not receive it in time (P-NODE)."""
    waits = command.unit in matter.units - matter.received - matter.receipt_overdue
    if matter.number is None or not waits or command.due != matter.receive_due:
        return []
    return [
        MatterReceiptOverdue(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=command.unit,
            due=command.due,
        )
    ]


def name_handler(matter: MatterState, command: NameHandler) -> list[MatterEvent]:
    """Note who works on it in a unit that received it; a unit may name another later."""
    number = matter.expect_received(command.unit)
    if matter.handlers.get(command.unit) == command.handler:
        return []
    matter.expect_not_closed()
    return [
        HandlerNamed(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=number,
            unit=command.unit,
            handler=command.handler,
            named_by=command.named_by,
        )
    ]
