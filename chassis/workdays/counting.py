"""The calendar of a site and every way the offices count with it.

Days are local days of the calendar's zone; moments are aware and leave here in UTC.
The Civil Code (民法典 201-203) binds private law; the offices follow it by analogy.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
OFFICE_OPENS = time(8, 30)
OFFICE_CLOSES = time(18)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_PERIOD = 36_600  # a century: beyond it a figure is a slip of the pen
SATURDAY = 5


class CalendarError(ValueError):
    """The calendar cannot answer what was asked; the message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YearCalendar:
    """The rest days and make-up working days of one year, by its notice or by statute.

    A notice may rule days of the December before and the January after its year.
    """

    year: int
    off: frozenset[date]
    work: frozenset[date]
    names: Mapping[date, str]
    source: str
    confirmed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """When something is due, and the arithmetic that led there.

    *start* is the day counted from: for "P-BACK" the day of the meeting.
    *statutory_last_day* is the day before a rest day moved it ("P-MONTH", "P-BACK").
    """

    due: datetime
    start: date
    rule: str
    counted: tuple[date, ...] = ()
    statutory_last_day: date | None = None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The working calendar of a site. *closes* at 00:00 means 24:00 of the day."""

    years: Mapping[int, YearCalendar]
    opens: time = OFFICE_OPENS
    closes: time = OFFICE_CLOSES
    zone: ZoneInfo = SHANGHAI

    def is_work_day(self, day: date) -> bool:
        """Say whether the office works on *day*: as ruled, else Monday to Friday.

        放假办法 2024 第七条 (make-up days); 职工工作时间规定 第七条 (weekly rest days).
        """
        ruling = self._ruling(day)
        return day.weekday() < SATURDAY if ruling is None else day in ruling.work

    def is_make_up(self, day: date) -> bool:
        """Say whether *day* is a rest day that a notice made a working day (班)."""
        ruling = self._ruling(day)
        return ruling is not None and day in ruling.work

    def festival(self, day: date) -> str | None:
        """Return the festival for which *day* is off or made up."""
        ruling = self._ruling(day)
        return None if ruling is None else ruling.names.get(day)

    def status(self, year: int) -> str:
        """Return "confirmed" when the notice of *year* is known, else "provisional"."""
        return "confirmed" if self._year(year).confirmed else "provisional"

    def provisional_between(self, start: date, until: date) -> bool:
        """Say whether a day from *start* to *until*, both included, may still change."""
        years = range(start.year, until.year + 1)
        return any(not self._year(year).confirmed for year in years)

    def work_days(self, year: int) -> int:
        """Return how many working days *year* has."""
        first = date(self._year(year).year, 1, 1)
        return self.work_days_between(first - DAY, date(year, 12, 31))

    def local(self, moment: datetime) -> datetime:
        """Return *moment* on the wall clock of the office."""
        if moment.tzinfo is None:
            raise CalendarError(f"{moment} names no zone: give an aware datetime")
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day on which *moment* ends: 24:00 belongs to the day it closes."""
        return (self.local(moment) - datetime.resolution).date()

    def opening_of(self, day: date) -> datetime:
        """Return the opening of business on *day*."""
        return datetime.combine(day, self.opens, self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """Return the close of business on *day* (P-END, 民法典 203 第二款)."""
        last = day if self.closes > time(0) else day + DAY
        return datetime.combine(last, self.closes, self.zone).astimezone(UTC)

    def next_work_day(self, day: date) -> date:
        """Return the first working day strictly after *day*."""
        return next(self._walk(day, DAY))

    def work_days_before(self, day: date, days: int) -> date:
        """Return the working day that lies *days* working days before *day*."""
        self._check(day, days)
        return next(islice(self._walk(day, -DAY), days - 1, None)) if days else day

    def work_days_between(self, after: date, until: date) -> int:
        """Return the number of working days in (after, until]."""
        span = range(1, (until - after).days + 1)
        return sum(self.is_work_day(after + n * DAY) for n in span)

    def add_work_days(self, start: date, days: int) -> Deadline:
        """Return the end of *days* working days, the start day not counted (P-WD).

        民法典 201 第一款. No days at all end with the start day, or the next working day.
        """
        self._check(start, days)
        counted = tuple(islice(self._walk(start, DAY), days))
        last = counted[-1] if counted else self._on_or_after(start)
        return self._deadline("P-WD", start, last, counted=counted)

    def add_months(self, start: date, months: int) -> Deadline:
        """Return the end of *months* on the matching day, or the month's end (P-MONTH).

        民法典 202; a rest day moves it to the next working day, 民法典 203 第一款.
        """
        self._check(start, months)
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        month += 1
        length = monthrange(self._year(year).year, month)[1]
        matching = date(year, month, min(start.day, length))
        last = self._on_or_after(matching)
        return self._deadline("P-MONTH", start, last, statutory=matching)

    def days_before(self, meeting: date, days: int) -> Deadline:
        """Return the end of the day *days* calendar days before *meeting* (P-BACK).

        A rest day moves it to the EARLIER working day: later would break 监督法's limit.
        """
        self._check(meeting, days)
        statutory = meeting - days * DAY
        last = next(self._walk(statutory + DAY, -DAY))
        return self._deadline("P-BACK", meeting, last, statutory=statutory)

    def near(self, due: datetime, start: date) -> datetime:
        """Return when *due* draws near: 1 to 3 working days before it, at opening (P-NEAR).

        The days are 20 % of the span in working days, rounded up. May lie before *start*.
        """
        last = self.day_of(due)
        fifth = -(-self.work_days_between(start, last) // 5)
        return self.opening_of(self.work_days_before(last, max(1, min(3, fifth))))

    def late_work_days(self, due: datetime, submitted: datetime) -> int:
        """Return by how many working days *submitted* is late.

        What comes after close of business or on a rest day counts for the next working
        day (P-END). 0 is not "on time": a named hour may be missed within its own day.
        """
        last, day = self.day_of(due), self.day_of(submitted)
        if submitted <= due:
            return 0
        after_hours = submitted > self.end_of(day)
        counts_for = self.next_work_day(day) if after_hours else self._on_or_after(day)
        return self.work_days_between(last, counts_for)

    def _year(self, year: int) -> YearCalendar:
        if year not in self.years:
            raise CalendarError(
                f"no calendar for {year}: check the date, or put a file with the State "
                "Council's notice for that year into the site's calendar folder"
            )
        return self.years[year]

    def _ruling(self, day: date) -> YearCalendar | None:
        """Return the calendar that names *day*; the notice issued last comes first."""
        own = self._year(day.year)
        for ruling in (self.years.get(day.year + 1), own, self.years.get(day.year - 1)):
            if ruling is not None and (day in ruling.off or day in ruling.work):
                return ruling
        return None

    def _walk(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_work_day(day):
                yield day

    def _on_or_after(self, day: date) -> date:
        return next(self._walk(day - DAY, DAY))

    def _deadline(
        self,
        rule: str,
        start: date,
        last: date,
        *,
        counted: tuple[date, ...] = (),
        statutory: date | None = None,
    ) -> Deadline:
        decisive = sorted((statutory or start, last))
        return Deadline(
            due=self.end_of(last),
            start=start,
            rule=rule,
            counted=counted,
            statutory_last_day=statutory,
            provisional=self.provisional_between(*decisive),
        )

    def _check(self, start: date, count: int) -> None:
        self._year(start.year)
        if not 0 <= count <= LONGEST_PERIOD:
            raise CalendarError(
                f"a period of {count} cannot be: give 0 to {LONGEST_PERIOD}"
            )
