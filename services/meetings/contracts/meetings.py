"""What others may know of meetings."""

from typing import assert_never

from google.protobuf.message import Message

from chassis import wire
from services.meetings.contracts.days import day_text
from services.meetings.domain.meeting import events
from shuniu.meetings.v1 import events_pb2 as public


def meeting_to_public(event: events.MeetingEvent) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.MeetingScheduled():
            return public.MeetingScheduled(
                meeting_id=str(event.meeting_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                members=event.members,
                quorum=event.quorum,
                notice_due=wire.timestamp(event.notice.due),
                notice_statutory_last_day=day_text(event.notice.statutory_last_day),
                planned_by=event.planned_by,
                planned_at=wire.timestamp(event.planned_at),
            )
        case events.MeetingRescheduled():
            return public.MeetingRescheduled(
                meeting_id=str(event.meeting_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                moved_from=event.moved_from.isoformat(),
                notice_due=wire.timestamp(event.notice.due),
                notice_statutory_last_day=day_text(event.notice.statutory_last_day),
                agenda_item_ids=[str(item_id) for item_id in event.agenda_item_ids],
                rescheduled_by=event.rescheduled_by,
                rescheduled_at=wire.timestamp(event.rescheduled_at),
            )
        case events.AgendaItemPlaced():
            return None  # AgendaItemScheduled tells where an item is
        case events.MeetingNoticed():
            return public.MeetingNoticed(
                meeting_id=str(event.meeting_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                members=event.members,
                due=wire.timestamp(event.due),
                sent_by=event.sent_by,
                sent_at=wire.timestamp(event.sent_at),
                late=event.late,
                late_work_days=event.late_work_days,
            )
        case events.MeetingNoticeOverdue():
            return public.MeetingNoticeOverdue(
                meeting_id=str(event.meeting_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                due=wire.timestamp(event.due),
            )
        case events.NoticeReceiptsRecorded():
            return None  # the office's own count
        case events.MeetingHeld():
            return public.MeetingHeld(
                meeting_id=str(event.meeting_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                members=event.members,
                present=event.present,
                leave=event.leave,
                absent=event.absent,
                quorum=event.quorum,
                held_at=wire.timestamp(event.held_at),
                recorded_by=event.recorded_by,
            )
        case events.OutcomeRecorded():
            return None  # AgendaItemDecided tells it, in the item's own story
        case events.MeetingClosed():
            return public.MeetingClosed(
                meeting_id=str(event.meeting_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                items=[_decided(item) for item in event.items],
                closed_by=event.closed_by,
                closed_at=wire.timestamp(event.closed_at),
            )
        case _:
            assert_never(event)


def _decided(item: events.DecidedItem) -> public.DecidedItem:
    return public.DecidedItem(
        agenda_item_id=str(item.agenda_item_id),
        kind=wire.value_of(public.AgendaItemKind, item.kind),
        outcome=wire.value_of(public.Outcome, item.outcome),
    )
