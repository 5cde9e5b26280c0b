"""The sample scenario played for comparison: quietly, or while things die."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from chassis.settings import Settings
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.local import SAMPLE, demo_settings
from suite.scenario import Scenario, Step, load_scenario
from tests.support.cli import shuniu
from tests.support.postgres import Postgres

Happening = Callable[[], Coroutine[Any, Any, None]]

PORTS = ("--http-port", "0", "--grpc-port", "0")


def sample() -> Scenario:
    """Return the scenario that everybody plays."""
    return load_scenario(SAMPLE / "scenario.yaml")


@cache
def quiet_outcomes() -> Any:
    """Return what comes of the sample in one process on the embedded log; played once."""
    with tempfile.TemporaryDirectory(prefix="quiet-") as folder:
        return played("--once", "--state", folder, *PORTS)


def played(*words: str) -> Any:
    """Play by the command; it must be as expected. Return what came of it."""
    done = shuniu("demo", *words)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    folder = Path(words[words.index("--state") + 1])
    return json.loads((folder / "outcomes.json").read_text("utf-8"))


def settings_on(postgres: Postgres, folder: Path, **more: Any) -> Settings:
    """Return a demo's settings on the test's own PostgreSQL."""
    sample_of = (SAMPLE / "organisation.yaml", sample().calendar_years)
    return demo_settings("", folder, *sample_of, log_level="warning", **more).model_copy(
        update={
            "database_url": postgres.dsn("{database}", "{role}"),
            "owner_database_url": postgres.dsn("{database}"),
        }
    )


class Havoc:
    """A stage on which something happens when chosen steps begin, while their act is done."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._planned: dict[int, list[Happening]] = {}

    @property
    def over(self) -> bool:
        """Whether all that was planned has begun."""
        return not self._planned

    def plan(self, number: int, happening: Happening) -> None:
        """Let *happening* begin with the step of this number."""
        self._planned.setdefault(number, []).append(happening)

    def step(self, number: int, of: int, step: Step) -> None:
        """Let what was planned happen."""
        del of, step
        for happening in self._planned.pop(number, ()):
            self._tasks.create_task(happening())

    def alert(self, person: str, alert: pb.Alert) -> None:
        """Show nothing."""

    def differs(self, where: str, differences: Sequence[str]) -> None:
        """Show nothing: the result tells of it."""
