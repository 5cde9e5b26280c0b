"""How a matter was answered, completed and closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.domain import Event, Label
from services.supervision.domain.words import FeedbackKind


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackGiven(Event):
    """A unit reported (反馈); a final report is signed by its head."""

    label: ClassVar[Label] = Label("反馈", "Feedback given")

    matter_id: UUID
    organ: str
    number: str
    feedback_id: UUID
    kind: FeedbackKind
    unit: str
    given_by: str
    signed_by: str
    submitted_at: datetime
    summary: str
    evidence_name: str | None = None
    evidence_sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackAccepted(Event):
    """The supervision section found it complete."""

    label: ClassVar[Label] = Label("审核通过", "Feedback accepted")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    feedback_id: UUID
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterCompleted(Event):
    """It is done (办结). Lateness freezes here, judged by when the feedback was submitted."""

    label: ClassVar[Label] = Label("办结", "Matter completed")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    source_document_id: UUID
    feedback_id: UUID
    due: datetime
    judged_at: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultSeen(Event):
    """The leader who asked has seen the result."""

    label: ClassVar[Label] = Label("领导阅知结果", "Result seen")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    seen_by: str
    seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterClosed(Event):
    """It is closed (销号), late or on time."""

    label: ClassVar[Label] = Label("销号", "Matter closed")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    source_document_id: UUID
    due: datetime
    completed_at: datetime
    closed_by: str
    closed_at: datetime
    late: bool
    late_work_days: int
