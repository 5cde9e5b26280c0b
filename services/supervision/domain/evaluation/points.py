"""What a score consists of: a unit's figures, and each point with the event behind it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from chassis.workdays import Calendar
from services.supervision.domain.evaluation.words import PointKind, Unranked


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The local days that a score is over, the first and the last included."""

    first: date
    last: date

    def covers(self, moment: datetime, calendar: Calendar) -> bool:
        """Say whether *moment* is on one of its days, on the wall clock of the office."""
        return self.first <= calendar.local(moment).date() <= self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """What one event earned (more than 0) or cost (less)."""

    kind: PointKind
    points: Decimal
    event_id: UUID
    event_type: str
    occurred_at: datetime
    matter_id: UUID
    number: str
    work_days: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitScore:
    """One unit's score, with the volume of its work and how much of it was on time.

    *score* is what the rule starts with and the sum of *points*. *assigned*, *completed*
    and *closed* are items that it leads; *on_time* are of the completed ones. *rank* is
    within *unit_class*; where there is none, *unranked* says why.
    """

    unit: str
    unit_class: str | None
    score: Decimal
    assigned: int
    completed: int
    on_time: int
    closed: int
    rank: int | None
    unranked: Unranked | None
    points: tuple[Point, ...]
