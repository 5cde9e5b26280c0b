"""How a unit is scored: every figure of R-2025A and R-2025B, and the sample's figures."""

from decimal import Decimal

import pytest

from services.supervision.domain.evaluation.facts import Fact
from services.supervision.domain.evaluation.points import Period
from services.supervision.domain.evaluation.rules import Rule
from services.supervision.domain.evaluation.scoring import Standing
from services.supervision.domain.evaluation.words import FactKind, PointKind, Unranked
from tests.support.scoring import (
    COMMENDED_2,
    COMPLETED_1,
    FEEDBACK_LATE_2,
    FINANCE,
    FIRST_AND_THEN,
    JANUARY_TO_OCTOBER,
    SENT_BACK_1,
    STANDINGS,
    TOWN,
    WATER,
    A,
    B,
    Past,
    at,
    fact,
    points,
    scored,
)

COMPLETED, CLOSED = FactKind.COMPLETED, FactKind.CLOSED


def late(number: int, work_days: int, unit: str = WATER) -> Fact:
    return fact(COMPLETED, number, unit, late=True, work_days=work_days)


def test_the_sample_scores_98_9_under_a_listed_and_not_ranked() -> None:
    water = scored(FIRST_AND_THEN.facts())[WATER]
    assert water.score == Decimal("98.9")
    assert points(water) == [Decimal("-1.6"), Decimal("-0.5"), Decimal(1)]
    assert (water.on_time, water.completed, water.closed) == (1, 2, 2)
    assert (water.rank, water.unranked) == (None, Unranked.FEW_ITEMS)


def test_with_the_result_that_was_sent_back_it_scores_96_9() -> None:
    past = Past((*FIRST_AND_THEN.events, SENT_BACK_1))
    assert scored(past.facts())[WATER].score == Decimal("96.9")


def test_the_same_past_scores_94_5_under_b() -> None:
    past = Past((*FIRST_AND_THEN.events, SENT_BACK_1))
    water = scored(past.facts(), B)[WATER]
    assert water.score == Decimal("94.5")
    assert sorted(points(water)) == [Decimal("-3.5"), -2, -1, 1]


def test_each_point_names_the_event_the_matter_and_the_moment() -> None:
    named = [
        (point.kind, point.event_type, point.number, point.occurred_at, point.work_days)
        for point in scored(FIRST_AND_THEN.facts())[WATER].points
    ]
    first, second = "云政督〔2025〕31号", "云政督〔2025〕32号"
    assert named == [
        (PointKind.LATE, "matter.Completed", first, COMPLETED_1[0], 3),
        (PointKind.FEEDBACK_LATE, "matter.FeedbackLate", second, FEEDBACK_LATE_2[0], None),
        (PointKind.COMMENDED, "matter.ResultSeen", second, COMMENDED_2[0], None),
    ]
    facts = {fact.event_id for fact in FIRST_AND_THEN.facts()}
    assert {p.event_id for p in scored(FIRST_AND_THEN.facts())[WATER].points} <= facts


@pytest.mark.parametrize(
    ("rule", "work_days", "cost"),
    [
        (A, 0, "-1"),  # a named hour, missed within its own day
        (A, 1, "-1.2"),
        (A, 3, "-1.6"),
        (A, 10, "-3"),
        (A, 11, "-3"),
        (A, 250, "-3"),
        (B, 0, "-2"),
        (B, 3, "-3.5"),
        (B, 6, "-5"),
        (B, 7, "-5"),
    ],
)
def test_lateness_costs_by_the_working_day_and_at_most_so_much(
    rule: Rule, work_days: int, cost: str
) -> None:
    assert points(scored([late(1, work_days)], rule)[WATER]) == [Decimal(cost)]


def test_the_cap_is_an_item_s_and_not_a_unit_s() -> None:
    water = scored([late(1, 100), late(2, 100)])[WATER]
    assert water.score == 94


@pytest.mark.parametrize(
    ("kind", "rule", "cost"),
    [
        (FactKind.SENT_BACK, A, "-2"),
        (FactKind.SENT_BACK, B, "-2"),
        (FactKind.FEEDBACK_LATE, A, "-0.5"),
        (FactKind.FEEDBACK_LATE, B, "-1"),
    ],
)
def test_what_is_sent_back_or_late_costs_each_time(
    kind: FactKind, rule: Rule, cost: str
) -> None:
    twice = [fact(kind, 1), fact(kind, 1, event_id=fact(kind, 2).event_id)]
    assert points(scored(twice, rule)[WATER]) == [Decimal(cost)] * 2


@pytest.mark.parametrize("rule", [A, B])
def test_the_principal_s_remark_earns_one_and_nobody_else_s_does(rule: Rule) -> None:
    by_principal = fact(FactKind.COMMENDED, 1, by="zhou.zhiyuan")
    by_deputy = fact(FactKind.COMMENDED, 2, by="chen.jianguo")
    assert points(scored([by_principal, by_deputy], rule)[WATER]) == [1]


@pytest.mark.parametrize("kind", [FactKind.RECEIPT_OVERDUE, FactKind.RECEIVED_LATE])
def test_a_late_receipt_is_for_the_ledger_alone(kind: FactKind) -> None:
    assert scored([fact(kind, 1)]) == {}


def test_what_is_addressed_to_an_organ_is_never_scored() -> None:
    assert not [f for f in FIRST_AND_THEN.facts() if f.organ != "gov"]


def test_one_organ_never_scores_another_s_units() -> None:
    facts = FIRST_AND_THEN.facts()
    assert scored(facts, organ="npc") == {}
    theirs = {**STANDINGS, WATER: Standing(organ="npc", unit_class="bureau")}
    assert scored(facts, standings=theirs) == {}


def test_what_happened_counts_in_the_period_in_which_it_happened() -> None:
    facts = FIRST_AND_THEN.facts()
    spring = Period(first=JANUARY_TO_OCTOBER.first, last=at("06-30 12:00").date())
    rest = Period(first=at("07-01 12:00").date(), last=JANUARY_TO_OCTOBER.last)
    parts = [scored(facts, period=period)[WATER] for period in (spring, rest)]
    whole = scored(facts)[WATER]
    assert [part.completed for part in parts] == [1, 1]
    assert points(parts[0]) + points(parts[1]) == points(whole)


def test_a_period_ends_with_its_last_day_on_the_office_s_own_clock() -> None:
    last = fact(COMPLETED, 1, occurred_at=at("10-31 23:59"))
    after = fact(COMPLETED, 2, occurred_at=at("11-01 00:00"))
    assert scored([last, after])[WATER].completed == 1


def ranked_by(closed: int, unit: str, number: int, *more: Fact) -> list[Fact]:
    return [fact(CLOSED, number + n, unit) for n in range(closed)] + list(more)


def test_fewer_than_three_closed_items_are_listed_and_not_ranked() -> None:
    two, three = ranked_by(2, WATER, 10), ranked_by(3, FINANCE, 20)
    units = scored([*two, *three])
    assert (units[WATER].rank, units[WATER].unranked) == (None, Unranked.FEW_ITEMS)
    assert (units[FINANCE].rank, units[FINANCE].unranked) == (1, None)


def test_units_are_ranked_within_their_class_and_share_a_rank_where_they_are_alike() -> (
    None
):
    classes = {unit: Standing(organ="gov", unit_class="bureau") for unit in "abcd"}
    classes |= {TOWN: Standing(organ="gov", unit_class="town")}
    facts = [
        *ranked_by(3, "a", 10, late(13, 1, "a")),
        *ranked_by(3, "b", 20),
        *ranked_by(3, "c", 30),
        *ranked_by(3, "d", 40, late(43, 9, "d")),
        *ranked_by(3, TOWN, 50, late(53, 9, TOWN)),
    ]
    units = scored(facts, standings=classes)
    assert {name: unit.rank for name, unit in units.items()} == {
        "b": 1,
        "c": 1,
        "a": 3,
        "d": 4,
        TOWN: 1,
    }
    assert list(units) == ["b", "c", "a", "d", TOWN]


def test_who_is_in_no_class_is_compared_with_nobody() -> None:
    facts = ranked_by(3, "stranger", 10)
    stranger = scored(facts)["stranger"]
    assert (stranger.rank, stranger.unranked) == (None, Unranked.NO_CLASS)
