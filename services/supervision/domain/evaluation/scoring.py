"""From facts to scores.

Every fact counts in the period in which it occurred, and only there: what is carried over
the end of a year is neither lost nor counted twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chassis.workdays import Calendar
from services.supervision.domain.evaluation.facts import Fact
from services.supervision.domain.evaluation.points import Period, Point, UnitScore
from services.supervision.domain.evaluation.rules import Rule
from services.supervision.domain.evaluation.words import FactKind, PointKind, Unranked

COUNTED = frozenset(FactKind) - {FactKind.RECEIPT_OVERDUE, FactKind.RECEIVED_LATE}
"""What concerns the unit that leads; a receipt can be that of any unit, and earns nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What the directory says of a unit: whose it is, and with which units it is ranked."""

    organ: str
    unit_class: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scoring:
    """All that a score depends on.

    *standings* are the units that the directory knows: one of another organ is never
    scored. *praising* are the people whose remark counts by *rule*.
    """

    organ: str
    period: Period
    rule: Rule
    facts: Sequence[Fact]
    standings: Mapping[str, Standing]
    praising: frozenset[str]
    calendar: Calendar


def evaluate(scoring: Scoring) -> tuple[UnitScore, ...]:
    """Return the score of each unit that led something, the best first."""
    of_unit: dict[str, list[Fact]] = defaultdict(list)
    for fact in scoring.facts:
        if _counts(fact, scoring):
            of_unit[fact.unit].append(fact)
    scores = [_score(unit, facts, scoring) for unit, facts in of_unit.items()]
    return _ranked(sorted(scores, key=lambda unit: (-unit.score, unit.unit)))


def _counts(fact: Fact, scoring: Scoring) -> bool:
    standing = scoring.standings.get(fact.unit)
    return (
        fact.kind in COUNTED
        and fact.organ == scoring.organ
        and (standing is None or standing.organ == scoring.organ)
        and scoring.period.covers(fact.occurred_at, scoring.calendar)
    )


def _score(unit: str, facts: Iterable[Fact], scoring: Scoring) -> UnitScore:
    rule, standing = scoring.rule, scoring.standings.get(unit)
    ordered = sorted(facts, key=lambda fact: (fact.occurred_at, fact.event_id))
    kinds = [fact.kind for fact in ordered]
    points = tuple(point for fact in ordered if (point := point_of(fact, scoring)))
    closed = kinds.count(FactKind.CLOSED)
    unit_class = standing.unit_class if standing else None
    unranked = None
    if closed < rule.rank_from_closed:
        unranked = Unranked.FEW_ITEMS
    elif unit_class is None:
        unranked = Unranked.NO_CLASS
    return UnitScore(
        unit=unit,
        unit_class=unit_class,
        score=rule.start + sum((point.points for point in points), Decimal(0)),
        assigned=kinds.count(FactKind.ASSIGNED),
        completed=kinds.count(FactKind.COMPLETED),
        on_time=sum(f.kind is FactKind.COMPLETED and not f.late for f in ordered),
        closed=closed,
        rank=None,
        unranked=unranked,
        points=points,
    )


def point_of(fact: Fact, scoring: Scoring) -> Point | None:
    """Return what *fact* earned or cost by the rule, or None."""
    rule = scoring.rule
    match fact.kind:
        case FactKind.COMPLETED:
            kind, points = PointKind.LATE, -rule.cost_of_lateness(fact.work_days)
            points = points if fact.late else Decimal(0)
        case FactKind.SENT_BACK:
            kind, points = PointKind.SENT_BACK, -rule.sent_back
        case FactKind.FEEDBACK_LATE:
            kind, points = PointKind.FEEDBACK_LATE, -rule.feedback_late
        case FactKind.COMMENDED:
            kind, points = PointKind.COMMENDED, rule.commended
            points = points if fact.by in scoring.praising else Decimal(0)
        case FactKind.ASSIGNED | FactKind.CLOSED | FactKind.ESCALATED:
            return None  # the volume of work; that an escalation hurts is in the lateness
        case FactKind.RECEIPT_OVERDUE | FactKind.RECEIVED_LATE:
            return None  # in the ledger alone
    if not points:
        return None
    return Point(
        kind=kind,
        points=points,
        event_id=fact.event_id,
        event_type=fact.event_type,
        occurred_at=fact.occurred_at,
        matter_id=fact.matter_id,
        number=fact.number,
        work_days=fact.work_days if kind is PointKind.LATE else None,
    )


def _ranked(scores: Sequence[UnitScore]) -> tuple[UnitScore, ...]:
    """Give ranks within each class; who has the same score has the same rank."""
    rivals: dict[str, list[Decimal]] = defaultdict(list)
    for unit in scores:
        if unit.unranked is None:
            rivals[unit.unit_class or ""].append(unit.score)
    return tuple(
        unit
        if unit.unranked is not None
        else replace(
            unit, rank=1 + sum(s > unit.score for s in rivals[unit.unit_class or ""])
        )
        for unit in scores
    )
