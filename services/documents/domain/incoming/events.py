"""What can have happened to an incoming document."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label, Personal
from services.documents.domain.words import (
    Disposition,
    InstructionKind,
    Medium,
    Retention,
    Route,
    Step,
    Urgency,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentReceived(Event):
    """The office counted, checked and signed for it (签收)."""

    label: ClassVar[Label] = Label("签收", "Document received")

    document_id: UUID
    organ: str
    medium: Medium
    sender: str
    sender_doc_no: str
    normalised_doc_no: str
    title: str
    urgency: Urgency
    received_by: str
    received_at: datetime
    register_due: datetime | None = None
    outside_due: datetime | None = None
    answer_near: datetime | None = None
    contact: Annotated[str | None, Personal(subject="document_id")] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRegistered(Event):
    """It has its receipt number and its route (登记)."""

    label: ClassVar[Label] = Label("登记", "Document registered")

    document_id: UUID
    receipt_no: str
    route: Route
    registered_by: str
    registered_at: datetime
    minutes_late: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class StepOverdue(Event):
    """A step's limit has passed without the step."""

    label: ClassVar[Label] = Label("环节超时", "Step overdue")

    document_id: UUID
    organ: str
    receipt_no: str | None
    step: Step
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerNearDue(Event):
    """The date that the sender set for our answer is near."""

    label: ClassVar[Label] = Label("答复临期", "Answer near due")

    document_id: UUID
    organ: str
    receipt_no: str | None
    outside_due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class InstructionGiven(Event):
    """A leader instructed (批示). Who gave it and who recorded it may be two people."""

    label: ClassVar[Label] = Label("批示", "Instruction given")

    document_id: UUID
    instruction_id: UUID
    organ: str
    receipt_no: str
    urgency: Urgency
    kind: InstructionKind
    given_by: str
    given_at: datetime
    recorded_by: str
    recorded_at: datetime
    text: str
    outside_due: datetime | None
    initialled: bool = False
    addressee: str | None = None
    lead: str | None = None
    co: tuple[str, ...] = ()
    within_work_days: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingRecorded(Event):
    """What became of the matter it led to (注办)."""

    label: ClassVar[Label] = Label("注办", "Handling recorded")

    document_id: UUID
    matter_id: UUID
    matter_no: str
    completed_at: datetime
    closed: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentAnswered(Event):
    """The sender has our answer."""

    label: ClassVar[Label] = Label("答复", "Document answered")

    document_id: UUID
    organ: str
    receipt_no: str
    outside_due: datetime | None
    answered_at: datetime
    answer_id: UUID | None = None
    answer_no: str | None = None
    minutes_before_due: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DispositionRecorded(Event):
    """Its handling is over and it is where it belongs (办毕处置)."""

    label: ClassVar[Label] = Label("办毕处置", "Disposition recorded")

    document_id: UUID
    organ: str
    receipt_no: str
    disposition: Disposition
    recorded_by: str
    retention: Retention | None = None


IncomingEvent: TypeAlias = (
    DocumentReceived
    | DocumentRegistered
    | StepOverdue
    | AnswerNearDue
    | InstructionGiven
    | HandlingRecorded
    | DocumentAnswered
    | DispositionRecorded
)
