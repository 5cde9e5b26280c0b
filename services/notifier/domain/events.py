"""What can have happened to a leader's digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One matter of a digest, as it stood."""

    matter_id: UUID
    number: str | None
    unit: str | None
    due: datetime
    overdue_work_days: int
    work_days_left: int | None
    feedback: bool
    completed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestScheduled(Event):
    """The leader's next digest has its time."""

    label: ClassVar[Label] = Label("汇总已排定", "Digest scheduled")

    leader: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestPrepared(Event):
    """The digest is there to be read: at most five lines, and how many there are in all."""

    label: ClassVar[Label] = Label("汇总", "Digest prepared")

    leader: str
    organ: str
    at: datetime
    lines: tuple[Line, ...]
    in_progress: int
    overdue: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestEnded(Event):
    """Nothing is in progress for the leader: no digest until something is."""

    label: ClassVar[Label] = Label("汇总停止", "Digest ended")

    leader: str


DigestEvent: TypeAlias = DigestScheduled | DigestPrepared | DigestEnded
