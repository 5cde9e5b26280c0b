"""The sample scenario played for comparison."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.settings import Settings
from suite.local import SAMPLE, demo_settings
from suite.scenario import Scenario, load_scenario
from tests.support.cli import shuniu_within
from tests.support.postgres import Postgres

ALONE = ("--http-port", "0", "--grpc-port", "0")
PLAY_SECONDS = 400.0  # on a machine that does much else meanwhile


def sample() -> Scenario:
    """Return the scenario that everybody plays."""
    return load_scenario(SAMPLE / "scenario.yaml")


@dataclass(frozen=True, slots=True)
class Played:
    """What a play left behind: the folder of its state, and what came of it."""

    state: Path
    came: Any


def played(state: Path, *words: str) -> Played:
    """Play by the command, on *state*; it must be as expected."""
    words = ("demo", "--once", "--state", str(state), *words)
    done = shuniu_within(PLAY_SECONDS, *words)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return Played(state, json.loads((state / "outcomes.json").read_text("utf-8")))


def expect_the_same(came: Any, quiet: Any) -> None:
    """Compare two plays, and say where they differ: the whole of both is much to read."""
    for kind in quiet:
        for name in quiet[kind]:
            assert came[kind].get(name) == quiet[kind][name], f"{kind}: {name}"
    assert came == quiet


def settings_on(postgres: Postgres, folder: Path, **more: Any) -> Settings:
    """Return a demo's settings on the test's own PostgreSQL."""
    sample_of = (SAMPLE / "organisation.yaml", sample().calendar_years)
    return demo_settings("", folder, *sample_of, log_level="warning", **more).model_copy(
        update={
            "database_url": postgres.dsn("{database}", "{role}"),
            "owner_database_url": postgres.dsn("{database}"),
        }
    )
