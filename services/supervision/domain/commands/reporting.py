"""How a matter can be answered, sent back and closed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.supervision.domain.words import FeedbackKind


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
    calendar: Calendar


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
    """The leader *seen_by* has seen what came of it, as their instruction says."""

    matter_id: UUID
    seen_by: str
    seen_at: datetime
    commended: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseMatter(Command):
    """Close it, once the leader who asked has seen the result."""

    matter_id: UUID
    closed_by: str
    closed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SendBackFeedback(Command):
    """Send a waiting result back to be done again, with *reasons*."""

    matter_id: UUID
    feedback_id: UUID
    sent_back_by: str
    sent_back_at: datetime
    reasons: str
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordResultSeen(Command):
    """Record on behalf of a leader that they have seen the result."""

    matter_id: UUID
    seen_by: str
    seen_at: datetime
    commended: bool
    recorded_by: str
    recorded_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteHandlingReport(Command):
    """The organ that it is addressed to has delivered its handling report."""

    matter_id: UUID
    report_no: str
    delivered_by: str
    submitted_at: datetime
    noted_by: str
    noted_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteSatisfactionVote(Command):
    """Those who asked have voted; not satisfied, they set when it is due again."""

    matter_id: UUID
    meeting_id: UUID
    satisfied: bool
    voted_at: datetime
    due_again: datetime | None
    comment_due_again: datetime | None
    noted_by: str
    calendar: Calendar
