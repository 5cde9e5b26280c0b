"""A rule of scoring: figures that a site may change, checked before anything is scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

MOST = Decimal(1000)
PLACES = -2
LATE = ("late.first", "late.each_work_day", "late.at_most")
FIGURES = ("start", *LATE, "sent_back", "feedback_late", "commended.points")
KNOWN = frozenset({*FIGURES, "commended.by", "rank_from_closed"})


class RuleError(ValueError):
    """A rule cannot be used: says which figure of it, and what is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What a unit starts with, what an item costs it, and from how many items it is ranked.

    Every figure is a magnitude: *late* and *late_each_work_day* together cost at most
    *late_at_most* an item. A remark counts where its author has the role *commended_by*.
    """

    id: str
    effective_from: date
    effective_to: date | None = None
    start: Decimal
    late: Decimal
    late_each_work_day: Decimal
    late_at_most: Decimal
    sent_back: Decimal
    feedback_late: Decimal
    commended: Decimal
    commended_by: str
    rank_from_closed: int

    def cost_of_lateness(self, work_days: int) -> Decimal:
        """Return what an item costs that was late by *work_days*: 0 is late all the same."""
        return min(self.late + self.late_each_work_day * work_days, self.late_at_most)


def rule_of(
    rule_id: str,
    values: Mapping[str, Any],
    *,
    effective_from: date,
    effective_to: date | None = None,
) -> Rule:
    """Return the rule that *values* write down. Raises `RuleError`, naming the figure."""
    given = _flat(rule_id, values)
    figures = {name: _figure(rule_id, name, given[name]) for name in FIGURES}
    least, role = given["rank_from_closed"], given["commended.by"]
    if isinstance(least, bool) or not isinstance(least, int) or not 0 <= least <= MOST:
        raise RuleError(f"{rule_id}: rank_from_closed is no number of items")
    if not isinstance(role, str) or not role:
        raise RuleError(f"{rule_id}: commended.by names no role")
    if figures["late.first"] > figures["late.at_most"]:
        raise RuleError(f"{rule_id}: late.at_most is less than late.first")
    return Rule(
        id=rule_id,
        effective_from=effective_from,
        effective_to=effective_to,
        start=figures["start"],
        late=figures["late.first"],
        late_each_work_day=figures["late.each_work_day"],
        late_at_most=figures["late.at_most"],
        sent_back=figures["sent_back"],
        feedback_late=figures["feedback_late"],
        commended=figures["commended.points"],
        commended_by=role,
        rank_from_closed=least,
    )


def _flat(rule_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            given |= {f"{name}.{part}": figure for part, figure in value.items()}
        else:
            given[str(name)] = value
    if unknown := given.keys() - KNOWN:
        raise RuleError(f"{rule_id}: nobody knows {', '.join(sorted(unknown))}")
    if missing := KNOWN - given.keys():
        raise RuleError(f"{rule_id}: {', '.join(sorted(missing))} is missing")
    return given


def _figure(rule_id: str, name: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RuleError(f"{rule_id}: write {name} as a whole number or in quotes: '0.2'")
    try:
        figure = Decimal(value)
    except InvalidOperation as error:
        raise RuleError(f"{rule_id}: {name} is no number: {value}") from error
    if not figure.is_finite() or not 0 <= figure <= MOST:
        raise RuleError(f"{rule_id}: {name} is not from 0 to {MOST}: {value}")
    exponent = figure.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < PLACES:
        raise RuleError(f"{rule_id}: {name} has more than two decimal places: {value}")
    return figure
