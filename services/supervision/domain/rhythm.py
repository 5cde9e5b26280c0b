"""How often a unit owes progress feedback 节点反馈 on a matter, and when the next is due."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from chassis.workdays import Calendar

DAY = timedelta(days=1)
LAST_DAY = 31


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """On a day of every month, or on its first working day: one of the two."""

    monthly_day: int | None = None
    first_work_day: bool = False

    @property
    def sound(self) -> bool:
        """Whether it says exactly one of the two."""
        if self.monthly_day is None:
            return self.first_work_day
        return not self.first_work_day and 1 <= self.monthly_day <= LAST_DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackDue:
    """One period, by its month as yyyy-mm, and when its progress feedback is due."""

    period: str
    due: datetime


def feedback_dues(
    rhythm: Rhythm | None, after: datetime, until: datetime, calendar: Calendar
) -> tuple[FeedbackDue, ...]:
    """Return what is due after *after* and before *until*, both exclusive.

    A rest day moves it to the next working day; each ends at close of business (P-END).
    """
    if rhythm is None:
        return ()
    found = (
        FeedbackDue(period=f"{first:%Y-%m}", due=_due(rhythm, first, calendar))
        for first in takewhile(
            lambda first: first <= calendar.day_of(until),
            _months(calendar.local(after).date()),
        )
    )
    return tuple(each for each in found if after < each.due < until)


def current(
    dues: Sequence[FeedbackDue], submitted: datetime, answered: datetime | None
) -> FeedbackDue | None:
    """Return which period a feedback *submitted* then is for: the one missed, or the next.

    *answered* is the due date of the last period that has its feedback.
    """
    missed = [each for each in dues if each.due < submitted]
    if missed and (answered is None or answered < missed[-1].due):
        return missed[-1]
    return next((each for each in dues if submitted <= each.due), None)


def _months(day: date) -> Iterator[date]:
    first = day.replace(day=1)
    while True:
        yield first
        first = (first + LAST_DAY * DAY).replace(day=1)


def _due(rhythm: Rhythm, first: date, calendar: Calendar) -> datetime:
    if rhythm.monthly_day is None:
        return calendar.end_of(calendar.next_work_day(first - DAY))
    length = monthrange(first.year, first.month)[1]
    day = first.replace(day=min(rhythm.monthly_day, length))
    return calendar.end_of(calendar.next_work_day(day - DAY))
