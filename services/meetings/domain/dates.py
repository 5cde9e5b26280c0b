"""Dates counted back from a meeting: each shows the arithmetic that led to it."""

from datetime import UTC, date, datetime, time, timedelta

from chassis.workdays import Calendar, Deadline
from services.meetings.domain.meeting_bodies import Lead
from services.meetings.domain.words import CountedIn

DAY = timedelta(days=1)


def before(day: date, lead: Lead, calendar: Calendar) -> Deadline:
    """Return the end of the day that lies *lead* before the meeting on *day*.

    Calendar days follow P-BACK: a rest day moves `due` to the earlier working day, and both
    are kept. Working days (P-BACK-WD) are counted back from the meeting, itself not counted.
    """
    match lead.counted_in:
        case CountedIn.CALENDAR_DAYS:
            return calendar.days_before(day, lead.days)
        case CountedIn.WORK_DAYS:
            last = calendar.work_days_before(day, lead.days)
            return Deadline(
                due=calendar.end_of(last),
                start=day,
                rule="P-BACK-WD",
                provisional=calendar.provisional_between(last, day),
            )


def after(day: date, calendar: Calendar) -> datetime:
    """Return the first moment after *day*: when a limit set by law has passed."""
    return datetime.combine(day + DAY, time(0), calendar.zone).astimezone(UTC)
