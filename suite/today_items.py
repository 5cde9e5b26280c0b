"""What a first screen shows of one matter, and of one answer that is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.people import People
from chassis.workdays import Calendar, Deadline

Answer = Mapping[str, Any]

DARK_FIRST = ("red", "yellow", "green")
UNREPORTED = frozenset({"opened", "assigned", "in_progress"})


@dataclass(frozen=True, kw_only=True, slots=True)
class NextRung:
    """The next rung of the ladder after the due date, while nothing is reported."""

    due: datetime
    sheet: str | None
    colour: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One matter as a screen shows it. *part* is what the reader's unit does in it."""

    number: str | None
    subject: str | None
    source_no: str | None
    status: str
    light: str
    lead: str | None
    addressed_organ: str | None
    responsible_person: str | None
    head: str | None
    part: str | None
    received: bool
    deadline: Deadline
    overdue: bool
    overdue_work_days: int
    sheet_no: str | None
    sheet_prepared: bool
    sheet_received: bool
    notice_no: str | None
    notice_prepared: bool
    notice_received: bool
    next_rung: NextRung | None
    next_feedback: datetime | None
    asked_by: str
    asked_at: datetime
    addressee: str | None
    assigned_by: str | None
    requirement: str | None
    outside_due: datetime | None
    outside_work_days_left: int | None
    sender: str | None
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """An answer that the office owes to an outside body, and the matter it hangs on."""

    receipt_no: str | None
    sender: str
    due: datetime | None
    work_days_left: int | None
    at: Item | None


class Reading:
    """Reads the rows of a list of matters for somebody of *unit*, at a moment."""

    def __init__(
        self,
        unit: str,
        now: datetime,
        owed: Sequence[Answer],
        people: People,
        calendar: Calendar,
    ) -> None:
        self._unit = unit
        self._now = now
        self._today = calendar.local(now).date()
        self._senders = {answer["receipt_no"]: answer["sender"] for answer in owed}
        self._people = people
        self._calendar = calendar

    def item(self, row: Answer) -> Item:
        """Return one matter."""
        calendar, unit, lead = self._calendar, self._unit, row["lead"]
        due, outside = datetime.fromisoformat(row["due"]), moment(row["outside_due"])
        start, last = date.fromisoformat(row["start"]), calendar.day_of(due)
        overdue = self._now > due and row["status"] in UNREPORTED
        heads = self._people.with_role("unit_head", unit=lead) if lead else []
        late = calendar.work_days_between(last, self._today) if overdue else 0
        left = None
        if outside is not None:
            left = calendar.work_days_between(self._today, calendar.day_of(outside))
        return Item(
            number=row["number"],
            subject=row["subject"],
            source_no=row["source_document_no"] or row["source_no"],
            status=row["status"],
            light=row["light"],
            lead=lead,
            addressed_organ=row["addressed_organ"],
            responsible_person=row["responsible_person"],
            head=next(iter(heads), None),
            part="lead" if lead == unit else "co" if unit in row["co"] else None,
            received=unit in row["received"],
            deadline=Deadline(
                due=due,
                start=start,
                rule=row["rule"],
                counted=tuple(map(date.fromisoformat, row["counted"])),
                provisional=calendar.provisional_between(start, last),
            ),
            overdue=overdue,
            overdue_work_days=late,
            sheet_no=row["sheet_no"],
            sheet_prepared=row["sheet_prepared"],
            sheet_received=row["sheet_received"],
            notice_no=row["notice_no"],
            notice_prepared=row["notice_prepared"],
            notice_received=row["notice_received"],
            next_rung=_next_rung(row["rungs"]) if overdue else None,
            next_feedback=moment(row["next_feedback"]),
            asked_by=row["asked_by"],
            asked_at=datetime.fromisoformat(row["asked_at"]),
            addressee=row["addressee"],
            assigned_by=row["assigned_by"],
            requirement=row["requirement"],
            outside_due=outside,
            outside_work_days_left=left,
            sender=self._senders.get(row["source_document_no"]),
            closed_at=moment(row["closed_at"]),
        )


def to_receive(item: Item) -> bool:
    """Say whether the reader's unit has still to receive it."""
    return item.part is not None and item.status != "opened" and not item.received


def count(items: Sequence[Item], status: str) -> int:
    """Return how many are in *status*."""
    return sum(item.status == status for item in items)


def dark_first(items: Sequence[Item]) -> list[Item]:
    """Return *items*, the red ones first, then by due date."""
    return sorted(items, key=lambda i: (DARK_FIRST.index(i.light), i.deadline.due))


def _next_rung(rungs: Sequence[Answer]) -> NextRung | None:
    if not rungs:
        return None
    due = datetime.fromisoformat(rungs[0]["due_at"])
    return NextRung(due=due, sheet=rungs[0]["sheet"], colour=rungs[0]["colour"])


def moment(written: str | None) -> datetime | None:
    """Return the moment that was written, where one was."""
    return datetime.fromisoformat(written) if written else None
