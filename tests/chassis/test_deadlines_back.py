"""Deadlines counted back, and lateness: P-BACK, P-NEAR."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.calendars import load_calendar
from tests.support.working_days import CALENDAR, DAY, at, counts, day, days

BEFORE_THE_NOTICE_OF_2026 = load_calendar([2025])

moments = st.datetimes(
    datetime(2024, 3, 1),  # noqa: DTZ001 hypothesis adds the zone
    datetime(2039, 6, 30),  # noqa: DTZ001 hypothesis adds the zone
    timezones=st.just(UTC),
)


# P-BACK


@pytest.mark.parametrize(
    ("meeting", "count", "statutory", "due"),
    [
        ("2025-06-20", 25, "2025-05-26", "2025-05-26"),
        ("2025-06-20", 20, "2025-05-31", "2025-05-30"),
        ("2025-06-20", 10, "2025-06-10", "2025-06-10"),
        ("2025-06-20", 7, "2025-06-13", "2025-06-13"),
        ("2025-09-28", 15, "2025-09-13", "2025-09-12"),
        ("2025-10-17", 10, "2025-10-07", "2025-09-30"),
        ("2025-10-17", 7, "2025-10-10", "2025-10-10"),
        ("2026-10-08", 7, "2026-10-01", "2026-09-30"),
    ],
)
def test_days_before_a_meeting_move_earlier_from_a_rest_day(
    meeting: str, count: int, statutory: str, due: str
) -> None:
    deadline = CALENDAR.days_before(date.fromisoformat(meeting), count)
    assert deadline.rule == "P-BACK"
    assert deadline.statutory_last_day == date.fromisoformat(statutory)
    assert deadline.due == CALENDAR.end_of(date.fromisoformat(due))


@given(days, st.integers(0, 60))
def test_a_material_is_never_due_after_its_statutory_day(meeting: date, count: int) -> None:
    deadline = CALENDAR.days_before(meeting, count)
    last = CALENDAR.day_of(deadline.due)
    assert deadline.statutory_last_day == meeting - count * DAY
    assert last <= deadline.statutory_last_day
    assert CALENDAR.is_work_day(last)
    assert CALENDAR.work_days_between(last, deadline.statutory_last_day) == 0


# P-NEAR


@pytest.mark.parametrize(
    ("start", "due", "near"),
    [
        ("04-25", "05-09 18:00", "05-07 08:30"),  # answer to the city: span 8
        ("04-25", "05-06 18:00", "04-30 08:30"),  # M-1: span 5
        ("05-15", "05-30 18:00", "05-27 08:30"),  # T-20: span 11
        ("06-27", "09-28 18:00", "09-24 08:30"),  # C-1
        ("06-27", "08-29 18:00", "08-26 08:30"),  # M-2
        ("05-03", "05-04 00:00", "04-30 08:30"),  # named 24:00 on a rest day
    ],
)
def test_near_is_a_fifth_of_the_span_ahead_at_opening(
    start: str, due: str, near: str
) -> None:
    assert CALENDAR.near(at(due), day(start)) == at(near)


@given(days, moments)
def test_near_is_a_working_morning_one_to_three_days_ahead(
    start: date, due: datetime
) -> None:
    near = CALENDAR.near(due, start)
    morning = CALENDAR.day_of(near)
    ahead = CALENDAR.work_days_between(morning - DAY, CALENDAR.day_of(due) - DAY)
    assert near <= due
    assert CALENDAR.is_work_day(morning)
    assert near == CALENDAR.opening_of(morning)
    assert 1 <= ahead <= 3


# Late days


@pytest.mark.parametrize(
    ("due", "submitted", "late"),
    [
        ("05-06 18:00", "05-09 14:20", 3),  # M-1
        ("05-06 18:00", "05-06 19:00", 1),
        ("05-06 18:00", "05-08 08:35", 2),
        ("05-30 18:00", "06-03 10:30", 1),  # the draft of T-20
        ("08-25 18:00", "08-26 10:15", 1),  # feedback 2 of M-2
        ("08-29 18:00", "08-28 17:00", 0),  # M-2
        ("05-06 18:00", "05-06 18:00", 0),
        ("05-04 00:00", "05-03 22:40", 0),  # M-3, named 24:00
        ("05-04 00:00", "05-04 09:00", 1),  # a rest day counts for 05-06
        ("04-30 18:00", "05-05 23:59", 1),
        ("05-09 12:00", "05-09 14:00", 0),  # late, but by no whole working day
    ],
)
def test_lateness_is_counted_in_working_days(due: str, submitted: str, late: int) -> None:
    assert CALENDAR.late_work_days(at(due), at(submitted)) == late


@given(moments, moments, moments)
def test_later_is_never_less_late(due: datetime, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert CALENDAR.late_work_days(due, earlier) <= CALENDAR.late_work_days(due, later)
    assert CALENDAR.late_work_days(later, due) <= CALENDAR.late_work_days(earlier, due)


@given(days, counts)
def test_the_close_of_business_is_on_time_and_a_second_later_is_one_day_late(
    start: date, count: int
) -> None:
    due = CALENDAR.add_work_days(start, count).due
    assert CALENDAR.late_work_days(due, due) == 0
    assert CALENDAR.late_work_days(due, due + timedelta(seconds=1)) == 1


# P-CAL: years that may still change


def test_a_year_without_a_notice_is_provisional_and_the_notice_moves_its_days() -> None:
    before, after = BEFORE_THE_NOTICE_OF_2026, CALENDAR
    assert (before.status(2025), before.status(2026)) == ("confirmed", "provisional")
    assert after.status(2026) == "confirmed"
    assert before.next_work_day(day("12-31")) == date(2026, 1, 2)
    assert after.next_work_day(day("12-31")) == date(2026, 1, 4)
    assert before.add_work_days(day("12-31"), 1).provisional
    assert not after.add_work_days(day("12-31"), 1).provisional


@pytest.mark.parametrize(("ends", "first"), [("10-31", "11-03"), ("11-30", "12-01")])
def test_a_monthly_progress_is_due_on_the_first_working_day(ends: str, first: str) -> None:
    assert CALENDAR.next_work_day(day(ends)) == day(first)


def test_only_the_days_that_decide_make_a_deadline_provisional() -> None:
    calendar = BEFORE_THE_NOTICE_OF_2026
    assert not calendar.add_work_days(day("12-01"), 5).provisional
    assert not calendar.days_before(date(2026, 1, 9), 20).provisional
    assert calendar.days_before(date(2026, 1, 9), 5).provisional
    assert calendar.add_months(day("10-09"), 3).provisional
    assert not calendar.provisional_between(day("01-01"), day("12-31"))
    assert calendar.provisional_between(day("12-31"), date(2026, 1, 1))
