"""What can be asked of an incoming document."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.documents.domain.limits import Limits
from services.documents.domain.words import (
    Disposition,
    InstructionKind,
    Medium,
    Retention,
    Route,
    Secrecy,
    Step,
    Urgency,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveDocument(Command):
    """Sign for it. *outside_due* is what the sender asks for, with its hour."""

    document_id: UUID
    organ: str
    medium: Medium
    sender: str
    sender_doc_no: str
    title: str
    urgency: Urgency
    secrecy: Secrecy
    received_by: str
    received_at: datetime
    outside_due: datetime | None
    contact: str | None
    limits: Limits
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterDocument(Command):
    """Enter it under the receipt number just drawn and decide its route."""

    document_id: UUID
    receipt_no: str
    route: Route
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkStepOverdue(Command):
    """A timer says that *step* had to be done by *due*."""

    document_id: UUID
    step: Step
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkAnswerNearDue(Command):
    """A timer says that the answer, due at *outside_due*, is near."""

    document_id: UUID
    outside_due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveInstruction(Command):
    """Record what a leader wrote or said. *giver_leads* is looked up."""

    document_id: UUID
    instruction_id: UUID
    kind: InstructionKind
    given_by: str
    giver_leads: bool
    given_at: datetime
    recorded_by: str
    recorded_at: datetime
    text: str
    initialled: bool
    addressee: str | None
    lead: str | None
    co: tuple[str, ...]
    within_work_days: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordHandling(Command):
    """Record what became of a matter that an instruction on it opened."""

    document_id: UUID
    matter_id: UUID
    matter_no: str
    completed_at: datetime
    closed: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerDocument(Command):
    """Record that the sender has the answer, by an outgoing document or otherwise."""

    document_id: UUID
    answered_at: datetime
    answer_id: UUID | None
    answer_no: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordDisposition(Command):
    """End its handling. Filing needs a retention period."""

    document_id: UUID
    disposition: Disposition
    recorded_by: str
    retention: Retention | None


IncomingCommand: TypeAlias = (
    ReceiveDocument
    | RegisterDocument
    | MarkStepOverdue
    | MarkAnswerNearDue
    | GiveInstruction
    | RecordHandling
    | AnswerDocument
    | RecordDisposition
)
