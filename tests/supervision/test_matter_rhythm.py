"""Progress is owed in a rhythm: counted ahead, late once, urged by itself (steps 78-81)."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from chassis.calendars import load_calendar
from chassis.testing import given
from chassis.timers import Arm, Disarm
from services.supervision.domain.commands import GiveFeedback, MarkFeedbackLate
from services.supervision.domain.events import (
    FeedbackGiven,
    FeedbackLate,
    MatterAssigned,
    MatterUrged,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.rhythm import Rhythm, feedback_dues
from services.supervision.domain.words import FeedbackKind, UrgeMeans
from services.supervision.reactions import arm_matter
from tests.support.matter_opinion import (
    ASSIGN,
    BY_HAND,
    CALENDAR,
    LEAD,
    M2,
    NUMBER,
    RECEIVE,
    TOWN,
    at,
    following,
)

JULY, AUGUST = at("07-25 18:00"), at("08-25 18:00")
NEWS = GiveFeedback(
    matter_id=M2,
    feedback_id=UUID(int=41),
    kind=FeedbackKind.PROGRESS,
    unit=LEAD,
    given_by="deng.jie",
    signed_by="deng.jie",
    signer_heads_unit=False,
    submitted_at=at("07-25 16:00"),
    summary="已完成设计",
    evidence_name=None,
    evidence_sha256=None,
    calendar=CALENDAR,
)
SECOND = replace(NEWS, feedback_id=UUID(int=42), submitted_at=at("08-26 10:15"))
AUGUST_TIMER = MarkFeedbackLate(
    matter_id=M2, period="2025-08", due=AUGUST, marked_by="system:timer"
)
LATE = FeedbackLate(
    matter_id=M2, organ="gov", number=NUMBER, unit=LEAD, period="2025-08", due=AUGUST
)
URGED = MatterUrged(
    matter_id=M2,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    means=UrgeMeans.AUTOMATIC,
    by_hand=False,
    urged_by="system:timer",
    urged_at=AUGUST,
)


@pytest.fixture
def going() -> Matter:
    """Return M-2 as the lead received it."""
    return following(BY_HAND, ASSIGN, RECEIVE)


def reported(matter: Matter, command: GiveFeedback) -> FeedbackGiven:
    event = matter.decide(command)[-1]
    assert isinstance(event, FeedbackGiven)
    return event


@pytest.mark.parametrize(
    ("rhythm", "after", "until", "expected"),
    [
        (Rhythm(monthly_day=25), "06-27 16:00", "08-29 18:00", ["07-25", "08-25"]),
        # The due date itself is the result's.
        (Rhythm(monthly_day=25), "06-27 16:00", "08-25 18:00", ["07-25"]),
        # The day of the assignment counts while it lasts.
        (Rhythm(monthly_day=25), "07-25 09:00", "08-25 18:00", ["07-25"]),
        # 10-05 and 10-06 are holidays, 10-11 a make-up day, 02-28 the month's last.
        (Rhythm(monthly_day=5), "09-10 09:00", "11-01 18:00", ["10-09"]),
        (Rhythm(monthly_day=31), "02-01 09:00", "04-02 18:00", ["02-28", "03-31"]),
        (Rhythm(first_work_day=True), "04-10 09:00", "06-30 18:00", ["05-06", "06-03"]),
        (None, "04-10 09:00", "06-30 18:00", []),
    ],
)
def test_periods_end_on_working_days_between_assignment_and_due_date(
    rhythm: Rhythm | None, after: str, until: str, expected: list[str]
) -> None:
    dues = feedback_dues(rhythm, at(after), at(until), CALENDAR)
    assert [each.due for each in dues] == [at(f"{day} 18:00") for day in expected]


def test_the_first_working_days_of_the_scenarios_winter() -> None:
    calendar = load_calendar([2025])
    until = datetime.fromisoformat("2026-01-31T18:00+08:00")
    dues = feedback_dues(Rhythm(first_work_day=True), at("10-27 16:00"), until, calendar)
    days = [calendar.local(each.due).date() for each in dues]
    assert days[:2] == [date(2025, 11, 3), date(2025, 12, 1)]
    assert [each.period for each in dues] == ["2025-11", "2025-12", "2026-01"]


def test_each_period_has_its_timer_until_its_feedback_is_in() -> None:
    (assigned,) = following(BY_HAND).decide(ASSIGN)
    assert isinstance(assigned, MatterAssigned)
    armed = [timer for timer in arm_matter(assigned) if timer.name == "feedback"]  # type: ignore[union-attr]
    assert armed == [
        Arm(name="feedback", rung="2025-07", due_at=JULY),
        Arm(name="feedback", rung="2025-08", due_at=AUGUST),
    ]
    first = reported(following(BY_HAND, ASSIGN, RECEIVE), NEWS)
    for event in (first, replace(LATE, period="2025-07")):
        assert [*arm_matter(event)] == [Disarm(name="feedback", rung="2025-07")]


def test_progress_in_time_says_for_which_period_and_when_the_next_is_due(
    going: Matter,
) -> None:
    event = reported(going, NEWS)
    assert (event.period, event.late, event.late_work_days) == ("2025-07", False, 0)
    assert event.next_due == AUGUST
    in_july = MarkFeedbackLate(
        matter_id=M2, period="2025-07", due=JULY, marked_by="system:timer"
    )
    given(going, event).when(in_july).then_nothing()


def test_missing_progress_is_late_once_and_urges_by_itself(going: Matter) -> None:
    past = (reported(going, NEWS),)
    given(going, *past).when(AUGUST_TIMER).then(LATE, URGED)
    given(going, *past, LATE, URGED).when(AUGUST_TIMER).then_nothing()


def test_progress_after_its_day_is_late_by_working_days_once(going: Matter) -> None:
    past = (reported(going, NEWS), LATE, URGED)
    matter = going
    for event in past:
        matter = matter.evolve(event)
    (second,) = matter.decide(SECOND)
    assert isinstance(second, FeedbackGiven)
    assert (second.period, second.late, second.late_work_days) == ("2025-08", True, 1)
    assert second.next_due is None
    third = replace(SECOND, feedback_id=UUID(int=43), submitted_at=at("08-27 09:00"))
    (after,) = matter.evolve(second).decide(third)
    assert isinstance(after, FeedbackGiven)
    assert (after.period, after.late) == (None, False)


def test_what_comes_late_before_the_timer_is_heard_was_late_all_the_same(
    going: Matter,
) -> None:
    matter = going.evolve(reported(going, NEWS))
    just_after = replace(SECOND, submitted_at=at("08-25 18:01"))
    late, feedback = matter.decide(just_after)
    assert late == LATE
    assert isinstance(feedback, FeedbackGiven)
    assert feedback.late_work_days == 1
    given(matter, late, feedback).when(AUGUST_TIMER).then_nothing()


def test_a_missed_period_is_answered_by_the_next_progress_and_the_next_stays_owed(
    going: Matter,
) -> None:
    late, feedback = going.decide(replace(NEWS, submitted_at=at("07-28 09:00")))
    assert isinstance(feedback, FeedbackGiven)
    assert (feedback.period, feedback.late_work_days) == ("2025-07", 1)
    given(going, late, feedback).when(AUGUST_TIMER).then(LATE, URGED)


def test_a_waiting_result_and_a_moved_period_silence_the_timer(going: Matter) -> None:
    result = replace(NEWS, kind=FeedbackKind.FINAL, signer_heads_unit=True)
    given(going, reported(going, result)).when(AUGUST_TIMER).then_nothing()
    given(going).when(replace(AUGUST_TIMER, due=at("08-26 18:00"))).then_nothing()
    given(going).when(replace(AUGUST_TIMER, period="2025-09")).then_nothing()


def test_what_a_co_handling_unit_tells_answers_no_period(going: Matter) -> None:
    receipt = replace(RECEIVE, unit=TOWN)
    (received,) = going.decide(receipt)
    event = reported(going.evolve(received), replace(NEWS, unit=TOWN))
    assert (event.period, event.late) == (None, False)
    given(going, received, event, LATE).when(AUGUST_TIMER).then_nothing()
    given(going, received, event).when(AUGUST_TIMER).then(LATE, URGED)
