"""Refusals: every rule has one name and says the same in both languages."""

import inspect
from string import Formatter
from types import ModuleType

import pytest

from chassis.domain import RefusedError
from services.documents.domain import refusals as shared
from services.documents.domain.incoming import refusals as incoming
from services.documents.domain.outgoing import refusals as outgoing


def refusals_of(module: ModuleType) -> list[type[RefusedError]]:
    return [
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, RefusedError) and value is not RefusedError
    ]


REFUSALS = [
    *refusals_of(shared),
    *refusals_of(incoming),
    *refusals_of(outgoing),
]


def facts_in(template: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(template)} - {None}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_says_what_to_do_in_both_languages(refusal: type[RefusedError]) -> None:
    assert facts_in(refusal.zh) == facts_in(refusal.en)
    assert refusal.zh.endswith("。")
    assert refusal.en.endswith(".")


def test_every_rule_has_one_name() -> None:
    rules = [refusal.rule for refusal in REFUSALS]
    assert len(rules) == len(set(rules))
    assert RefusedError.rule not in rules
