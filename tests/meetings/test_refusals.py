"""Refusals: every rule has one name and says the same in both languages."""

import inspect
from string import Formatter
from types import ModuleType

import pytest

from chassis.domain import RefusedError
from services.meetings.domain import refusals as shared
from services.meetings.domain.agenda_item import refusals as agenda_item
from services.meetings.domain.meeting import refusals as meeting
from services.meetings.domain.opinion import refusals as opinion


def refusals_of(module: ModuleType) -> list[type[RefusedError]]:
    return [
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, RefusedError) and value is not RefusedError
    ]


REFUSALS = [r for m in (shared, meeting, agenda_item, opinion) for r in refusals_of(m)]


def facts_in(template: str) -> set[str | None]:
    found = {name for _, name, _, _ in Formatter().parse(template)} - {None}
    return {name.removesuffix("_zh") for name in found if name}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_says_what_to_do_in_both_languages(refusal: type[RefusedError]) -> None:
    assert facts_in(refusal.zh) == facts_in(refusal.en)
    assert refusal.zh.endswith("。")
    assert refusal.en.endswith(".")


def test_every_rule_has_one_name() -> None:
    rules = [refusal.rule for refusal in REFUSALS]
    assert len(rules) == len(set(rules))
    assert RefusedError.rule not in rules
