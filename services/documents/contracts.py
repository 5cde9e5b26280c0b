"""What others may know of our events: each stored event's public message, or why it has none.

Public messages carry no title, no text and no personal data; `proto/` says what they promise.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from google.protobuf.message import Message

from chassis import wire
from chassis.series import NumberDrawn, SeriesEvent, SeriesOpened
from services.documents.domain.incoming import events as incoming
from services.documents.domain.outgoing import events as outgoing
from shuniu.documents.v1 import events_pb2 as public
from shuniu.office.v1.words_pb2 import Urgency

TOPICS: Final[Mapping[str, str]] = {
    "incoming": "public.documents.incoming.v1",
    "outgoing": "public.documents.outgoing.v1",
}
"""The topic of each category of streams that others may follow."""


def to_public(
    event: incoming.IncomingEvent | outgoing.OutgoingEvent | SeriesEvent,
) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case incoming.DocumentReceived():
            return public.DocumentReceived(
                document_id=str(event.document_id),
                organ=event.organ,
                medium=wire.value_of(public.Medium, event.medium),
                sender_doc_no=event.normalised_doc_no,
                urgency=wire.value_of(Urgency, event.urgency),
                received_by=event.received_by,
                received_at=wire.timestamp(event.received_at),
                register_due=wire.timestamp(event.register_due),
                outside_due=wire.timestamp(event.outside_due),
                answer_near=wire.timestamp(event.answer_near),
            )
        case incoming.StepOverdue():
            return public.StepOverdue(
                document_id=str(event.document_id),
                organ=event.organ,
                receipt_no=event.receipt_no,
                step=wire.value_of(public.Step, event.step),
                due=wire.timestamp(event.due),
            )
        case incoming.AnswerNearDue():
            return public.AnswerNearDue(
                document_id=str(event.document_id),
                organ=event.organ,
                receipt_no=event.receipt_no,
                outside_due=wire.timestamp(event.outside_due),
            )
        case incoming.InstructionGiven():
            return _instruction(event)
        case incoming.DocumentAnswered():
            return public.DocumentAnswered(
                document_id=str(event.document_id),
                organ=event.organ,
                receipt_no=event.receipt_no,
                outside_due=wire.timestamp(event.outside_due),
                answered_at=wire.timestamp(event.answered_at),
                answer_id=wire.text(event.answer_id),
                answer_no=event.answer_no,
                minutes_before_due=event.minutes_before_due,
            )
        case incoming.DispositionRecorded():
            return _disposition(event)
        case outgoing.DocumentIssued():
            return public.DocumentIssued(
                document_id=str(event.document_id),
                organ=event.organ,
                doc_no=event.doc_no,
                doc_type=wire.value_of(public.DocType, event.doc_type),
                main_to=event.main_to,
                issued_by=event.issued_by,
                issued_at=wire.timestamp(event.issued_at),
                answered_document_id=wire.text(event.answered_document_id),
                answered_doc_no=event.answered_doc_no,
            )
        case incoming.DocumentRegistered():
            return None  # the office's own step: nobody acts before an instruction
        case incoming.HandlingRecorded():
            return None  # what supervision told us: whoever needs it follows the matter
        case outgoing.DocumentDrafted() | outgoing.DocumentSigned():
            return None  # a document that was not issued may still change
        case outgoing.DocumentRegistered() | outgoing.DocumentPrinted():
            return None  # the same
        case outgoing.SealUsed():
            return None  # the seal register is the office's own
        case outgoing.ReceiptConfirmed():
            return None  # who has it is between the office and the recipient
        case SeriesOpened() | NumberDrawn():
            return None  # a number is told with the item that it was drawn for
        case _:
            assert_never(event)


def _instruction(event: incoming.InstructionGiven) -> public.InstructionGiven:
    return public.InstructionGiven(
        document_id=str(event.document_id),
        organ=event.organ,
        receipt_no=event.receipt_no,
        instruction_id=str(event.instruction_id),
        urgency=wire.value_of(Urgency, event.urgency),
        kind=wire.value_of(public.InstructionKind, event.kind),
        given_by=event.given_by,
        given_at=wire.timestamp(event.given_at),
        recorded_by=event.recorded_by,
        recorded_at=wire.timestamp(event.recorded_at),
        initialled=event.initialled,
        addressee=event.addressee,
        lead=event.lead,
        co=event.co,
        within_work_days=event.within_work_days,
        outside_due=wire.timestamp(event.outside_due),
    )


def _disposition(event: incoming.DispositionRecorded) -> public.DispositionRecorded:
    message = public.DispositionRecorded(
        document_id=str(event.document_id),
        organ=event.organ,
        receipt_no=event.receipt_no,
        disposition=wire.value_of(public.Disposition, event.disposition),
        recorded_by=event.recorded_by,
    )
    if event.retention is not None:
        message.retention = wire.value_of(public.Retention, event.retention)
    return message
