"""How a matter was opened, assigned and received."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.domain import Event, Label
from chassis.workdays import Deadline
from services.supervision.domain.ladder import DatedRung
from services.supervision.domain.rhythm import FeedbackDue, Rhythm
from services.supervision.domain.words import SourceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterOpened(Event):
    """It is to be followed until closed (立项; 政府督查工作条例 art 11).

    Where *addressed_organ* is set it is an organ that owes the result: no unit ever leads it,
    nobody scores it, *near* is set and its number is *source_no*.
    """

    label: ClassVar[Label] = Label("立项", "Matter opened")

    matter_id: UUID
    organ: str
    source_kind: SourceKind
    source_id: UUID
    source_no: str | None
    source_document_id: UUID | None
    source_document_no: str | None
    addressed_organ: str | None
    parent_id: UUID | None
    urgency: str
    asked_by: str
    asked_at: datetime
    addressee: str | None
    subject: str | None
    lead: str | None
    co: tuple[str, ...]
    deadline: Deadline
    near: datetime | None
    comment_due: datetime | None
    outside_due: datetime | None
    lead_time_work_days: int | None
    rhythm: Rhythm | None
    assign_due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterAssignmentOverdue(Event):
    """The limit for assigning it has passed."""

    label: ClassVar[Label] = Label("交办超时", "Matter assignment overdue")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterAssigned(Event):
    """It has its number, its lead and co-handling units and its dates (交办).

    *rungs* is the ladder as it was in force, with its moments; *feedback_dues* are the
    periods of progress feedback that the lead owes.
    """

    label: ClassVar[Label] = Label("交办", "Matter assigned")

    matter_id: UUID
    organ: str
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
    rungs: tuple[DatedRung, ...]
    feedback_dues: tuple[FeedbackDue, ...]
    receive_due: datetime | None
    outside_due: datetime | None
    asked_by: str
    addressee: str | None
    parent_id: UUID | None
    source_document_id: UUID | None
    source_document_no: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterReceived(Event):
    """A unit received it (签收)."""

    label: ClassVar[Label] = Label("单位签收", "Matter received")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    received_by: str
    received_at: datetime
    minutes_late: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterReceiptOverdue(Event):
    """A unit has not received it in time."""

    label: ClassVar[Label] = Label("签收超时", "Matter receipt overdue")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlerNamed(Event):
    """A unit named who works on it (经办人)."""

    label: ClassVar[Label] = Label("明确经办人", "Handler named")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    handler: str
    named_by: str
