"""A meeting that moves: twice, back again, forward over a year's end, past papers that are in."""

from datetime import UTC, date, datetime

import pytest

from chassis.testing import given
from chassis.timers import Arm
from services.meetings.domain.agenda_item.commands import MarkMaterialLate
from services.meetings.domain.agenda_item.events import AgendaItemScheduled
from services.meetings.domain.meeting.commands import RescheduleMeeting, SendNotice
from services.meetings.domain.words import MaterialStage
from services.meetings.reactions.arming import LATE, NEAR, arm_item
from tests.support.meeting_samples import (
    CALENDAR,
    DAY,
    ITEM_ID,
    MEETING_ID,
    at,
    deliver,
    did,
    meeting_body,
    move,
    planned,
    scheduled,
)

DRAFT, REVISED = MaterialStage.DRAFT_FOR_COMMENT, MaterialStage.REVISED
IS_LATE = MarkMaterialLate(agenda_item_id=ITEM_ID, stage=DRAFT, due=at("05-30 18:00"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def reschedule(day: date, when: str = "2025-05-16 09:00") -> RescheduleMeeting:
    return RescheduleMeeting(
        meeting_id=MEETING_ID,
        day=day,
        notice=meeting_body().notice,
        reason="改期",
        rescheduled_by="ding.qian",
        rescheduled_at=moment(when),
        calendar=CALENDAR,
    )


def test_moved_there_and_back_the_stages_stand_as_they_first_did() -> None:
    there = did(scheduled(), move(date(2025, 7, 18)))
    back = did(there, move(DAY, "05-16 10:00"))
    assert {s: back.stages[s].scheduled.deadline for s in back.stages} == {
        s: scheduled().stages[s].scheduled.deadline for s in scheduled().stages
    }
    given(there).when(IS_LATE).then_nothing()
    assert back.decide(IS_LATE)


def test_what_was_late_for_the_old_day_is_owed_anew_for_a_later_one() -> None:
    late = did(scheduled(), IS_LATE)
    [event] = late.decide(move(date(2025, 7, 18), "06-01 09:00"))
    assert isinstance(event, AgendaItemScheduled)
    armed = {(s.name, s.rung) for s in arm_item(event) if isinstance(s, Arm)}
    assert {(NEAR, DRAFT.value), (LATE, DRAFT.value)} <= armed
    anew = late.evolve(event).stages[DRAFT]
    assert not anew.late_marked
    assert anew.scheduled.deadline.due == at("06-27 18:00")  # 06-28 is a Saturday


def test_moved_forward_past_its_stage_it_is_late_at_once_and_not_near() -> None:
    [event] = scheduled().decide(move(date(2025, 6, 10), "05-23 09:00"))
    settings = [s for s in arm_item(event) if isinstance(s, Arm) and s.rung == DRAFT.value]
    late = next(s for s in settings if s.name == LATE)
    assert late.due_at == at("05-21 18:00")
    assert NEAR not in {s.name for s in settings}


@pytest.mark.parametrize("day", [date(2025, 6, 10), date(2025, 7, 18)])
def test_what_was_delivered_stands_wherever_the_meeting_goes(day: date) -> None:
    for when in ("05-28 09:00", "06-03 10:30"):
        before = did(scheduled(), deliver(DRAFT, when))
        after = did(before, move(day, "06-03 11:00"))
        assert after.stages[DRAFT] == before.stages[DRAFT]
        assert after.stages[REVISED].scheduled.deadline.start == day


def test_over_the_end_of_the_year_dates_are_provisional_and_the_notice_is_sent_anew() -> (
    None
):
    notice = SendNotice(
        meeting_id=MEETING_ID,
        sent_by="ding.qian",
        sent_at=at("06-13 11:00"),
        calendar=CALENDAR,
    )
    noticed = did(planned(), notice)
    [event] = noticed.decide(reschedule(date(2026, 1, 8), "2025-06-18 09:00"))
    # 2026-01-01 is a holiday: the notice goes out in the old year.
    assert event.notice.due == moment("2025-12-31 18:00")
    assert event.notice.statutory_last_day == date(2026, 1, 1)
    assert event.notice.provisional
    moved = noticed.evolve(event)
    assert not moved.noticed
    assert moved.decide(notice)
