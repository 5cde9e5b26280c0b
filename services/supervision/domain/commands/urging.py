"""What keeps a matter from being forgotten."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.domain import Command


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
class ReachRung(Command):
    """A timer says that the moment *at* of the rung *rung* has come."""

    matter_id: UUID
    rung: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueSupervisionNotice(Command):
    """Issue the prepared notice to the unit's head. *heads_unit* is looked up."""

    matter_id: UUID
    sheet_no: str
    unit_head: str
    heads_unit: bool
    issued_by: str
    issued_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveSupervisionNotice(Command):
    """Somebody receives the notice."""

    matter_id: UUID
    sheet_no: str
    received_by: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkFeedbackLate(Command):
    """A timer says that the feedback of *period* was due at *due*."""

    matter_id: UUID
    period: str
    due: datetime
    marked_by: str
