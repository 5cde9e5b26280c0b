"""Deadlines in working days and months: P-WD, P-MONTH."""

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.workdays import (
    CalendarError,
    Deadline,
)
from tests.support.working_days import CALENDAR, DAY, at, counts, day, days

# P-WD


def test_five_working_days_over_the_may_holiday_count_the_make_up_sunday() -> None:
    deadline = CALENDAR.add_work_days(day("04-25"), 5)
    assert deadline == Deadline(
        due=at("05-06 18:00").astimezone(UTC),
        start=day("04-25"),
        rule="P-WD",
        counted=tuple(map(day, ["04-27", "04-28", "04-29", "04-30", "05-06"])),
    )


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2025-04-27", 1, "2025-04-28"),  # ruling on a decline made on a make-up Sunday
        ("2025-05-03", 1, "2025-05-06"),  # an oral instruction of a holiday is confirmed
        ("2025-05-06", 1, "2025-05-07"),  # ladder: urging sheet
        ("2025-05-06", 2, "2025-05-08"),  # ladder: supervision notice
        ("2025-06-20", 3, "2025-06-25"),  # opinion drafted
        ("2025-06-20", 5, "2025-06-27"),  # opinion handed over
        ("2026-09-30", 5, "2026-10-13"),
    ],
)
def test_the_start_day_is_not_counted(start: str, count: int, due: str) -> None:
    deadline = CALENDAR.add_work_days(date.fromisoformat(start), count)
    assert deadline.due == CALENDAR.end_of(date.fromisoformat(due))


def test_a_consultation_of_seven_working_days_names_each() -> None:
    deadline = CALENDAR.add_work_days(day("05-20"), 7)
    assert deadline.counted == tuple(
        map(day, ["05-21", "05-22", "05-23", "05-26", "05-27", "05-28", "05-29"])
    )


def test_no_days_end_today_or_on_the_next_working_day() -> None:
    assert CALENDAR.add_work_days(day("05-06"), 0).due == at("05-06 18:00")
    assert CALENDAR.add_work_days(day("05-03"), 0).due == at("05-06 18:00")
    assert CALENDAR.add_work_days(day("05-03"), 0).counted == ()


@pytest.mark.parametrize("count", [-1, 36_601])
def test_a_period_that_cannot_be_is_refused(count: int) -> None:
    for ask in (
        CALENDAR.add_work_days,
        CALENDAR.add_months,
        CALENDAR.days_before,
        CALENDAR.work_days_before,
    ):
        with pytest.raises(CalendarError, match=f"a period of {count}"):
            ask(day("05-06"), count)


def test_a_period_beyond_the_known_years_is_refused() -> None:
    with pytest.raises(CalendarError, match="no calendar for 2041"):
        CALENDAR.add_work_days(day("05-06"), 10_000)
    with pytest.raises(CalendarError, match="no calendar for 2041"):
        CALENDAR.add_months(day("05-06"), 188)
    with pytest.raises(CalendarError, match="no calendar for 9999"):
        CALENDAR.add_work_days(date.max, 1)


@pytest.mark.parametrize(
    ("meeting", "count", "due"),
    [
        ("09-12", 10, "08-29"),  # M-2 under the committee's step
        ("05-30", 2, "05-28"),  # the draft before T-20
        ("10-27", 5, "10-20"),  # executive meeting: item, materials, to members, notice
        ("10-27", 3, "10-22"),
        ("10-27", 2, "10-23"),
        ("10-27", 1, "10-24"),
        ("10-09", 1, "09-30"),
        ("10-09", 0, "10-09"),
    ],
)
def test_working_days_are_counted_back_over_rest_days(
    meeting: str, count: int, due: str
) -> None:
    assert CALENDAR.work_days_before(day(meeting), count) == day(due)


def test_lead_time_is_counted_without_its_first_day() -> None:
    assert CALENDAR.work_days_between(day("05-06"), day("05-09")) == 3
    assert CALENDAR.work_days_between(day("05-07"), day("05-09")) == 2
    assert CALENDAR.work_days_between(day("04-30"), day("05-05")) == 0
    assert CALENDAR.work_days_between(day("05-09"), day("05-06")) == 0


def test_no_alert_of_a_holiday_comes_before_its_first_working_morning() -> None:
    morning = CALENDAR.opening_of(CALENDAR.next_work_day(day("06-01")))
    assert morning == at("06-03 08:30")


@given(days, counts)
def test_counting_on_and_measuring_agree(start: date, count: int) -> None:
    deadline = CALENDAR.add_work_days(start, count)
    last = CALENDAR.day_of(deadline.due)
    assert deadline.counted[-1] == last
    assert CALENDAR.work_days_between(start, last) == count


@given(days, counts)
def test_what_was_counted_is_each_a_working_day_in_order(start: date, count: int) -> None:
    counted = CALENDAR.add_work_days(start, count).counted
    assert len(counted) == count
    assert list(counted) == sorted(set(counted))
    assert all(map(CALENDAR.is_work_day, counted))
    assert counted[0] == CALENDAR.next_work_day(start) > start


@given(days, counts)
def test_counting_back_undoes_counting_on(start: date, count: int) -> None:
    working = CALENDAR.next_work_day(start)
    last = CALENDAR.day_of(CALENDAR.add_work_days(working, count).due)
    assert CALENDAR.work_days_before(last, count) == working


@given(days, st.integers(0, 90), st.integers(0, 90))
def test_measured_periods_add_up(start: date, first: int, second: int) -> None:
    middle = start + first * DAY
    until = middle + second * DAY
    assert CALENDAR.work_days_between(start, until) == (
        CALENDAR.work_days_between(start, middle)
        + CALENDAR.work_days_between(middle, until)
    )


# P-MONTH


def test_three_months_that_end_on_a_rest_day_move_to_the_make_up_sunday() -> None:
    deadline = CALENDAR.add_months(day("06-27"), 3)
    assert deadline.due == at("09-28 18:00")
    assert deadline.statutory_last_day == day("09-27")
    assert deadline.rule == "P-MONTH"
    assert deadline.start == day("06-27")
    assert not deadline.provisional


@pytest.mark.parametrize(
    ("start", "months", "matching"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-11-30", 1, "2024-12-30"),
        ("2025-08-31", 1, "2025-09-30"),
        ("2025-12-15", 12, "2026-12-15"),
        ("2025-05-06", 0, "2025-05-06"),
    ],
)
def test_a_month_without_the_matching_day_ends_on_its_last(
    start: str, months: int, matching: str
) -> None:
    deadline = CALENDAR.add_months(date.fromisoformat(start), months)
    assert deadline.statutory_last_day == date.fromisoformat(matching)


@given(days, st.integers(0, 12))
def test_months_never_end_early_nor_on_a_rest_day(start: date, months: int) -> None:
    deadline = CALENDAR.add_months(start, months)
    last = CALENDAR.day_of(deadline.due)
    assert deadline.statutory_last_day is not None
    assert deadline.statutory_last_day <= last
    assert CALENDAR.is_work_day(last)
    assert CALENDAR.work_days_between(deadline.statutory_last_day - DAY, last) == 1
