"""What can have happened to a meeting."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label
from chassis.workdays import Deadline
from services.meetings.domain.words import AgendaItemKind, DecidesBy, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedItem:
    """One item of a closed meeting."""

    agenda_item_id: UUID
    kind: AgendaItemKind
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingScheduled(Event):
    """It is planned for a day, under its ordinal (会议排定)."""

    label: ClassVar[Label] = Label("会议排定", "Meeting scheduled")

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    name: str
    day: date
    members: int
    quorum: int
    majority: int
    decides_by: DecidesBy
    notice: Deadline
    planned_by: str
    planned_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingRescheduled(Event):
    """It moved to another day, and what hangs on it with it (会议改期)."""

    label: ClassVar[Label] = Label("会议改期", "Meeting rescheduled")

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    day: date
    moved_from: date
    notice: Deadline
    agenda_item_ids: tuple[UUID, ...]
    reason: str
    rescheduled_by: str
    rescheduled_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItemPlaced(Event):
    """An item is on its agenda (列入议程)."""

    label: ClassVar[Label] = Label("列入议程", "Agenda item placed")

    meeting_id: UUID
    agenda_item_id: UUID
    kind: AgendaItemKind
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingNoticed(Event):
    """Notice was sent to its members (会议通知)."""

    label: ClassVar[Label] = Label("会议通知", "Meeting noticed")

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    day: date
    members: int
    due: datetime
    sent_by: str
    sent_at: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingNoticeOverdue(Event):
    """Notice was not sent in time (会议通知逾期)."""

    label: ClassVar[Label] = Label("会议通知逾期", "Meeting notice overdue")

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    day: date
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeReceiptsRecorded(Event):
    """So many members confirmed the notice, in writing or by telephone (通知回执)."""

    label: ClassVar[Label] = Label("通知回执", "Notice receipts recorded")

    meeting_id: UUID
    receipts: int
    by_phone: bool
    total: int
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingHeld(Event):
    """It opened with its quorum (会议召开)."""

    label: ClassVar[Label] = Label("会议召开", "Meeting held")

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    day: date
    members: int
    present: int
    leave: int
    absent: int
    quorum: int
    held_at: datetime
    recorded_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeRecorded(Event):
    """An item on its agenda has its outcome (议题结果)."""

    label: ClassVar[Label] = Label("议题结果", "Outcome recorded")

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
class MeetingClosed(Event):
    """It is over: every item has its outcome (闭会)."""

    label: ClassVar[Label] = Label("闭会", "Meeting closed")

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    day: date
    items: tuple[DecidedItem, ...]
    closed_by: str
    closed_at: datetime


MeetingEvent: TypeAlias = (
    MeetingScheduled
    | MeetingRescheduled
    | AgendaItemPlaced
    | MeetingNoticed
    | MeetingNoticeOverdue
    | NoticeReceiptsRecorded
    | MeetingHeld
    | OutcomeRecorded
    | MeetingClosed
)
