"""How a matter is assigned and received."""

from services.supervision.domain.commands import (
    AssignMatter,
    MarkAssignmentOverdue,
    MarkReceiptOverdue,
    NameHandler,
    ReceiveMatter,
)
from services.supervision.domain.dates import assignment_dates, minutes_late
from services.supervision.domain.events import (
    HandlerNamed,
    MatterAssigned,
    MatterAssignmentOverdue,
    MatterEvent,
    MatterReceiptOverdue,
    MatterReceived,
)
from services.supervision.domain.opening import expect_units_once
from services.supervision.domain.refusals import AddressedToOrganError, AlreadyAssignedError
from services.supervision.domain.state import MatterState


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
    if matter.addressed_organ is not None:
        raise AddressedToOrganError(organ=matter.addressed_organ)
    if matter.number is not None:
        raise AlreadyAssignedError(lead=matter.lead)
    expect_units_once(command.lead, command.co)
    dates = assignment_dates(matter, command)
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
            rungs=dates.rungs,
            feedback_dues=dates.feedback_dues,
            receive_due=dates.receive_due,
            outside_due=matter.outside_due,
            asked_by=matter.asked_by,
            addressee=matter.addressee,
            parent_id=matter.parent_id,
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
