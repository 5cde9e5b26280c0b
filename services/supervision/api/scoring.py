"""What a score depends on, gathered: the ledger, the rule, the directory, the calendar."""

from datetime import datetime, time, timedelta

from chassis.parts import Parts
from services.supervision.domain.evaluation.points import Period
from services.supervision.domain.evaluation.refusals import (
    PeriodReversedError,
    TooManyFactsError,
    UnknownRuleError,
)
from services.supervision.domain.evaluation.scoring import Scoring, Standing
from services.supervision.policies import score_rules
from services.supervision.projections import ledger_lists as view
from services.supervision.projections.ledger import LEDGER

MOST_FACTS = 10_000
MIDNIGHT = time(0)


async def scoring_of(parts: Parts, organ: str, period: Period, rule_id: str) -> Scoring:
    """Return all that an organ's score depends on, with everything that is stored by now.

    Raises `UnknownRuleError`, `PeriodReversedError`, `TooManyFactsError`, `NotYetError`.
    """
    rules = score_rules(parts.settings.policies)
    if rule_id not in rules:
        raise UnknownRuleError(score_rule=rule_id, known="、".join(sorted(rules)))
    if period.last < period.first:
        raise PeriodReversedError(first=period.first, last=period.last)
    rule, zone = rules[rule_id], parts.calendar.zone
    since = datetime.combine(period.first, MIDNIGHT, zone)
    before = datetime.combine(period.last + timedelta(days=1), MIDNIGHT, zone)
    async with parts.views.reading(LEDGER, complete=True) as connection:
        facts = await view.facts(connection, organ, since, before, MOST_FACTS + 1)
    if len(facts) > MOST_FACTS:
        raise TooManyFactsError(most=MOST_FACTS)
    people = await parts.directory.people()
    return Scoring(
        organ=organ,
        period=period,
        rule=rule,
        facts=facts,
        standings={
            unit.id: Standing(organ=unit.organ, unit_class=unit.unit_class)
            for unit in people.units.values()
        },
        praising=frozenset(people.with_role(rule.commended_by, organ=organ)),
        calendar=parts.calendar,
    )
