"""How a matter was answered, sent back, completed and closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.domain import Event, Label
from services.supervision.domain.ladder import DatedRung
from services.supervision.domain.words import FeedbackKind


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackGiven(Event):
    """A unit reported (反馈); a final report is signed by its head.

    Where the lead owes feedback in a rhythm, *period* is the one that this answers,
    *late_work_days* by how many working days it is late, and *next_due* when the next is due.
    """

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
    period: str | None = None
    late: bool = False
    late_work_days: int = 0
    next_due: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackLate(Event):
    """The lead's progress feedback for a period was not in when it was due: once a period."""

    label: ClassVar[Label] = Label("反馈超时", "Feedback late")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    period: str
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackSentBack(Event):
    """The supervision section sent the result back to be done again (退回重办), with reasons.

    *times* counts the results sent back so far; *rungs* are the moments at which the ladder
    goes on.
    """

    label: ClassVar[Label] = Label("退回重办", "Feedback sent back")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    feedback_id: UUID
    times: int
    due: datetime
    sent_back_by: str
    sent_back_at: datetime
    reasons: str
    rungs: tuple[DatedRung, ...]


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
    """It is done (办结). Lateness freezes here, judged by when the result was submitted.

    The result is an accepted feedback, or the report of the organ that it is addressed to;
    a matter that is addressed to an organ is never scored.
    """

    label: ClassVar[Label] = Label("办结", "Matter completed")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    addressed_organ: str | None
    parent_id: UUID | None
    source_document_id: UUID | None
    feedback_id: UUID | None
    report_no: str | None
    due: datetime
    submitted_at: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultSeen(Event):
    """A leader has seen the result; only that of who asked lets it be closed."""

    label: ClassVar[Label] = Label("领导阅知结果", "Result seen")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    seen_by: str
    seen_at: datetime
    recorded_by: str | None
    commended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterClosed(Event):
    """It is closed (销号), late or on time."""

    label: ClassVar[Label] = Label("销号", "Matter closed")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    addressed_organ: str | None
    source_document_id: UUID | None
    due: datetime
    submitted_at: datetime
    closed_by: str
    closed_at: datetime
    late: bool
    late_work_days: int
