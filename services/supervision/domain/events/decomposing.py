"""How a matter was divided, and how an organ that it is addressed to answered it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.domain import Event, Label
from chassis.workdays import Deadline


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterDecomposed(Event):
    """It has a sub-matter (任务分解), due no later than it is itself."""

    label: ClassVar[Label] = Label("任务分解", "Matter decomposed")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    child_id: UUID
    child_organ: str
    child_due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SubMatterCompleted(Event):
    """One of its sub-matters is completed."""

    label: ClassVar[Label] = Label("子事项办结", "Sub-matter completed")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    child_id: UUID
    child_number: str | None
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingReportNoted(Event):
    """The organ that it is addressed to has delivered its handling report (研究处理情况报告)."""

    label: ClassVar[Label] = Label("研究处理情况报告", "Handling report noted")

    matter_id: UUID
    organ: str
    number: str | None
    addressed_organ: str
    report_no: str
    delivered_by: str
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SatisfactionVoteNoted(Event):
    """Those who asked have voted on how it was dealt with (满意度测评)."""

    label: ClassVar[Label] = Label("满意度测评", "Satisfaction vote noted")

    matter_id: UUID
    organ: str
    number: str | None
    addressed_organ: str
    meeting_id: UUID
    satisfied: bool
    voted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterRoundOpened(Event):
    """It is dealt with again: a new round with a due date of its own (重新办理)."""

    label: ClassVar[Label] = Label("重新办理", "Matter round opened")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    addressed_organ: str | None
    round: int
    deadline: Deadline
    near: datetime
    comment_due: datetime | None
