"""`shuniu directory` on a suite that was just started: what it knows, and what can be imported."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from suite.local import SAMPLE
from tests.support.cli import call, lines, on, reached, started, stopped

HAND_OVER = str(SAMPLE / "handover-2025-08.yaml")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder of a suite that `shuniu up` runs."""
    state = tmp_path_factory.mktemp("up")
    with started("up", *on(state)) as process:
        reached(process, "Ctrl-C")
        yield state
        stopped(process, signal.SIGINT)


def shown(state: Path, code: str) -> str:
    return "\n".join(lines(state, "directory", "show", code, "--as", "operator"))


def test_a_suite_begins_with_its_organisation(state: Path) -> None:
    said = shown(state, "li.juan")
    assert "李娟" in said
    assert "registry_clerk" in said
    dry = lines(
        state, "directory", "import", str(SAMPLE / "organisation.yaml"), "--dry-run"
    )
    assert "新增 0 added  变更 0 changed  不变 39 unchanged" in dry[-1]


def test_a_file_of_one_person_leaves_all_others(state: Path) -> None:
    first = json.loads(lines(state, "directory", "import", HAND_OVER, "--json")[-1])
    assert first == {"added": 1, "changed": 0, "unchanged": 0, "applied": True}
    until = time.monotonic() + 10
    while "贺强（he.qiang）" not in (said := shown(state, "water")):
        assert time.monotonic() < until, said
    assert "罗海（luo.hai）" in said


@pytest.mark.parametrize(
    ("language", "word"), [("zh", "单位“nowhere”不存在"), ("en", "no unit nowhere")]
)
def test_problems_are_a_table_and_exit_code_1(
    state: Path, tmp_path: Path, language: str, word: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,name,unit\nx.y,某,nowhere\nLi,李,water\n")
    result = call(state, "directory", "import", str(file), "--lang", language)
    assert result.exit_code == 1
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [row[:2] for row in rows if row and row[0].isdigit()] == [
        ["2", "people.unit"],
        ["3", "people.id"],
    ]
    assert word in result.stdout


def test_a_file_that_is_not_there_is_one_line_and_exit_code_2(state: Path) -> None:
    result = call(state, "directory", "import", "nowhere.yaml")
    assert result.exit_code == 2
    assert "cannot read nowhere.yaml" in result.stderr
