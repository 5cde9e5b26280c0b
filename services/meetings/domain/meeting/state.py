"""What a meeting remembers, and how each event changes that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self, assert_never
from uuid import UUID

from services.meetings.domain.meeting.events import (
    AgendaItemPlaced,
    MeetingClosed,
    MeetingEvent,
    MeetingHeld,
    MeetingNoticed,
    MeetingNoticeOverdue,
    MeetingRescheduled,
    MeetingScheduled,
    NoticeReceiptsRecorded,
    OutcomeRecorded,
)
from services.meetings.domain.meeting.refusals import (
    AlreadyClosedError,
    MeetingOverError,
    NotHeldError,
)
from services.meetings.domain.words import AgendaItemKind, DecidesBy, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An item on the agenda, and its outcome once it has one."""

    kind: AgendaItemKind
    title: str
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingState:
    """A meeting, reduced to what its decisions need and its events must name.

    *ordinal* is 0 until it is planned, *present* None until it is held. *notice_due* is None
    until it is planned; moving it to another day takes its notice back.
    """

    organ: str = ""
    meeting_body: str = ""
    ordinal: int = 0
    name: str = ""
    day: date = date.max
    members: int = 0
    quorum: int = 0
    majority: int = 0
    decides_by: DecidesBy = DecidesBy.VOTE
    notice_due: datetime | None = None
    noticed: bool = False
    notice_overdue: bool = False
    receipts: int = 0
    items: Mapping[UUID, Placed] = field(default_factory=dict)
    present: int | None = None
    closed: bool = False

    def expect_ahead(self) -> None:
        """Refuse what only a meeting that is still to come can undergo."""
        if self.present is not None:
            raise MeetingOverError(name=self.name)

    def expect_sitting(self) -> int:
        """Return how many are present, or refuse while it is not held, or closed already."""
        if self.closed:
            raise AlreadyClosedError(name=self.name)
        if self.present is None:
            raise NotHeldError(name=self.name)
        return self.present

    def evolve(self, event: MeetingEvent) -> Self:
        """Return the meeting after *event*."""
        match event:
            case MeetingScheduled():
                return replace(
                    self,
                    organ=event.organ,
                    meeting_body=event.meeting_body,
                    ordinal=event.ordinal,
                    name=event.name,
                    day=event.day,
                    members=event.members,
                    quorum=event.quorum,
                    majority=event.majority,
                    decides_by=event.decides_by,
                    notice_due=event.notice.due,
                )
            case MeetingRescheduled():
                return replace(
                    self,
                    day=event.day,
                    notice_due=event.notice.due,
                    noticed=False,
                    notice_overdue=False,
                    receipts=0,
                )
            case AgendaItemPlaced():
                placed = Placed(kind=event.kind, title=event.title)
                return replace(self, items={**self.items, event.agenda_item_id: placed})
            case MeetingNoticed():
                return replace(self, noticed=True)
            case MeetingNoticeOverdue():
                return replace(self, notice_overdue=True)
            case NoticeReceiptsRecorded():
                return replace(self, receipts=event.total)
            case MeetingHeld():
                return replace(self, present=event.present)
            case OutcomeRecorded():
                decided = replace(self.items[event.agenda_item_id], outcome=event.outcome)
                return replace(self, items={**self.items, event.agenda_item_id: decided})
            case MeetingClosed():
                return replace(self, closed=True)
            case _:
                assert_never(event)
