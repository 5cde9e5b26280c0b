"""How a matter can be opened, and divided into others."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.supervision.domain.limits import Limits
from services.supervision.domain.rhythm import Rhythm
from services.supervision.domain.words import SourceKind


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
class OpenFromOpinion(Command):
    """Open it in the congress's organ, on the organ that the opinion was handed over to."""

    matter_id: UUID
    organ: str
    opinion_id: UUID
    opinion_no: str
    addressed_organ: str
    handed_over_by: str
    handed_over_at: datetime
    due: datetime
    statutory_last_day: date | None
    comment_due: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenByHand(Command):
    """Open it on a leader's order. A *due* without an hour ends at close of business."""

    matter_id: UUID
    organ: str
    asked_by: str
    asked_at: datetime
    opened_at: datetime
    subject: str
    lead: str
    co: tuple[str, ...]
    due: date | datetime
    parent_id: UUID | None
    rhythm: Rhythm | None
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class DecomposeMatter(Command):
    """Give it a sub-matter of *child_organ*, due at *child_due*."""

    matter_id: UUID
    child_id: UUID
    child_organ: str
    child_due: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteSubMatterCompleted(Command):
    """One of its sub-matters is completed."""

    matter_id: UUID
    child_id: UUID
    child_number: str | None
    submitted_at: datetime
    noted_by: str
    noted_at: datetime
    calendar: Calendar
