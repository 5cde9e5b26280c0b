"""The working days of the office and the deadlines counted in them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chassis.calendars import load_calendar
from chassis.workdays import (
    SHANGHAI,
    Calendar,
    CalendarError,
    Deadline,
    YearCalendar,
    explain,
)

CALENDAR = load_calendar()
BEFORE_THE_NOTICE_OF_2026 = load_calendar([2025])
MIDNIGHT_SITE = replace(CALENDAR, closes=time(0))
DAY = timedelta(days=1)

days = st.dates(date(2024, 3, 1), date(2039, 6, 30))
counts = st.integers(1, 60)
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


# What is stored and what is read


def test_a_deadline_survives_being_stored_as_json() -> None:
    stored = TypeAdapter(Deadline)
    for deadline in (
        CALENDAR.add_work_days(day("04-25"), 5),
        CALENDAR.add_months(day("06-27"), 3),
    ):
        assert stored.validate_json(stored.dump_json(deadline)) == deadline


NAMED = Deadline(due=at("05-04 00:00"), start=day("05-03"), rule="named")
PROVISIONAL = BEFORE_THE_NOTICE_OF_2026.add_work_days(day("12-31"), 1)


@pytest.mark.parametrize(
    ("deadline", "zh", "en"),
    [
        (
            CALENDAR.add_work_days(day("04-25"), 5),
            "4月25日+5个工作日（4/27班 4/28 4/29 4/30 5/6；五一休5天）",
            (
                "04-25 + 5 working days (04-27 make-up, 04-28, 04-29, 04-30, 05-06;"
                " Labour Day: 5 days off)"
            ),
        ),
        (
            CALENDAR.add_work_days(day("09-30"), 1),
            "9月30日+1个工作日（10/9；国庆中秋休8天）",
            "09-30 + 1 working day (10-09; National Day, Mid-Autumn: 8 days off)",
        ),
        (
            CALENDAR.add_work_days(date(2024, 6, 7), 1),
            "6月7日+1个工作日（6/11；端午休3天）",
            "06-07 + 1 working day (06-11; Dragon Boat: 3 days off)",
        ),
        (
            CALENDAR.add_work_days(day("06-20"), 2),
            "6月20日+2个工作日（6/23 6/24）",
            "06-20 + 2 working days (06-23, 06-24)",
        ),
        (
            CALENDAR.add_work_days(day("05-06"), 0),
            "5月6日+0个工作日（5/6）",
            "05-06 + 0 working days (05-06)",
        ),
        (
            CALENDAR.add_months(day("06-27"), 3),
            "6月27日+3个月（最后一日9/27休，顺延至9/28班）",
            "06-27 + 3 months (last day 09-27 is off, moved on to 09-28 make-up)",
        ),
        (
            CALENDAR.add_months(date(2024, 12, 31), 2),
            "12月31日+2个月（最后一日2/28）",
            "12-31 + 2 months (last day 02-28)",
        ),
        (
            CALENDAR.days_before(day("06-20"), 20),
            "6月20日前20日（最后一日5/31休，提前至5/30）",
            "20 days before 06-20 (last day 05-31 is off, brought forward to 05-30)",
        ),
        (
            CALENDAR.days_before(day("06-20"), 10),
            "6月20日前10日（最后一日6/10）",
            "10 days before 06-20 (last day 06-10)",
        ),
        (NAMED, "5月3日 24:00（指明时点）", "05-03 24:00 (the hour was named)"),
        (
            replace(NAMED, due=at("04-25 17:10"), rule="P-NODE"),
            "4月25日 17:10（P-NODE）",
            "04-25 17:10 (P-NODE)",
        ),
    ],
)
def test_the_arithmetic_is_written_as_the_office_reads_it(
    deadline: Deadline, zh: str, en: str
) -> None:
    assert explain(deadline, CALENDAR) == zh
    assert explain(deadline, CALENDAR, "en") == en


def test_a_deadline_that_may_still_move_says_so_with_both_arithmetics() -> None:
    moved = CALENDAR.add_work_days(day("12-31"), 1)
    assert explain(PROVISIONAL, BEFORE_THE_NOTICE_OF_2026) == (
        "12月31日+1个工作日（1/2；元旦休1天；暂定）"
    )
    assert explain(PROVISIONAL, BEFORE_THE_NOTICE_OF_2026, "en").endswith("; provisional)")
    assert explain(moved, CALENDAR) == "12月31日+1个工作日（1/4班；元旦休3天）"


def test_a_festival_of_the_region_keeps_its_own_name() -> None:
    off = frozenset({day("03-20")})
    year = YearCalendar(
        year=2025, off=off, work=off - off, names={day("03-20"): "诺鲁孜节"},
        source="自治区规定", confirmed=True,
    )  # fmt: skip
    calendar = Calendar(years={2025: year})
    deadline = calendar.add_work_days(day("03-19"), 1)
    assert explain(deadline, calendar) == "3月19日+1个工作日（3/21；诺鲁孜节休1天）"


@given(days, counts)
def test_the_words_name_every_day_that_was_counted(start: date, count: int) -> None:
    deadline = CALENDAR.add_work_days(start, count)
    words = explain(deadline, CALENDAR)
    listed = words.partition("（")[2].rstrip("）").partition("；")[0]
    assert len(listed.split(" ")) == count
