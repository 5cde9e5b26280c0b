"""A scenario is data that a site can write: what it may say, and how a slip is told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from suite.acts import ACTS
from suite.local import SAMPLE
from suite.scenario import ScenarioError, load_scenario


def scenario(**change: Any) -> dict[str, Any]:
    return {
        "name": "ours",
        "organisation": "organisation.yaml",
        "calendar_years": [2025],
        "story": "收〔2025〕1号",
        "steps": [{"at": "2025-04-25T16:40+08:00"}],
    } | change


def write(folder: Path, content: dict[str, Any]) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True))
    return file


def test_the_sample_scenario_does_only_acts_that_exist() -> None:
    steps = load_scenario(SAMPLE / "scenario.yaml").steps
    assert {step.do for step in steps if step.do} <= ACTS.keys()


def test_every_step_of_the_sample_scenario_says_what_happens() -> None:
    assert all(step.says for step in load_scenario(SAMPLE / "scenario.yaml").steps)


def test_a_time_keeps_its_offset(tmp_path: Path) -> None:
    step = load_scenario(write(tmp_path, scenario())).steps[0]
    assert step.at == datetime(2025, 4, 25, 8, 40, tzinfo=UTC)


def test_the_organisation_lies_beside_the_scenario(tmp_path: Path) -> None:
    loaded = load_scenario(write(tmp_path, scenario()))
    assert loaded.organisation == tmp_path / "organisation.yaml"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"steps": []}, "steps"),
        ({"steps": [{"at": "2025-04-25T16:40"}]}, "timezone"),
        (
            {"steps": [{"at": "2025-04-25T16:40+08:00", "as": "li.juan"}]},
            "both `as` and `do`",
        ),
        (
            {"steps": [{"at": "2025-04-25T16:40+08:00", "expect": {"wonder": 1}}]},
            "unknown expectation wonder",
        ),
        (
            {"steps": [{"at": "2025-04-25T16:40+08:00"}, {"at": "2025-04-24T16:40+08:00"}]},
            "comes after",
        ),
        ({"chapter": 1}, "chapter"),
    ],
)
def test_a_slip_is_told_with_the_file(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        load_scenario(write(tmp_path, scenario(**change)))


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"scenario\.yaml"):
        load_scenario(tmp_path / "scenario.yaml")
