"""What can have happened to a supervised matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label, Personal
from chassis.workdays import Deadline
from services.supervision.domain.words import FeedbackKind, SourceKind, UrgeMeans


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterOpened(Event):
    """It is to be followed until closed (立项; 政府督查工作条例 art 11)."""

    label: ClassVar[Label] = Label("立项", "Matter opened")

    matter_id: UUID
    organ: str
    source_kind: SourceKind
    source_id: UUID
    source_document_id: UUID
    source_document_no: str | None
    urgency: str
    asked_by: str
    asked_at: datetime
    addressee: str | None
    lead: str | None
    co: tuple[str, ...]
    deadline: Deadline
    outside_due: datetime | None
    lead_time_work_days: int | None
    assign_due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterAssignmentOverdue(Event):
    """The limit for assigning it has passed."""

    label: ClassVar[Label] = Label("交办超时", "Matter assignment overdue")

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterAssigned(Event):
    """It has its number, its lead and co-handling units and its dates (交办)."""

    label: ClassVar[Label] = Label("交办", "Matter assigned")

    matter_id: UUID
    number: str
    subject: str
    requirement: str
    lead: str
    responsible_person: str
    co: tuple[str, ...]
    assigned_by: str
    assigned_at: datetime
    due: datetime
    near: datetime
    sheet_due: datetime
    receive_due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterReceived(Event):
    """A unit received it (签收)."""

    label: ClassVar[Label] = Label("单位签收", "Matter received")

    matter_id: UUID
    unit: str
    received_by: str
    received_at: datetime
    minutes_late: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterReceiptOverdue(Event):
    """A unit has not received it in time."""

    label: ClassVar[Label] = Label("签收超时", "Matter receipt overdue")

    matter_id: UUID
    unit: str
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlerNamed(Event):
    """A unit named who works on it (经办人)."""

    label: ClassVar[Label] = Label("明确经办人", "Handler named")

    matter_id: UUID
    unit: str
    handler: str
    named_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterUrged(Event):
    """A unit was urged (催办): by hand on the telephone, or by a numbered sheet."""

    label: ClassVar[Label] = Label("催办", "Matter urged")

    matter_id: UUID
    unit: str
    means: UrgeMeans
    by_hand: bool
    urged_by: str
    urged_at: datetime
    sheet_no: str | None = None
    colour: str | None = None
    spoken_to: Annotated[str | None, Personal(subject="matter_id")] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterNearDue(Event):
    """Its due date is near: yellow."""

    label: ClassVar[Label] = Label("临期", "Matter near due")

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterOverdue(Event):
    """Its due date has passed without feedback: red."""

    label: ClassVar[Label] = Label("逾期", "Matter overdue")

    matter_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgingSheetPrepared(Event):
    """The ladder's first sheet waits for the supervision section to issue it."""

    label: ClassVar[Label] = Label("催办单待发", "Urging sheet prepared")

    matter_id: UUID
    unit: str
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgingSheetReceived(Event):
    """The unit received the sheet."""

    label: ClassVar[Label] = Label("催办单签收", "Urging sheet received")

    matter_id: UUID
    sheet_no: str
    received_by: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackGiven(Event):
    """A unit reported (反馈); a final report is signed by its head."""

    label: ClassVar[Label] = Label("反馈", "Feedback given")

    matter_id: UUID
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
    feedback_id: UUID
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterCompleted(Event):
    """It is done (办结). Lateness freezes here, judged by when the feedback was submitted."""

    label: ClassVar[Label] = Label("办结", "Matter completed")

    matter_id: UUID
    feedback_id: UUID
    judged_at: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultSeen(Event):
    """The leader who asked has seen the result."""

    label: ClassVar[Label] = Label("领导阅知结果", "Result seen")

    matter_id: UUID
    seen_by: str
    seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterClosed(Event):
    """It is closed (销号), late or on time."""

    label: ClassVar[Label] = Label("销号", "Matter closed")

    matter_id: UUID
    closed_by: str
    closed_at: datetime
    late: bool
    late_work_days: int


MatterEvent: TypeAlias = (
    MatterOpened
    | MatterAssignmentOverdue
    | MatterAssigned
    | MatterReceived
    | MatterReceiptOverdue
    | HandlerNamed
    | MatterUrged
    | MatterNearDue
    | MatterOverdue
    | UrgingSheetPrepared
    | UrgingSheetReceived
    | FeedbackGiven
    | FeedbackAccepted
    | MatterCompleted
    | ResultSeen
    | MatterClosed
)
