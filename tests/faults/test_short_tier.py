"""The short tier: each of its faults, one after another on one lab. `make faults` runs all."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from tests.faults.fault import Fault, Tier
from tests.faults.known import chosen
from tests.faults.results import Run
from tests.faults.series import Series

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

SEED = 1
FAULTS = chosen("", Tier.SHORT)


class Turns:
    """Runs faults in one event loop, which goes on from test to test."""

    def __init__(self, runner: asyncio.Runner, series: Series) -> None:
        self._runner, self._series = runner, series

    def run(self, fault: Fault) -> Run:
        """Run *fault*; return what came of it."""
        return self._runner.run(self._series.one(fault, SEED))


@pytest.fixture(scope="module")
def turns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turns]:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what matters is raised
    with asyncio.Runner() as runner:
        series = Series(tmp_path_factory.mktemp("faults"), print)
        yield Turns(runner, series)
        runner.run(series.close())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_invariant_holds_after(fault: Fault, turns: Turns) -> None:
    done = turns.run(fault)
    if done.skipped:
        pytest.skip(done.skipped)
    assert not done.violations, "\n".join([*done.violations, done.again, done.kept])
