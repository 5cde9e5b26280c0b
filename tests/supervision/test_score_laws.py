"""What holds of every score, whatever happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain.evaluation.facts import Fact
from services.supervision.domain.evaluation.points import Point
from services.supervision.domain.evaluation.rules import Rule
from services.supervision.domain.evaluation.words import FactKind
from tests.support.scoring import A, B, at, fact, scored

UNITS = ("water", "finance", "qingshi")
RULES = st.sampled_from([A, B])


@st.composite
def facts(draw: st.DrawFn, organ: str = "gov") -> list[Fact]:
    """Draw a past of up to 30 facts, some of them before or after the period."""
    return [
        fact(
            draw(st.sampled_from(FactKind)),
            number if organ == "gov" else 1000 + number,
            draw(st.sampled_from(UNITS)),
            organ=organ,
            occurred_at=at("01-01 00:00") + timedelta(hours=draw(st.integers(-500, 9000))),
            late=draw(st.booleans()),
            work_days=draw(st.integers(0, 300)),
            by=draw(st.sampled_from(["zhou.zhiyuan", "chen.jianguo"])),
        )
        for number in range(draw(st.integers(0, 30)))
    ]


@given(facts(), RULES)
def test_a_score_is_the_start_and_the_sum_of_its_named_points(
    past: list[Fact], rule: Rule
) -> None:
    by_id = {fact.event_id: fact for fact in past}
    for unit in scored(past, rule).values():
        assert unit.score == 100 + sum((p.points for p in unit.points), Decimal(0))
        for point in unit.points:
            assert by_id[point.event_id].unit == unit.unit
            assert by_id[point.event_id].number == point.number
            assert point.points != 0
        assert unit.on_time <= unit.completed
        assert (unit.rank is None) == (unit.unranked is not None)


@given(facts(), facts(organ="npc"), RULES)
def test_what_another_organ_supervises_changes_nothing(
    ours: list[Fact], theirs: list[Fact], rule: Rule
) -> None:
    assert scored([*ours, *theirs], rule) == scored(ours, rule)


@given(facts(), st.randoms(use_true_random=False))
def test_in_which_order_the_past_is_read_changes_nothing(
    past: list[Fact], random: Random
) -> None:
    shuffled = list(past)
    random.shuffle(shuffled)
    assert scored(shuffled) == scored(past)


@given(facts())
def test_scoring_again_by_another_rule_changes_no_event_and_no_count(
    past: list[Fact],
) -> None:
    before = [replace(fact) for fact in past]
    first, second = scored(past, A), scored(past, B)
    assert past == before
    assert scored(past, A) == first
    assert first.keys() == second.keys()
    for name, unit in first.items():
        counts = (unit.assigned, unit.completed, unit.on_time, unit.closed)
        other = second[name]
        assert counts == (other.assigned, other.completed, other.on_time, other.closed)
        assert _events(unit.points) == _events(other.points)
        assert unit.score >= other.score, "B is never the milder one"


@given(facts(), st.integers(0, 300))
def test_more_lateness_never_earns_anything(past: list[Fact], days: int) -> None:
    later = [replace(f, work_days=f.work_days + days) for f in past]
    for name, unit in scored(later).items():
        assert unit.score <= scored(past)[name].score


def _events(points: Iterable[Point]) -> list[UUID]:
    return [point.event_id for point in points]
