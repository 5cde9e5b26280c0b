"""`shuniu demo`: the sample scenario is as expected, and says so where it is not."""

import re
from pathlib import Path

import pytest
import yaml

from suite.local import SAMPLE
from suite.scenario import read_yaml
from tests.support.cli import shuniu

pytestmark = pytest.mark.postgres

PORTS = ("--http-port", "0", "--grpc-port", "0")
AS_EXPECTED = "✓ 全部符合预期"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Play the whole sample once; give its state folder and what was printed."""
    state = tmp_path_factory.mktemp("played") / "state"
    done = shuniu("demo", "--once", "--state", str(state), *PORTS)
    assert done.returncode == 0, done.stdout + done.stderr
    return state, done.stdout


def chain_of(said: str) -> list[str]:
    return said[said.index("因果链") :].splitlines()


def test_the_sample_is_played_as_expected(played: tuple[Path, str]) -> None:
    _, said = played
    assert AS_EXPECTED in said
    assert "✗" not in said
    assert any("云政督〔2025〕31号" in line for line in chain_of(said))
    assert any("销号" in line and "逾期3个工作日" in line for line in chain_of(said))


def test_a_second_start_plays_nothing_and_shows_the_chain_again(
    played: tuple[Path, str],
) -> None:
    state, said = played
    again = shuniu("demo", "--once", "--state", str(state), *PORTS)
    assert again.returncode == 0, again.stderr
    assert chain_of(again.stdout) == chain_of(said)
    assert AS_EXPECTED not in again.stdout, "it was played once more"


def test_fresh_plays_it_again_from_the_start(played: tuple[Path, str]) -> None:
    state, _ = played
    until = "2025-04-25T16:52+08:00"
    words = ("demo", "--once", "--fresh", "--until", until, "--state", str(state), *PORTS)
    again = shuniu(*words)
    assert again.returncode == 0, again.stdout + again.stderr
    assert re.search(r"^ *(\d+)/\1 .*登记为批办件$", again.stdout, re.MULTILINE)
    assert AS_EXPECTED in again.stdout
    assert "云政督〔2025〕31号" not in again.stdout


def test_a_broken_expectation_is_shown_and_fails_the_run(tmp_path: Path) -> None:
    scenario = read_yaml((SAMPLE / "scenario.yaml").read_text("utf-8"))
    acts = [step.get("do") for step in scenario["steps"]]
    scenario["steps"] = scenario["steps"][: acts.index("register_document") + 1]
    scenario["steps"][-1]["expect"][1]["number"] = "收〔2025〕999号"
    scenario["end"] = []
    organisation = (SAMPLE / "organisation.yaml").read_text("utf-8")
    (tmp_path / "organisation.yaml").write_text(organisation, "utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(yaml.safe_dump(scenario, allow_unicode=True), "utf-8")
    state = str(tmp_path / "state")
    done = shuniu("demo", "--once", "--scenario", str(broken), "--state", state, *PORTS)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "number is 收〔2025〕417号, not 收〔2025〕999号" in done.stdout
    assert AS_EXPECTED not in done.stdout
