"""What can be asked of a meeting."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.meetings.domain.meeting_bodies import Lead, MeetingBody
from services.meetings.domain.words import AgendaItemKind, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanMeeting(Command):
    """Plan the meeting body's meeting number *ordinal* for *day*."""

    meeting_id: UUID
    meeting_body: MeetingBody
    ordinal: int
    day: date
    planned_by: str
    planned_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class RescheduleMeeting(Command):
    """Move it to *day*; *notice* is the meeting body's lead in force now."""

    meeting_id: UUID
    day: date
    notice: Lead
    reason: str
    rescheduled_by: str
    rescheduled_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceAgendaItem(Command):
    """Put an accepted item of the same meeting body on its agenda."""

    meeting_id: UUID
    agenda_item_id: UUID
    meeting_body: str
    kind: AgendaItemKind
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SendNotice(Command):
    """Send notice to every member."""

    meeting_id: UUID
    sent_by: str
    sent_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkMeetingNoticeOverdue(Command):
    """A timer says that notice had to be sent by *due*."""

    meeting_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordReceipts(Command):
    """Record that so many more members confirmed the notice."""

    meeting_id: UUID
    receipts: int
    by_phone: bool
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldMeeting(Command):
    """Open it, with the attendance counted."""

    meeting_id: UUID
    present: int
    leave: int
    absent: int
    recorded_by: str
    held_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordOutcome(Command):
    """Record what it made of one of its items."""

    meeting_id: UUID
    agenda_item_id: UUID
    outcome: Outcome
    votes_for: int
    votes_against: int
    abstentions: int
    speeches: int
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseMeeting(Command):
    """Close it, once every item has an outcome."""

    meeting_id: UUID
    closed_by: str
    closed_at: datetime


MeetingCommand: TypeAlias = (
    PlanMeeting
    | RescheduleMeeting
    | PlaceAgendaItem
    | SendNotice
    | MarkMeetingNoticeOverdue
    | RecordReceipts
    | HoldMeeting
    | RecordOutcome
    | CloseMeeting
)
