"""The calendars and strategies of the deadline tests."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from chassis.calendars import load_calendar
from chassis.workdays import (
    SHANGHAI,
)

CALENDAR = load_calendar()

DAY = timedelta(days=1)

days = st.dates(date(2024, 3, 1), date(2039, 6, 30))

counts = st.integers(1, 60)


def at(text: str, year: int = 2025) -> datetime:
    """Read "05-06 18:00" as the office writes it."""
    return datetime.fromisoformat(f"{year}-{text}").replace(tzinfo=SHANGHAI)


def day(text: str, year: int = 2025) -> date:
    """Read "05-06"."""
    return date.fromisoformat(f"{year}-{text}")
