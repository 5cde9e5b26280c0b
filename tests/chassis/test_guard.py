"""What the guard remembers of one question never answers another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.auth import Caller, DeniedError
from chassis.auth.guard import Guard

POLICIES = """
@id("own-unit")
permit (principal, action == Action::"item.read", resource)
when { resource has units && resource.units.contains(principal.unit) };
@id("leaders")
permit (principal, action == Action::"item.read", resource)
when { principal.roles.contains("leader") && principal.clearance >= 1 };
@id("himself")
permit (principal == Person::"zhou", action == Action::"item.close", resource);
"""
GUARD = Guard([POLICIES])
LI = Caller(subject="li", organ="gov", unit="water", roles=frozenset())


def answer(
    guard: Guard, caller: Caller, action: str, units: list[str] | None
) -> str | None:
    try:
        return guard.check(caller, action, None if units is None else {"units": units})
    except DeniedError:
        return None


@pytest.mark.parametrize("_", range(2), ids=["asked", "asked again"])
def test_an_answer_holds_for_who_asked_what_about_which_attributes_alone(_: int) -> None:
    leading = replace(LI, unit="", roles=frozenset({"leader"}), clearance=1)
    zhou = replace(LI, subject="zhou")
    assert answer(GUARD, LI, "item.read", ["water", "land"]) == "own-unit"
    assert answer(GUARD, LI, "item.read", ["land"]) is None
    assert answer(GUARD, LI, "item.read", None) is None
    assert answer(GUARD, LI, "item.close", ["water"]) is None
    assert answer(GUARD, replace(LI, unit="land"), "item.read", ["water"]) is None
    assert answer(GUARD, leading, "item.read", ["water"]) == "leaders"
    assert answer(GUARD, replace(leading, clearance=0), "item.read", ["water"]) is None
    assert answer(GUARD, zhou, "item.close", None) == "himself"


CALLERS = st.builds(
    Caller,
    subject=st.sampled_from(["li", "zhou", '"']),
    organ=st.just("gov"),
    unit=st.sampled_from(["water", "land", ""]),
    roles=st.frozensets(st.sampled_from(["leader", "clerk"])),
    clearance=st.integers(0, 2),
)
UNITS = st.none() | st.lists(st.sampled_from(["water", "land"]), max_size=2)
QUESTIONS = st.tuples(CALLERS, st.sampled_from(["item.read", "item.close"]), UNITS)


@given(st.lists(QUESTIONS, max_size=6))
def test_what_was_asked_before_changes_no_answer(
    asked: list[tuple[Caller, str, list[str] | None]],
) -> None:
    for question in asked:
        assert answer(GUARD, *question) == answer(Guard([POLICIES]), *question)
