"""What others may know of our events: each stored event's public message, or why it has none.

Public messages carry no subject, no text and no personal data; `proto/` says what they promise.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from google.protobuf.message import Message

from chassis import wire
from chassis.series import NumberDrawn, SeriesEvent, SeriesOpened
from services.supervision.domain import events
from shuniu.office.v1.words_pb2 import Urgency
from shuniu.supervision.v1 import events_pb2 as public

TOPICS: Final[Mapping[str, str]] = {"matter": "public.supervision.matter.v1"}
"""The topic of each category of streams that others may follow."""


def to_public(
    event: events.MatterEvent | SeriesEvent,
) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.MatterOpened():
            return _opened(event)
        case events.MatterAssignmentOverdue():
            return public.MatterAssignmentOverdue(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                lead=event.lead,
                co=event.co,
                due=wire.timestamp(event.due),
            )
        case events.MatterAssigned():
            return _assigned(event)
        case events.MatterReceived():
            return public.MatterReceived(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                received_by=event.received_by,
                received_at=wire.timestamp(event.received_at),
                minutes_late=event.minutes_late,
            )
        case events.MatterReceiptOverdue():
            return public.MatterReceiptOverdue(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                due=wire.timestamp(event.due),
            )
        case events.HandlerNamed():
            return public.HandlerNamed(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                handler=event.handler,
                named_by=event.named_by,
            )
        case events.MatterUrged():
            return public.MatterUrged(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                means=wire.value_of(public.UrgeMeans, event.means),
                by_hand=event.by_hand,
                urged_by=event.urged_by,
                urged_at=wire.timestamp(event.urged_at),
                sheet_no=event.sheet_no,
            )
        case events.MatterNearDue():
            return public.MatterNearDue(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                lead=event.lead,
                co=event.co,
                due=wire.timestamp(event.due),
                outside_due=wire.timestamp(event.outside_due),
            )
        case events.MatterOverdue():
            return public.MatterOverdue(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                lead=event.lead,
                co=event.co,
                due=wire.timestamp(event.due),
                outside_due=wire.timestamp(event.outside_due),
            )
        case events.UrgingSheetPrepared():
            return public.UrgingSheetPrepared(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                due=wire.timestamp(event.due),
            )
        case events.UrgingSheetReceived():
            return public.UrgingSheetReceived(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                sheet_no=event.sheet_no,
                received_by=event.received_by,
                received_at=wire.timestamp(event.received_at),
            )
        case events.FeedbackGiven():
            return public.FeedbackGiven(
                matter_id=str(event.matter_id),
                organ=event.organ,
                number=event.number,
                unit=event.unit,
                feedback_id=str(event.feedback_id),
                kind=wire.value_of(public.FeedbackKind, event.kind),
                given_by=event.given_by,
                signed_by=event.signed_by,
                submitted_at=wire.timestamp(event.submitted_at),
            )
        case events.MatterCompleted():
            return _completed(event)
        case events.MatterClosed():
            return _closed(event)
        case events.FeedbackAccepted():
            return (
                None  # of a final feedback MatterCompleted tells; progress changes nothing
            )
        case events.ResultSeen():
            return None  # a step of the office on the way to closing, which is told
        case SeriesOpened() | NumberDrawn():
            return None  # a number is told with the item that it was drawn for
        case _:
            assert_never(event)


def _opened(event: events.MatterOpened) -> public.MatterOpened:
    return public.MatterOpened(
        matter_id=str(event.matter_id),
        organ=event.organ,
        source_kind=wire.value_of(public.SourceKind, event.source_kind),
        source_id=str(event.source_id),
        source_document_id=str(event.source_document_id),
        source_document_no=event.source_document_no,
        urgency=wire.value_of(Urgency, event.urgency),
        asked_by=event.asked_by,
        asked_at=wire.timestamp(event.asked_at),
        addressee=event.addressee,
        lead=event.lead,
        co=event.co,
        due=wire.timestamp(event.deadline.due),
        counted_from=event.deadline.start.isoformat(),
        due_rule=event.deadline.rule,
        due_provisional=event.deadline.provisional,
        outside_due=wire.timestamp(event.outside_due),
        lead_time_work_days=event.lead_time_work_days,
        assign_due=wire.timestamp(event.assign_due),
    )


def _assigned(event: events.MatterAssigned) -> public.MatterAssigned:
    return public.MatterAssigned(
        matter_id=str(event.matter_id),
        organ=event.organ,
        number=event.number,
        lead=event.lead,
        co=event.co,
        responsible_person=event.responsible_person,
        assigned_by=event.assigned_by,
        assigned_at=wire.timestamp(event.assigned_at),
        due=wire.timestamp(event.due),
        near=wire.timestamp(event.near),
        sheet_due=wire.timestamp(event.sheet_due),
        receive_due=wire.timestamp(event.receive_due),
        outside_due=wire.timestamp(event.outside_due),
        asked_by=event.asked_by,
        addressee=event.addressee,
        source_document_id=str(event.source_document_id),
        source_document_no=event.source_document_no,
    )


def _completed(event: events.MatterCompleted) -> public.MatterCompleted:
    return public.MatterCompleted(
        matter_id=str(event.matter_id),
        organ=event.organ,
        number=event.number or "",
        lead=event.lead or "",
        co=event.co,
        source_document_id=str(event.source_document_id),
        feedback_id=str(event.feedback_id),
        due=wire.timestamp(event.due),
        completed_at=wire.timestamp(event.judged_at),
        late=event.late,
        late_work_days=event.late_work_days,
    )


def _closed(event: events.MatterClosed) -> public.MatterClosed:
    return public.MatterClosed(
        matter_id=str(event.matter_id),
        organ=event.organ,
        number=event.number or "",
        lead=event.lead or "",
        co=event.co,
        source_document_id=str(event.source_document_id),
        due=wire.timestamp(event.due),
        completed_at=wire.timestamp(event.completed_at),
        late=event.late,
        late_work_days=event.late_work_days,
        closed_by=event.closed_by,
        closed_at=wire.timestamp(event.closed_at),
    )
