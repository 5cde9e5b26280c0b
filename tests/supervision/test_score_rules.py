"""Rules of scoring are data: what is wrong with one is said before anything is scored."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.policies import PolicyError
from services.supervision.domain.evaluation.rules import RuleError
from services.supervision.policies import RULES, score_rules
from tests.support.scoring import rule

LATE = {"first": "1", "each_work_day": "0.2", "at_most": "3"}


def write(folder: Path, name: str, **changed: Any) -> None:
    """Put a rule of the deployment's own where it is looked for."""
    content = yaml.safe_load((RULES / "R-2025A.yaml").read_text("utf-8"))
    rules = folder / "supervision" / "rules"
    rules.mkdir(parents=True, exist_ok=True)
    (rules / f"{name}.yaml").write_text(yaml.safe_dump(content | changed), "utf-8")


def figures(*figures: Decimal) -> list[str]:
    return list(map(str, figures))


def test_both_rules_of_the_house_are_shipped_with_their_source() -> None:
    rules = score_rules(None)
    assert rules.keys() == {"R-2025A", "R-2025B"}
    a, b = rules.values()
    assert figures(a.late, a.late_each_work_day, a.late_at_most) == ["1", "0.2", "3"]
    assert figures(b.late, b.late_each_work_day, b.late_at_most) == ["2", "0.5", "5"]
    assert figures(a.feedback_late, b.feedback_late) == ["0.5", "1"]
    for shipped in (a, b):
        each = figures(shipped.start, shipped.sent_back, shipped.commended)
        assert each == ["100", "2", "1"]
        assert (shipped.commended_by, shipped.rank_from_closed) == ("principal", 3)


def test_a_deployment_replaces_a_rule_and_adds_one(tmp_path: Path) -> None:
    values = {
        "start": "60",
        "late": LATE,
        "sent_back": "0",
        "feedback_late": "0",
        "commended": {"by": "principal", "points": "0"},
        "rank_from_closed": 1,
    }
    write(tmp_path, "R-2025A", values=values)
    write(tmp_path, "R-2026", id="R-2026")
    rules = score_rules(tmp_path)
    assert rules.keys() == {"R-2025A", "R-2025B", "R-2026"}
    assert rules["R-2025A"].start == 60


def test_a_file_that_is_no_rule_is_named(tmp_path: Path) -> None:
    write(tmp_path, "R-2027", id="R-2028")
    with pytest.raises(PolicyError, match=r"R-2027\.yaml: it is called R-2028"):
        score_rules(tmp_path)


def test_a_figure_that_cannot_be_is_named_with_its_file(tmp_path: Path) -> None:
    write(tmp_path, "R-2025A", values={"start": "100"})
    with pytest.raises(PolicyError, match=r"R-2025A\.yaml: R-2025A: .* is missing"):
        score_rules(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sent_back": 0.5}, "write sent_back as a whole number or in quotes"),
        ({"sent_back": True}, "write sent_back"),
        ({"sent_back": None}, "write sent_back"),
        ({"sent_back": "two"}, "sent_back is no number: two"),
        ({"sent_back": "-2"}, "sent_back is not from 0 to 1000: -2"),
        ({"sent_back": "NaN"}, "sent_back is not from 0 to 1000"),
        ({"sent_back": "Infinity"}, "sent_back is not from 0 to 1000"),
        ({"sent_back": "1E+9"}, "sent_back is not from 0 to 1000"),
        ({"sent_back": "0.125"}, "sent_back has more than two decimal places"),
        ({"late": LATE | {"at_most": "0.5"}}, "late.at_most is less than late.first"),
        ({"late": LATE | {"grace": "1"}}, "nobody knows late.grace"),
        ({"late": {"first": "1"}}, "late.at_most, late.each_work_day is missing"),
        ({"bonus": "1"}, "nobody knows bonus"),
        ({"rank_from_closed": "3"}, "rank_from_closed is no number of items"),
        ({"rank_from_closed": -1}, "rank_from_closed is no number of items"),
        ({"commended": {"by": "", "points": "1"}}, "commended.by names no role"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_its_figure(
    changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(RuleError, match=f"^R-2025A: .*{said}"):
        rule(**changed)


def test_figures_are_exact_to_the_last_place() -> None:
    late = {"first": "0.1", "each_work_day": "0.1", "at_most": "1000"}
    assert rule(late=late).cost_of_lateness(2) == Decimal("0.3")
