"""A meeting 会议: what it may come to next (地方组织法 第五十一条)."""

from dataclasses import dataclass
from typing import assert_never, get_args

from chassis.domain import Category, UnknownItemError
from services.meetings.domain.dates import before
from services.meetings.domain.meeting import refusals
from services.meetings.domain.meeting.commands import (
    CloseMeeting,
    HoldMeeting,
    MarkMeetingNoticeOverdue,
    MeetingCommand,
    PlaceAgendaItem,
    PlanMeeting,
    RecordOutcome,
    RecordReceipts,
    RescheduleMeeting,
    SendNotice,
)
from services.meetings.domain.meeting.deciding import close, record_outcome
from services.meetings.domain.meeting.events import (
    AgendaItemPlaced,
    MeetingEvent,
    MeetingHeld,
    MeetingNoticed,
    MeetingNoticeOverdue,
    MeetingRescheduled,
    MeetingScheduled,
    NoticeReceiptsRecorded,
)
from services.meetings.domain.meeting.state import MeetingState
from services.meetings.domain.ordinals import name_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting(MeetingState):
    """A meeting that decides; `deciding` is what it does in session."""

    def decide(self, command: MeetingCommand) -> list[MeetingEvent]:
        """Return the events that *command* causes, or refuse it."""
        if not self.ordinal and not isinstance(command, PlanMeeting):
            raise UnknownItemError
        match command:
            case PlanMeeting():
                return self._plan(command)
            case RescheduleMeeting():
                return self._reschedule(command)
            case PlaceAgendaItem():
                return self._place(command)
            case SendNotice():
                return self._send_notice(command)
            case MarkMeetingNoticeOverdue():
                return self._mark_notice_overdue(command)
            case RecordReceipts():
                return self._record_receipts(command)
            case HoldMeeting():
                return self._hold(command)
            case RecordOutcome():
                return record_outcome(self, command)
            case CloseMeeting():
                return close(self, command)
            case _:
                assert_never(command)

    def _plan(self, command: PlanMeeting) -> list[MeetingEvent]:
        if self.ordinal:
            raise refusals.AlreadyPlannedError(name=self.name)
        meeting_body, calendar = command.meeting_body, command.calendar
        if command.day < calendar.local(command.planned_at).date():
            raise refusals.DayPassedError(day=command.day)
        return [
            MeetingScheduled(
                meeting_id=command.meeting_id,
                organ=meeting_body.organ,
                meeting_body=meeting_body.code,
                ordinal=command.ordinal,
                name=name_of(command.ordinal, meeting_body.name_zh),
                day=command.day,
                members=meeting_body.members,
                quorum=meeting_body.quorum,
                majority=meeting_body.majority,
                decides_by=meeting_body.decides_by,
                notice=before(command.day, meeting_body.notice, calendar),
                planned_by=command.planned_by,
                planned_at=command.planned_at,
            )
        ]

    def _reschedule(self, command: RescheduleMeeting) -> list[MeetingEvent]:
        self.expect_ahead()
        calendar = command.calendar
        if command.day == self.day:
            raise refusals.SameDayError(day=command.day)
        if command.day < calendar.local(command.rescheduled_at).date():
            raise refusals.DayPassedError(day=command.day)
        return [
            MeetingRescheduled(
                meeting_id=command.meeting_id,
                organ=self.organ,
                meeting_body=self.meeting_body,
                ordinal=self.ordinal,
                day=command.day,
                moved_from=self.day,
                notice=before(command.day, command.notice, calendar),
                agenda_item_ids=tuple(self.items),
                reason=command.reason,
                rescheduled_by=command.rescheduled_by,
                rescheduled_at=command.rescheduled_at,
            )
        ]

    def _place(self, command: PlaceAgendaItem) -> list[MeetingEvent]:
        if command.agenda_item_id in self.items:
            return []
        self.expect_ahead()
        if command.meeting_body != self.meeting_body:
            raise refusals.OtherMeetingBodyError(title=command.title)
        return [
            AgendaItemPlaced(
                meeting_id=command.meeting_id,
                agenda_item_id=command.agenda_item_id,
                kind=command.kind,
                title=command.title,
            )
        ]

    def _send_notice(self, command: SendNotice) -> list[MeetingEvent]:
        self.expect_ahead()
        if self.noticed or self.notice_due is None:
            raise refusals.AlreadyNoticedError(name=self.name)
        late = command.calendar.late_work_days(self.notice_due, command.sent_at)
        return [
            MeetingNoticed(
                meeting_id=command.meeting_id,
                organ=self.organ,
                meeting_body=self.meeting_body,
                ordinal=self.ordinal,
                day=self.day,
                members=self.members,
                due=self.notice_due,
                sent_by=command.sent_by,
                sent_at=command.sent_at,
                late=command.sent_at > self.notice_due,
                late_work_days=late,
            )
        ]

    def _mark_notice_overdue(self, command: MarkMeetingNoticeOverdue) -> list[MeetingEvent]:
        """Mark once for a day that notice was not sent by its due date."""
        superseded = command.due != self.notice_due
        sent = self.noticed or self.present is not None
        if superseded or sent or self.notice_overdue:
            return []
        return [
            MeetingNoticeOverdue(
                meeting_id=command.meeting_id,
                organ=self.organ,
                meeting_body=self.meeting_body,
                ordinal=self.ordinal,
                day=self.day,
                due=command.due,
            )
        ]

    def _record_receipts(self, command: RecordReceipts) -> list[MeetingEvent]:
        if not self.noticed:
            raise refusals.NotNoticedError(name=self.name)
        total = self.receipts + command.receipts
        if total > self.members:
            raise refusals.MoreReceiptsThanMembersError(total=total, members=self.members)
        return [
            NoticeReceiptsRecorded(
                meeting_id=command.meeting_id,
                receipts=command.receipts,
                by_phone=command.by_phone,
                total=total,
                recorded_by=command.recorded_by,
                recorded_at=command.recorded_at,
            )
        ]

    def _hold(self, command: HoldMeeting) -> list[MeetingEvent]:
        self.expect_ahead()
        if command.calendar.local(command.held_at).date() != self.day:
            raise refusals.NotItsDayError(name=self.name, day=self.day)
        counted = command.present + command.leave + command.absent
        if counted != self.members:
            raise refusals.AttendanceSumError(counted=counted, members=self.members)
        if command.present < self.quorum:
            raise refusals.NoQuorumError(present=command.present, quorum=self.quorum)
        return [
            MeetingHeld(
                meeting_id=command.meeting_id,
                organ=self.organ,
                meeting_body=self.meeting_body,
                ordinal=self.ordinal,
                day=self.day,
                members=self.members,
                present=command.present,
                leave=command.leave,
                absent=command.absent,
                quorum=self.quorum,
                held_at=command.held_at,
                recorded_by=command.recorded_by,
            )
        ]


MEETING: Category[Meeting, MeetingCommand, MeetingEvent] = Category(
    name="meeting",
    noun="Meeting",
    initial=Meeting(),
    events=get_args(MeetingEvent),
    commands=get_args(MeetingCommand),
)
