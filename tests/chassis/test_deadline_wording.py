"""How a deadline is stored, and how its arithmetic reads."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chassis.calendars import load_calendar
from chassis.workdays import (
    SHANGHAI,
    Calendar,
    Deadline,
    YearCalendar,
    explain,
)

CALENDAR = load_calendar()
BEFORE_THE_NOTICE_OF_2026 = load_calendar([2025])

days = st.dates(date(2024, 3, 1), date(2039, 6, 30))
counts = st.integers(1, 60)


def at(text: str, year: int = 2025) -> datetime:
    """Read "05-06 18:00" as the office writes it."""
    return datetime.fromisoformat(f"{year}-{text}").replace(tzinfo=SHANGHAI)


def day(text: str, year: int = 2025) -> date:
    """Read "05-06"."""
    return date.fromisoformat(f"{year}-{text}")


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
