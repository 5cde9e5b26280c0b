"""The dates of a supervised matter, by policy: each shows the arithmetic that led to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.workdays import Calendar, Deadline
from services.supervision.domain.commands import AssignMatter, OpenMatter

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentDates:
    """What follows from the due date once the matter is assigned."""

    near: datetime
    sheet_due: datetime
    receive_due: datetime | None


def deadline_of(command: OpenMatter) -> Deadline:
    """Return when the result is due: working days after the instruction (P-WD).

    The period starts on the local day on which it was given, at any hour (P-END), and
    never ends after what a superior set (P-OUTSIDE).
    """
    start = command.calendar.local(command.asked_at).date()
    days = command.within_work_days or command.limits.default_work_days
    deadline = command.calendar.add_work_days(start, days)
    if command.outside_due is None or deadline.due <= command.outside_due:
        return deadline
    return Deadline(due=command.outside_due, start=start, rule="P-OUTSIDE")


def lead_time(
    due: datetime, outside_due: datetime | None, calendar: Calendar
) -> int | None:
    """Return the working days between our due date and the superior's, if one was set."""
    if outside_due is None:
        return None
    return calendar.work_days_between(calendar.day_of(due), calendar.day_of(outside_due))


def assignment_dates(
    due: datetime, start: date, urgency: str, command: AssignMatter
) -> AssignmentDates:
    """Return what follows from *due* and from the moment of assigning.

    The urging sheet is prepared at the opening of a working day after the due date
    (P-LADDER); near follows P-NEAR, receiving P-NODE.
    """
    calendar, limits = command.calendar, command.limits
    rung = calendar.add_work_days(calendar.day_of(due), limits.sheet_after_work_days)
    return AssignmentDates(
        near=calendar.near(due, start),
        sheet_due=calendar.opening_of(calendar.day_of(rung.due)),
        receive_due=after_minutes(command.assigned_at, limits.receive_minutes.get(urgency)),
    )


def after_minutes(moment: datetime, minutes: int | None) -> datetime | None:
    """Return *moment* plus *minutes* around the clock, or None without a limit (P-NODE)."""
    return None if minutes is None else moment + minutes * MINUTE


def minutes_late(due: datetime | None, moment: datetime) -> int:
    """Return how many minutes after *due* have begun at *moment*."""
    return 0 if due is None else max(0, -((due - moment) // MINUTE))
