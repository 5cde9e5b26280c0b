"""The stages of an item's materials: when each is due, and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.workdays import Calendar, Deadline
from services.meetings.domain.dates import after, before
from services.meetings.domain.meeting_bodies import Lead, StageRule
from services.meetings.domain.words import CountedIn, MaterialStage, OwedBy, StageBasis


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledStage:
    """One stage with its dates; *statutory_ends* is set where the law names the day."""

    stage: MaterialStage
    owner_organ: str
    owner_unit: str
    basis: StageBasis
    source: str
    days_before: int
    counted_in: CountedIn
    deadline: Deadline
    near: datetime
    statutory_ends: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StageState:
    """A stage, reduced to what its decisions need."""

    scheduled: ScheduledStage
    near_marked: bool = False
    late_marked: bool = False
    statutory_missed: bool = False
    delivered_at: datetime | None = None
    late: bool = False
    late_accepted: bool = False
    reviewed: bool = False
    waived: bool = False

    @property
    def open(self) -> bool:
        """Whether it is still to be delivered."""
        return self.delivered_at is None and not self.waived


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """Who reports, and who looks after the meetings of the meeting body."""

    organ: str
    office: str
    reporting_organ: str
    reporting_unit: str


def stages_of(
    rules: Iterable[StageRule], sides: Sides, day: date, since: date, calendar: Calendar
) -> tuple[ScheduledStage, ...]:
    """Return the stages before the meeting on *day*, the earliest first.

    What is near is counted over the span from *since*, the day of the scheduling (P-NEAR).
    """
    stages = [_stage(rule, sides, day, since, calendar) for rule in rules]
    return tuple(sorted(stages, key=lambda stage: stage.deadline.due))


def moved(
    stage: ScheduledStage, day: date, since: date, calendar: Calendar
) -> ScheduledStage:
    """Return *stage* as it is when its meeting is on *day*: the rule it began under stays."""
    lead = Lead(days=stage.days_before, counted_in=stage.counted_in)
    deadline = before(day, lead, calendar)
    return ScheduledStage(
        stage=stage.stage,
        owner_organ=stage.owner_organ,
        owner_unit=stage.owner_unit,
        basis=stage.basis,
        source=stage.source,
        days_before=stage.days_before,
        counted_in=stage.counted_in,
        deadline=deadline,
        near=calendar.near(deadline.due, since),
        statutory_ends=_statutory_ends(stage.basis, deadline, calendar),
    )


def _stage(
    rule: StageRule, sides: Sides, day: date, since: date, calendar: Calendar
) -> ScheduledStage:
    deadline = before(day, rule.lead, calendar)
    owner = {
        OwedBy.REPORTING_UNIT: (sides.reporting_organ, sides.reporting_unit),
        OwedBy.OFFICE: (sides.organ, sides.office),
    }[rule.owed_by]
    return ScheduledStage(
        stage=rule.stage,
        owner_organ=owner[0],
        owner_unit=owner[1],
        basis=rule.basis,
        source=rule.source,
        days_before=rule.lead.days,
        counted_in=rule.lead.counted_in,
        deadline=deadline,
        near=calendar.near(deadline.due, since),
        statutory_ends=_statutory_ends(rule.basis, deadline, calendar),
    )


def _statutory_ends(
    basis: StageBasis, deadline: Deadline, calendar: Calendar
) -> datetime | None:
    if basis is not StageBasis.LAW or deadline.statutory_last_day is None:
        return None
    return after(deadline.statutory_last_day, calendar)
