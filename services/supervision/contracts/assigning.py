"""What others may know of how a matter was opened, assigned and received."""

from chassis import wire
from chassis.workdays import Deadline
from services.supervision.contracts.about import one, rung
from services.supervision.domain import events
from shuniu.office.v1.words_pb2 import Urgency
from shuniu.supervision.v1 import events_pb2 as public


def opened(event: events.MatterOpened) -> public.MatterOpened:
    """Return what tells others that it was opened."""
    deadline = event.deadline
    return public.MatterOpened(
        matter_id=str(event.matter_id),
        organ=event.organ,
        source_kind=wire.value_of(public.SourceKind, event.source_kind),
        source_id=str(event.source_id),
        source_no=event.source_no,
        source_document_id=wire.text(event.source_document_id),
        source_document_no=event.source_document_no,
        addressed_organ=event.addressed_organ,
        parent_id=wire.text(event.parent_id),
        urgency=wire.value_of(Urgency, event.urgency),
        asked_by=event.asked_by,
        asked_at=wire.timestamp(event.asked_at),
        addressee=event.addressee,
        lead=event.lead,
        co=event.co,
        due=wire.timestamp(deadline.due),
        counted_from=deadline.start.isoformat(),
        due_rule=deadline.rule,
        due_statutory_last_day=_last_day(deadline),
        due_provisional=deadline.provisional,
        near=wire.timestamp(event.near),
        comment_due=wire.timestamp(event.comment_due),
        outside_due=wire.timestamp(event.outside_due),
        lead_time_work_days=event.lead_time_work_days,
        assign_due=wire.timestamp(event.assign_due),
    )


def round_opened(event: events.MatterRoundOpened) -> public.MatterRoundOpened:
    """Return what tells others that it is dealt with again."""
    deadline = event.deadline
    return public.MatterRoundOpened(
        **one(event),
        lead=event.lead,
        co=event.co,
        addressed_organ=event.addressed_organ,
        round=event.round,
        due=wire.timestamp(deadline.due),
        counted_from=deadline.start.isoformat(),
        due_rule=deadline.rule,
        due_statutory_last_day=_last_day(deadline),
        due_provisional=deadline.provisional,
        near=wire.timestamp(event.near),
        comment_due=wire.timestamp(event.comment_due),
    )


def assignment_overdue(
    event: events.MatterAssignmentOverdue,
) -> public.MatterAssignmentOverdue:
    """Return what tells others that nobody assigned it in time."""
    return public.MatterAssignmentOverdue(
        **one(event), lead=event.lead, co=event.co, due=wire.timestamp(event.due)
    )


def assigned(event: events.MatterAssigned) -> public.MatterAssigned:
    """Return what tells others that it has its number, its units and its dates."""
    return public.MatterAssigned(
        **one(event),
        lead=event.lead,
        co=event.co,
        responsible_person=event.responsible_person,
        assigned_by=event.assigned_by,
        assigned_at=wire.timestamp(event.assigned_at),
        due=wire.timestamp(event.due),
        near=wire.timestamp(event.near),
        rungs=[rung(pinned) for pinned in event.rungs],
        feedback_dues=[
            public.FeedbackDue(period=each.period, due=wire.timestamp(each.due))
            for each in event.feedback_dues
        ],
        receive_due=wire.timestamp(event.receive_due),
        outside_due=wire.timestamp(event.outside_due),
        asked_by=event.asked_by,
        addressee=event.addressee,
        parent_id=wire.text(event.parent_id),
        source_document_id=wire.text(event.source_document_id),
        source_document_no=event.source_document_no,
    )


def received(event: events.MatterReceived) -> public.MatterReceived:
    """Return what tells others that a unit received it."""
    return public.MatterReceived(
        **one(event),
        unit=event.unit,
        received_by=event.received_by,
        received_at=wire.timestamp(event.received_at),
        minutes_late=event.minutes_late,
    )


def receipt_overdue(event: events.MatterReceiptOverdue) -> public.MatterReceiptOverdue:
    """Return what tells others that a unit did not receive it in time."""
    return public.MatterReceiptOverdue(
        **one(event), unit=event.unit, due=wire.timestamp(event.due)
    )


def handler_named(event: events.HandlerNamed) -> public.HandlerNamed:
    """Return what tells others who works on it."""
    return public.HandlerNamed(
        **one(event), unit=event.unit, handler=event.handler, named_by=event.named_by
    )


def _last_day(deadline: Deadline) -> str | None:
    day = deadline.statutory_last_day
    return None if day is None else day.isoformat()
