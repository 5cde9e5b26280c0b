"""The working calendar: what a working day is, and when a day ends (P-CAL, P-END)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from chassis.calendars import load_calendar
from chassis.workdays import (
    SHANGHAI,
    CalendarError,
)

CALENDAR = load_calendar()
MIDNIGHT_SITE = replace(CALENDAR, closes=time(0))

moments = st.datetimes(
    datetime(2024, 3, 1),  # noqa: DTZ001 hypothesis adds the zone
    datetime(2039, 6, 30),  # noqa: DTZ001 hypothesis adds the zone
    timezones=st.just(UTC),
)


def at(text: str, year: int = 2025) -> datetime:
    """Read "05-06 18:00" as the office writes it."""
    return datetime.fromisoformat(f"{year}-{text}").replace(tzinfo=SHANGHAI)


def day(text: str, year: int = 2025) -> date:
    """Read "05-06"."""
    return date.fromisoformat(f"{year}-{text}")


# What a working day is


@pytest.mark.parametrize("text", ["2025-04-27", "2025-09-28", "2026-01-04", "2026-02-14"])
def test_a_make_up_weekend_day_counts_as_a_working_day(text: str) -> None:
    made_up = date.fromisoformat(text)
    assert made_up.weekday() >= 5
    assert CALENDAR.is_work_day(made_up)
    assert CALENDAR.is_make_up(made_up)


@pytest.mark.parametrize("text", ["2025-10-08", "2026-02-23", "2025-05-01", "2025-06-02"])
def test_a_weekday_that_the_notice_gives_off_is_a_rest_day(text: str) -> None:
    rest = date.fromisoformat(text)
    assert rest.weekday() < 5
    assert not CALENDAR.is_work_day(rest)
    assert not CALENDAR.is_make_up(rest)


def test_a_day_no_notice_names_follows_the_week() -> None:
    assert CALENDAR.is_work_day(day("06-20"))
    assert not CALENDAR.is_work_day(day("06-21"))
    assert CALENDAR.festival(day("06-20")) is None


def test_days_off_and_make_up_days_know_their_festival() -> None:
    assert CALENDAR.festival(day("05-05")) == "劳动节"
    assert CALENDAR.festival(day("04-27")) == "劳动节"
    assert CALENDAR.festival(day("10-06")) == "国庆节、中秋节"


@pytest.mark.parametrize(("year", "expected"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_confirmed_year_has_the_working_days_of_its_notice(
    year: int, expected: int
) -> None:
    assert CALENDAR.status(year) == "confirmed"
    assert CALENDAR.work_days(year) == expected


def test_december_days_may_be_ruled_by_the_notice_of_the_next_year() -> None:
    new_year = replace(
        CALENDAR.years[2026],
        off=CALENDAR.years[2026].off | {day("12-31")},
        work=CALENDAR.years[2026].work | {day("12-28")},
    )
    calendar = replace(CALENDAR, years={**CALENDAR.years, 2026: new_year})
    assert calendar.is_work_day(day("12-28"))
    assert not calendar.is_work_day(day("12-31"))


def test_january_days_may_be_ruled_by_the_notice_of_the_year_before() -> None:
    notice = replace(CALENDAR.years[2026], off=frozenset({date(2027, 1, 4)}))
    calendar = replace(CALENDAR, years={**CALENDAR.years, 2026: notice})
    assert not calendar.is_work_day(date(2027, 1, 4))


def test_a_year_without_any_calendar_is_refused_with_what_to_do() -> None:
    with pytest.raises(CalendarError, match=r"no calendar for 2051.*put a file"):
        CALENDAR.is_work_day(date(2051, 3, 1))
    with pytest.raises(CalendarError, match="2023"):
        CALENDAR.work_days(2023)


# P-END: moments and hours


def test_a_day_ends_at_close_of_business() -> None:
    assert CALENDAR.end_of(day("05-06")) == at("05-06 18:00")
    assert CALENDAR.end_of(day("05-06")).tzinfo is UTC
    assert CALENDAR.opening_of(day("05-06")) == at("05-06 08:30")
    assert CALENDAR.local(datetime(2025, 5, 6, 10, tzinfo=UTC)).hour == 18


def test_a_site_may_let_the_day_end_at_24_hours() -> None:
    due = MIDNIGHT_SITE.end_of(day("05-06"))
    assert due == at("05-07 00:00")
    assert MIDNIGHT_SITE.day_of(due) == day("05-06")
    assert MIDNIGHT_SITE.late_work_days(due, at("05-07 00:01")) == 1


def test_a_site_in_another_zone_counts_its_own_days() -> None:
    calendar = replace(CALENDAR, zone=ZoneInfo("Asia/Urumqi"))
    assert calendar.end_of(day("05-06")) == at("05-06 20:00")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(CalendarError, match="aware"):
        CALENDAR.local(datetime(2025, 5, 6, 18))  # noqa: DTZ001 this is what is refused
    with pytest.raises(CalendarError, match="aware"):
        CALENDAR.late_work_days(at("05-06 18:00"), datetime(2025, 5, 6, 18))  # noqa: DTZ001 the same
