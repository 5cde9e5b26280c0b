"""A meeting: planned by ordinal, moved, noticed, held with its quorum, closed with outcomes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from chassis.timers import Arm, Disarm, DisarmAll
from services.meetings.domain.meeting import refusals
from services.meetings.domain.meeting.commands import (
    MarkMeetingNoticeOverdue,
    RecordReceipts,
    RescheduleMeeting,
    SendNotice,
)
from services.meetings.domain.meeting.events import (
    AgendaItemPlaced,
    MeetingNoticed,
    MeetingNoticeOverdue,
    MeetingRescheduled,
    MeetingScheduled,
    NoticeReceiptsRecorded,
)
from services.meetings.domain.meeting.meeting import Meeting
from services.meetings.domain.ordinals import name_of, numeral
from services.meetings.domain.words import AgendaItemKind
from services.meetings.reactions.arming import NOTICE, arm_meeting
from tests.support.meeting_samples import (
    CALENDAR,
    DAY,
    ITEM_ID,
    MEETING_ID,
    TITLE,
    at,
    close,
    did,
    hold,
    meeting_body,
    place,
    plan,
    planned,
)

OTHER = UUID(int=8)
NAMED: dict[str, Any] = {
    "meeting_id": MEETING_ID,
    "organ": "npc",
    "meeting_body": "npc.standing_committee",
    "ordinal": 27,
    "day": DAY,
}

UNSENT = MarkMeetingNoticeOverdue(meeting_id=MEETING_ID, due=at("06-13 18:00"))


def notice(sent: str) -> SendNotice:
    return SendNotice(
        meeting_id=MEETING_ID, sent_by="ding.qian", sent_at=at(sent), calendar=CALENDAR
    )


def receipts(count: int, *, by_phone: bool = False) -> RecordReceipts:
    return RecordReceipts(
        meeting_id=MEETING_ID,
        receipts=count,
        by_phone=by_phone,
        recorded_by="ding.qian",
        recorded_at=at("06-16 09:40"),
    )


def reschedule(day: date, when: str = "05-20 09:00") -> RescheduleMeeting:
    return RescheduleMeeting(
        meeting_id=MEETING_ID,
        day=day,
        notice=meeting_body().notice,
        reason="防汛",
        rescheduled_by="ding.qian",
        rescheduled_at=at(when),
        calendar=CALENDAR,
    )


def test_a_meeting_is_planned_by_ordinal_and_its_notice_is_due_seven_days_before() -> None:
    [event] = Meeting().decide(plan())
    assert isinstance(event, MeetingScheduled)
    assert event.name == "第二十七次常委会会议"
    assert (event.members, event.quorum, event.majority) == (27, 14, 14)
    assert event.notice.due == at("06-13 18:00")
    given(planned()).when(plan()).then_refused(refusals.AlreadyPlannedError)


def test_an_executive_meeting_sends_its_notice_one_working_day_before() -> None:
    monday = plan(
        meeting_body=meeting_body("gov.executive"), ordinal=9, day=date(2025, 10, 27)
    )
    [event] = Meeting().decide(monday)
    assert isinstance(event, MeetingScheduled)
    assert (event.notice.due, event.notice.rule) == (at("10-24 18:00"), "P-BACK-WD")
    assert event.notice.statutory_last_day is None


def test_a_day_that_passed_is_refused() -> None:
    past = plan(day=date(2025, 5, 14))
    given(Meeting()).when(past).then_refused(refusals.DayPassedError)
    yesterday = reschedule(date(2025, 5, 19))
    given(planned()).when(yesterday).then_refused(refusals.DayPassedError)


@pytest.mark.parametrize("command", [notice("06-13 11:00"), hold(), close(), place()])
def test_what_was_never_planned_is_unknown(command: Any) -> None:
    given(Meeting()).when(command).then_refused(UnknownItemError)


def test_an_item_is_placed_once_and_only_before_its_own_body() -> None:
    placed = AgendaItemPlaced(
        meeting_id=MEETING_ID,
        agenda_item_id=ITEM_ID,
        kind=AgendaItemKind.SPECIAL_WORK_REPORT,
        title=TITLE,
    )
    given(did(Meeting(), plan())).when(place()).then(placed)
    given(planned()).when(place()).then_nothing()
    executive = did(Meeting(), plan(meeting_body=meeting_body("gov.executive")))
    given(executive).when(place()).then_refused(refusals.OtherMeetingBodyError)
    held = did(planned(), hold())
    given(held).when(place(OTHER)).then_refused(refusals.MeetingOverError)


def test_rescheduling_names_what_hangs_on_the_meeting_and_takes_its_notice_back() -> None:
    noticed = did(planned(), notice("06-13 11:00"), receipts(26))
    [event] = noticed.decide(reschedule(date(2025, 6, 27)))
    assert isinstance(event, MeetingRescheduled)
    assert (event.moved_from, event.agenda_item_ids) == (DAY, (ITEM_ID,))
    assert event.notice.due == at("06-20 18:00")
    moved = noticed.evolve(event)
    assert (moved.noticed, moved.receipts) == (False, 0)
    given(moved).when(hold()).then_refused(refusals.NotItsDayError)
    given(planned()).when(reschedule(DAY)).then_refused(refusals.SameDayError)
    held = did(planned(), hold())
    again = reschedule(date(2025, 6, 27))
    given(held).when(again).then_refused(refusals.MeetingOverError)


@pytest.mark.parametrize(("sent", "late"), [("06-13 11:00", 0), ("06-16 09:00", 1)])
def test_notice_is_sent_once_on_time_or_late(sent: str, late: int) -> None:
    sending = MeetingNoticed(
        **NAMED,
        members=27,
        due=at("06-13 18:00"),
        sent_by="ding.qian",
        sent_at=at(sent),
        late=bool(late),
        late_work_days=late,
    )
    given(planned()).when(notice(sent)).then(sending)
    noticed = did(planned(), notice(sent))
    given(noticed).when(notice(sent)).then_refused(refusals.AlreadyNoticedError)


def test_notice_not_sent_in_time_is_told_once_and_once_sent_no_more() -> None:
    overdue = MeetingNoticeOverdue(**NAMED, due=at("06-13 18:00"))
    given(planned()).when(UNSENT).then(overdue)
    given(did(planned(), UNSENT)).when(UNSENT).then_nothing()
    given(did(planned(), notice("06-13 11:00"))).when(UNSENT).then_nothing()
    given(did(planned(), hold())).when(UNSENT).then_nothing()
    [late] = did(planned(), UNSENT).decide(notice("06-16 09:00"))
    assert isinstance(late, MeetingNoticed)
    assert late.late


def test_a_meeting_that_moved_owes_its_notice_anew_and_by_its_new_day_alone() -> None:
    moved = did(planned(), UNSENT, reschedule(date(2025, 6, 27)))
    given(moved).when(UNSENT).then_nothing()
    anew = MarkMeetingNoticeOverdue(meeting_id=MEETING_ID, due=at("06-20 18:00"))
    named = NAMED | {"day": date(2025, 6, 27)}
    overdue = MeetingNoticeOverdue(**named, due=at("06-20 18:00"))
    given(moved).when(anew).then(overdue)
    given(did(moved, notice("06-20 09:00"))).when(anew).then_nothing()


def test_the_timer_of_the_notice_follows_the_day_and_ends_with_the_notice() -> None:
    [scheduled] = Meeting().decide(plan())
    assert arm_meeting(scheduled) == [Arm(name=NOTICE, due_at=at("06-13 18:00"))]
    [moved] = planned().decide(reschedule(date(2025, 6, 27)))
    assert arm_meeting(moved) == [Arm(name=NOTICE, due_at=at("06-20 18:00"))]
    for command in (notice("06-13 11:00"), UNSENT):
        [over] = planned().decide(command)
        assert arm_meeting(over) == [Disarm(name=NOTICE)]
    [held] = planned().decide(hold())
    assert arm_meeting(held) == [DisarmAll()]


def test_receipts_are_counted_up_to_the_members_by_phone_too() -> None:
    noticed = did(planned(), notice("06-13 11:00"), receipts(26))
    recorded = NoticeReceiptsRecorded(
        meeting_id=MEETING_ID,
        receipts=1,
        by_phone=True,
        total=27,
        recorded_by="ding.qian",
        recorded_at=at("06-16 09:40"),
    )
    given(noticed).when(receipts(1, by_phone=True)).then(recorded)
    more = refusals.MoreReceiptsThanMembersError
    given(noticed).when(receipts(2)).then_refused(more, total=28)
    given(planned()).when(receipts(1)).then_refused(refusals.NotNoticedError)


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (10, "十"), (15, "十五"), (27, "二十七"), (62, "六十二")]
    + [(100, "一百"), (105, "一百零五"), (110, "一百一十"), (999, "九百九十九")],
)
def test_ordinals_are_written_as_chinese_writes_them(number: int, said: str) -> None:
    assert numeral(number) == said
    assert name_of(number, "主任会议") == f"第{said}次主任会议"
