"""What can be asked of a matter until its units work on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.supervision.domain.limits import Limits


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
