"""A published score: of one organ, one period and one rule, once and for good.

Another rule over the same past is another score, and stands beside it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeAlias, assert_never
from uuid import UUID, uuid5

from chassis.domain import Category, Command
from services.supervision.domain.evaluation.events import ScoreEvent, ScorePublished
from services.supervision.domain.evaluation.points import Period
from services.supervision.domain.evaluation.refusals import (
    PeriodNotOverError,
    PeriodReversedError,
    RuleNotInForceError,
    ScoreAlreadyPublishedError,
)
from services.supervision.domain.evaluation.scoring import Scoring, evaluate

SCORES = UUID("3c1b6b52-61f8-5f0c-9d53-5e9e0c6a7d84")  # name space of score ids


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishScore(Command):
    """Freeze what *scoring* gives."""

    score_id: UUID
    scoring: Scoring
    published_by: str
    published_at: datetime


ScoreCommand: TypeAlias = PublishScore


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A score, reduced to whether it was published."""

    published: bool = False

    def decide(self, command: ScoreCommand) -> list[ScoreEvent]:
        """Return the events that *command* causes, or refuse it."""
        scoring = command.scoring
        period, rule = scoring.period, scoring.rule
        if self.published:
            raise ScoreAlreadyPublishedError(
                first=period.first, last=period.last, score_rule=rule.id
            )
        if period.last < period.first:
            raise PeriodReversedError(first=period.first, last=period.last)
        today = scoring.calendar.local(command.published_at).date()
        if period.last > today:
            raise PeriodNotOverError(last=period.last)
        over = rule.effective_to is not None and rule.effective_to < period.first
        if over or rule.effective_from > today:
            raise RuleNotInForceError(
                score_rule=rule.id, effective_from=rule.effective_from
            )
        return [
            ScorePublished(
                score_id=command.score_id,
                organ=scoring.organ,
                first_day=period.first,
                last_day=period.last,
                rule=rule.id,
                start=rule.start,
                rank_from_closed=rule.rank_from_closed,
                units=evaluate(scoring),
                published_by=command.published_by,
                published_at=command.published_at,
            )
        ]

    def evolve(self, event: ScoreEvent) -> Self:
        """Return the score after *event*."""
        match event:
            case ScorePublished():
                return replace(self, published=True)
            case _:
                assert_never(event)


SCORE = Category(
    name="score",
    noun="Score",
    initial=Score(),
    events=(ScorePublished,),
    commands=(PublishScore,),
)


def score_id(organ: str, period: Period, rule_id: str) -> UUID:
    """Return the id of an organ's score over *period* by a rule: the same at every try."""
    # The organ last: what stands before it has no bar in it.
    return uuid5(SCORES, f"{period.first}|{period.last}|{rule_id}|{organ}")
