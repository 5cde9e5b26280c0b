"""What is refused says by which rule, and what to do, in both languages."""

import pytest

from chassis.domain import RefusedError
from services.supervision.domain import refusals

FACTS = {"unit": "u", "lead": "l", "sheet_no": "s", "signed_by": "p", "asked_by": "a"}
FACTS |= {
    "due": "d",
    "parent_due": "e",
    "limit": "m",
    "organ": "o",
    "person": "p",
    "unit_head": "h",
}
FACTS |= {"seen_at": "s", "submitted_at": "t", "asked_at": "a"}
REFUSALS = [
    found
    for found in vars(refusals).values()
    if isinstance(found, type)
    and issubclass(found, RefusedError)
    and found is not RefusedError
]


def test_every_refusal_has_a_rule_of_its_own() -> None:
    assert len({refusal.rule for refusal in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_speaks_both_languages(
    refusal: type[RefusedError], language: str
) -> None:
    assert refusal(**FACTS).message(language) != RefusedError().message(language)
