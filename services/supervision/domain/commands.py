"""What can be asked of a supervised matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.supervision.domain.limits import Limits
from services.supervision.domain.words import FeedbackKind, SourceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenMatter(Command):
    """Open it from a leader's instruction: the order of the head, no second approval."""

    matter_id: UUID
    organ: str
    source_kind: SourceKind
    source_id: UUID
    source_document_id: UUID
    source_document_no: str | None
    urgency: str
    asked_by: str
    asked_at: datetime
    recorded_at: datetime
    addressee: str | None
    lead: str | None
    co: tuple[str, ...]
    within_work_days: int | None
    outside_due: datetime | None
    limits: Limits
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkAssignmentOverdue(Command):
    """A timer says that it had to be assigned by *due*."""

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignMatter(Command):
    """Give it the number just drawn, its units and its sheet."""

    matter_id: UUID
    number: str
    subject: str
    requirement: str
    lead: str
    responsible_person: str
    co: tuple[str, ...]
    assigned_by: str
    assigned_at: datetime
    limits: Limits
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveMatter(Command):
    """A unit receives it."""

    matter_id: UUID
    unit: str
    received_by: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkReceiptOverdue(Command):
    """A timer says that *unit* had to receive it by *due*."""

    matter_id: UUID
    unit: str
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NameHandler(Command):
    """A unit names who works on it."""

    matter_id: UUID
    unit: str
    handler: str
    named_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgeByPhone(Command):
    """Record a telephone call that urged *unit*."""

    matter_id: UUID
    unit: str
    urged_by: str
    urged_at: datetime
    spoken_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkNearDue(Command):
    """A timer says that *due* is near."""

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkOverdue(Command):
    """A timer says that *due* has passed."""

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PrepareUrgingSheet(Command):
    """A timer says that the ladder's first sheet is due."""

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueUrgingSheet(Command):
    """Issue the prepared sheet under the number just drawn."""

    matter_id: UUID
    sheet_no: str
    issued_by: str
    issued_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveUrgingSheet(Command):
    """The unit receives the sheet."""

    matter_id: UUID
    sheet_no: str
    unit: str
    received_by: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveFeedback(Command):
    """A unit reports. *signer_heads_unit* is looked up."""

    matter_id: UUID
    feedback_id: UUID
    kind: FeedbackKind
    unit: str
    given_by: str
    signed_by: str
    signer_heads_unit: bool
    submitted_at: datetime
    summary: str
    evidence_name: str | None
    evidence_sha256: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptFeedback(Command):
    """Find a feedback complete; a final one completes the matter."""

    matter_id: UUID
    feedback_id: UUID
    accepted_by: str
    accepted_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteResultSeen(Command):
    """The leader *seen_by* has seen what came of it."""

    matter_id: UUID
    seen_by: str
    seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseMatter(Command):
    """Close it, once the leader who asked has seen the result."""

    matter_id: UUID
    closed_by: str
    closed_at: datetime


MatterCommand: TypeAlias = (
    OpenMatter
    | MarkAssignmentOverdue
    | AssignMatter
    | ReceiveMatter
    | MarkReceiptOverdue
    | NameHandler
    | UrgeByPhone
    | MarkNearDue
    | MarkOverdue
    | PrepareUrgingSheet
    | IssueUrgingSheet
    | ReceiveUrgingSheet
    | GiveFeedback
    | AcceptFeedback
    | NoteResultSeen
    | CloseMatter
)
