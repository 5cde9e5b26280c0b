"""The scored past of the sample: 县水利局 leads M-1, late, and M-2, on time."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID, uuid5

from chassis.calendars import load_calendar
from chassis.domain import Event
from services.supervision.domain.evaluation.facts import Fact, Recorded, fact_of
from services.supervision.domain.evaluation.points import Period, UnitScore
from services.supervision.domain.evaluation.rules import Rule, rule_of
from services.supervision.domain.evaluation.scoring import Scoring, Standing, evaluate
from services.supervision.domain.evaluation.words import FactKind
from services.supervision.domain.events import (
    FeedbackLate,
    FeedbackSentBack,
    MatterAssigned,
    MatterClosed,
    MatterCompleted,
    MatterEvent,
    ResultSeen,
)
from services.supervision.policies import score_rules
from tests.golden.write import sample_of

CALENDAR = load_calendar([2025, 2026])
JANUARY_TO_OCTOBER = Period(first=date(2025, 1, 1), last=date(2025, 10, 31))
A, B = (score_rules(None)[rule] for rule in ("R-2025A", "R-2025B"))
WATER, FINANCE, TOWN = "water", "finance", "qingshi"
STANDINGS = {
    WATER: Standing(organ="gov", unit_class="bureau"),
    FINANCE: Standing(organ="gov", unit_class="bureau"),
    TOWN: Standing(organ="gov", unit_class="town"),
    "agriculture-committee": Standing(organ="npc", unit_class="committee"),
}
IDS = UUID(int=20251031)

E = TypeVar("E", bound=Event)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


def an(event_class: type[E], **said: Any) -> E:
    """Return an event that says *said*, and nothing else that would matter to a score."""
    hints = get_type_hints(event_class)
    names = {field.name for field in fields(event_class)}
    given = {name: _nothing(hints[name], name) for name in names}
    return event_class(**given | {k: v for k, v in said.items() if k in names})


def _nothing(hint: Any, name: str) -> Any:
    if NoneType in get_args(hint):
        return None
    return hint() if hint in (bool, int, tuple) else sample_of(hint, name)


@dataclass(frozen=True)
class Past:
    """Events with the moments at which they occurred."""

    events: tuple[tuple[datetime, MatterEvent], ...]

    def facts(self) -> list[Fact]:
        """Return what the ledger says of them."""
        return [fact for fact in map(self._fact, range(len(self.events))) if fact]

    def _fact(self, place: int) -> Fact | None:
        moment, event = self.events[place]
        recorded = Recorded(
            event_id=uuid5(IDS, f"{place}"),
            event_type=f"matter.{type(event).__name__.removeprefix('Matter')}",
            occurred_at=moment,
        )
        return fact_of(event, recorded)


def matter(number: str, unit: str | None = WATER, organ: str = "gov") -> dict[str, Any]:
    """Return what all events of one matter have in common."""
    matter_id = uuid5(IDS, number)
    return {
        "matter_id": matter_id,
        "organ": organ,
        "number": number,
        "lead": unit,
        "unit": unit,
        "co": (TOWN,),
    }


M1 = matter("云政督〔2025〕31号")
M2 = matter("云政督〔2025〕32号")
C1 = matter("云人常办〔2025〕21号", None, "npc") | {"addressed_organ": "gov"}

ASSIGNED_1 = (at("04-25 18:50"), an(MatterAssigned, **M1))
SENT_BACK_1 = (at("05-09 09:30"), an(FeedbackSentBack, **M1))
COMPLETED_1 = (
    at("05-09 15:00"),
    an(MatterCompleted, **M1, late=True, late_work_days=3),
)
SEEN_1 = (
    at("05-12 10:06"),
    an(ResultSeen, **M1, seen_by="zhou.zhiyuan", commended=False),
)
CLOSED_1 = (at("05-12 10:10"), an(MatterClosed, **M1, late=True, late_work_days=3))
ASSIGNED_2 = (at("06-27 16:00"), an(MatterAssigned, **M2))
FEEDBACK_LATE_2 = (at("08-25 18:00"), an(FeedbackLate, **M2))
COMPLETED_2 = (
    at("08-29 10:00"),
    an(MatterCompleted, **M2, late=False, late_work_days=0),
)
COMMENDED_2 = (
    at("10-20 09:00"),
    an(ResultSeen, **M2, seen_by="zhou.zhiyuan", commended=True),
)
CLOSED_2 = (at("10-20 09:10"), an(MatterClosed, **M2, late=False, late_work_days=0))
COMPLETED_C1 = (at("09-23 15:30"), an(MatterCompleted, **C1, late=False, late_work_days=0))

FIRST_AND_THEN = Past(
    (
        ASSIGNED_1,
        COMPLETED_1,
        SEEN_1,
        CLOSED_1,
        ASSIGNED_2,
        FEEDBACK_LATE_2,
        COMPLETED_2,
        COMPLETED_C1,
        COMMENDED_2,
        CLOSED_2,
    )
)
"""The past of 县水利局 as the sample plays it without its later steps."""


def scored(facts: Iterable[Fact], rule: Rule = A, **changed: Any) -> dict[str, UnitScore]:
    """Return the units of the government with their scores, January to October."""
    given: dict[str, Any] = {
        "organ": "gov",
        "period": JANUARY_TO_OCTOBER,
        "rule": rule,
        "facts": tuple(facts),
        "standings": STANDINGS,
        "praising": frozenset({"zhou.zhiyuan"}),
        "calendar": CALENDAR,
    }
    return {unit.unit: unit for unit in evaluate(Scoring(**given | changed))}


def fact(kind: FactKind, number: int, unit: str = WATER, **said: Any) -> Fact:
    """Return the fact number *number*, at noon of a day in June."""
    given: dict[str, Any] = {
        "event_id": uuid5(IDS, f"fact {number}"),
        "event_type": f"matter.{kind}",
        "occurred_at": at("06-16 12:00"),
        "kind": kind,
        "organ": "gov",
        "unit": unit,
        "matter_id": uuid5(IDS, f"matter {number}"),
        "number": f"云政督〔2025〕{number}号",
    }
    return Fact(**given | said)


def rule(**changed: Any) -> Rule:
    """Return R-2025A as data, with some of it changed."""
    values: dict[str, Any] = {
        "start": "100",
        "late": {"first": "1", "each_work_day": "0.2", "at_most": "3"},
        "sent_back": "2",
        "feedback_late": "0.5",
        "commended": {"by": "principal", "points": "1"},
        "rank_from_closed": 3,
    }
    return rule_of("R-2025A", values | changed, effective_from=date(2025, 1, 1))


def points(unit: UnitScore) -> list[Decimal]:
    """Return a unit's points, in order."""
    return [point.points for point in unit.points]
