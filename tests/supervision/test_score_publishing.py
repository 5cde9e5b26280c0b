"""A score is published once for a period and a rule, and then stands."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, get_type_hints

import pytest

from chassis import wire
from chassis.domain import RefusedError
from chassis.testing import given
from services.supervision.contracts import TOPICS, to_public
from services.supervision.domain.evaluation import refusals, words
from services.supervision.domain.evaluation.events import ScorePublished
from services.supervision.domain.evaluation.points import Period, UnitScore
from services.supervision.domain.evaluation.refusals import (
    PeriodNotOverError,
    PeriodReversedError,
    RuleNotInForceError,
    ScoreAlreadyPublishedError,
)
from services.supervision.domain.evaluation.score import (
    SCORE,
    PublishScore,
    Score,
    score_id,
)
from services.supervision.domain.evaluation.scoring import Scoring, evaluate
from shuniu.supervision.v1 import score_pb2 as public
from tests.support.scoring import (
    CALENDAR,
    FIRST_AND_THEN,
    JANUARY_TO_OCTOBER,
    STANDINGS,
    A,
    B,
    at,
)

SCORING = Scoring(
    organ="gov",
    period=JANUARY_TO_OCTOBER,
    rule=A,
    facts=FIRST_AND_THEN.facts(),
    standings=STANDINGS,
    praising=frozenset({"zhou.zhiyuan"}),
    calendar=CALENDAR,
)
ID = score_id("gov", JANUARY_TO_OCTOBER, "R-2025A")
PUBLISH = PublishScore(
    score_id=ID, scoring=SCORING, published_by="sun.li", published_at=at("10-31 17:00")
)
PUBLISHED = ScorePublished(
    score_id=ID,
    organ="gov",
    first_day=date(2025, 1, 1),
    last_day=date(2025, 10, 31),
    rule="R-2025A",
    start=Decimal(100),
    rank_from_closed=3,
    units=evaluate(SCORING),
    published_by="sun.li",
    published_at=at("10-31 17:00"),
)
REFUSALS = [
    found
    for found in vars(refusals).values()
    if isinstance(found, type)
    and issubclass(found, RefusedError)
    and found is not RefusedError
]


def asking(**changed: Any) -> PublishScore:
    return replace(PUBLISH, scoring=replace(SCORING, **changed))


def test_publishing_freezes_every_unit_with_its_reasons() -> None:
    given(Score()).when(PUBLISH).then(PUBLISHED)
    assert [unit.score for unit in PUBLISHED.units] == [Decimal("98.9")]


def test_what_is_published_stands() -> None:
    given(Score(), PUBLISHED).when(PUBLISH).then_refused(
        ScoreAlreadyPublishedError, score_rule="R-2025A", first=date(2025, 1, 1)
    )


def test_another_rule_or_another_period_is_another_score() -> None:
    shorter = Period(first=date(2025, 1, 1), last=date(2025, 9, 30))
    ids = {
        ID,
        score_id("gov", JANUARY_TO_OCTOBER, "R-2025B"),
        score_id("gov", shorter, "R-2025A"),
        score_id("npc", JANUARY_TO_OCTOBER, "R-2025A"),
    }
    assert len(ids) == 4
    assert score_id("gov", JANUARY_TO_OCTOBER, "R-2025A") == ID


def test_a_period_is_published_on_its_last_day_at_the_earliest() -> None:
    early = replace(PUBLISH, published_at=at("10-30 23:59"))
    given(Score()).when(early).then_refused(PeriodNotOverError, last=date(2025, 10, 31))
    on_the_day = replace(PUBLISH, published_at=at("10-31 00:00"))
    given(Score()).when(on_the_day).then(
        replace(PUBLISHED, published_at=on_the_day.published_at)
    )


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    reversed_period = Period(first=date(2025, 10, 31), last=date(2025, 1, 1))
    given(Score()).when(asking(period=reversed_period)).then_refused(PeriodReversedError)


def test_a_rule_publishes_nothing_before_it_is_in_force_nor_for_what_came_after_it() -> (
    None
):
    later = replace(A, effective_from=date(2025, 11, 1))
    given(Score()).when(asking(rule=later)).then_refused(RuleNotInForceError)
    over = replace(A, effective_to=date(2024, 12, 31))
    given(Score()).when(asking(rule=over)).then_refused(RuleNotInForceError)


def test_a_rule_in_force_scores_an_older_past_again() -> None:
    this_year_s = replace(B, effective_from=date(2025, 10, 1))
    given(Score()).when(asking(rule=this_year_s)).then(
        replace(
            PUBLISHED,
            rule="R-2025B",
            units=evaluate(replace(SCORING, rule=this_year_s)),
        )
    )


def test_a_score_remembers_no_more_than_that_it_was_published() -> None:
    assert reduce(Score.evolve, [PUBLISHED], Score()) == Score(published=True)
    assert [SCORE.type_of(event) for event in SCORE.events] == ["score.Published"]


def test_others_are_told_figures_and_counts_and_no_text() -> None:
    assert TOPICS["score"] == "public.supervision.score.v1"
    message = to_public(PUBLISHED)
    assert isinstance(message, public.ScorePublished)
    assert public.ScorePublished.FromString(message.SerializeToString()) == message
    names = {field.name for field in message.DESCRIPTOR.fields}
    assert names == get_type_hints(ScorePublished).keys() - {"label", "schema_version"}
    assert (message.score_id, message.organ, message.rule) == (str(ID), "gov", "R-2025A")
    assert (message.first_day, message.last_day) == ("2025-01-01", "2025-10-31")
    (unit,) = message.units
    told = {field.name for field in unit.DESCRIPTOR.fields}
    assert told == get_type_hints(UnitScore).keys() - {"points"}
    assert (unit.unit, unit.unit_class, unit.score) == ("water", "bureau", "98.9")
    assert (unit.assigned, unit.completed, unit.on_time, unit.closed) == (2, 2, 1, 2)
    assert not unit.HasField("rank")
    assert unit.unranked == public.UNRANKED_FEW_ITEMS


def test_every_reason_for_not_ranking_has_its_value() -> None:
    values = [wire.value_of(public.Unranked, word) for word in words.Unranked]
    assert sorted(values) == sorted(public.Unranked.values())[1:]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_has_a_rule_of_its_own_and_speaks_both_languages(
    refusal: type[RefusedError],
) -> None:
    assert len({each.rule for each in REFUSALS}) == len(REFUSALS)
    facts = dict.fromkeys(
        ("first", "last", "score_rule", "effective_from", "known", "most"), "x"
    )
    assert refusal(**facts).message("zh") != refusal(**facts).message("en")
