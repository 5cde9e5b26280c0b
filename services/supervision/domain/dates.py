"""The dates of a supervised matter, by policy: each shows the arithmetic that led to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chassis.workdays import Calendar, Deadline
from services.supervision.domain.commands import AssignMatter, OpenMatter
from services.supervision.domain.ladder import DatedRung, dated
from services.supervision.domain.rhythm import FeedbackDue, feedback_dues
from services.supervision.domain.state import MatterState

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentDates:
    """What follows from the due date once the matter is assigned."""

    near: datetime
    rungs: tuple[DatedRung, ...]
    feedback_dues: tuple[FeedbackDue, ...]
    receive_due: datetime | None


def deadline_of(command: OpenMatter) -> Deadline:
    """Return when the result is due: working days after the instruction (P-WD).

    The period starts on the local day on which it was given, at any hour (P-END), and
    never ends after what a superior set (P-OUTSIDE). Where no calendar reaches back to that
    day it starts with its recording: a matter is opened, whatever day was written down.
    """
    start = command.calendar.local(command.asked_at).date()
    if start.year not in command.calendar.years:
        start = command.calendar.local(command.recorded_at).date()
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


def deadline_set(due: date | datetime, asked_at: datetime, calendar: Calendar) -> Deadline:
    """Return what a leader set (P-SET): a day without an hour ends at close of business."""
    if not isinstance(due, datetime):
        due = calendar.end_of(due)
    start, last = calendar.local(asked_at).date(), calendar.day_of(due)
    return Deadline(
        due=due.astimezone(UTC),
        start=start,
        rule="P-SET",
        provisional=calendar.provisional_between(min(start, last), last),
    )


def assignment_dates(matter: MatterState, command: AssignMatter) -> AssignmentDates:
    """Return what follows from the due date and from the moment of assigning.

    Near follows P-NEAR, the rungs P-LADDER, receiving P-NODE; progress is owed from now
    until the due date.
    """
    calendar, limits, now = command.calendar, command.limits, command.assigned_at
    return AssignmentDates(
        near=calendar.near(matter.due, matter.start),
        rungs=dated(limits.rungs, matter.due, matter.start, calendar),
        feedback_dues=feedback_dues(matter.rhythm, now, matter.due, calendar),
        receive_due=after_minutes(now, limits.receive_minutes.get(matter.urgency)),
    )


def after_minutes(moment: datetime, minutes: int | None) -> datetime | None:
    """Return *moment* plus *minutes* around the clock, or None without a limit (P-NODE)."""
    return None if minutes is None else moment + minutes * MINUTE


def minutes_late(due: datetime | None, moment: datetime) -> int:
    """Return how many minutes after *due* have begun at *moment*."""
    return 0 if due is None else max(0, -((due - moment) // MINUTE))
