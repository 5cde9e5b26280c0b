"""A crash point is where its name says, and says so loudly when it is not."""

import os
import subprocess
import sys

import pytest

from tests.faults.crash_points import KILLED, POINTS, NoSuchPointError, plant
from tests.faults.process import UNUSABLE

PLANT_ALL = (
    "from tests.faults.crash_points import POINTS, plant\n"
    "for point in POINTS: plant(f'{point}:5')\n"
)
BURN = (
    "from tests.faults.crash_points import Fuse\n"
    "fuse = Fuse(2)\n"
    "fuse.pass_by(); print('once', flush=True)\n"
    "fuse.pass_by(); print('twice', flush=True)\n"
)


def python(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {
        **os.environ,
        **environment,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    return subprocess.run(  # noqa: S603 words of ours
        [sys.executable, *words], env=given, capture_output=True, text=True, check=False
    )


def test_every_point_is_still_where_it_was() -> None:
    done = python("-c", PLANT_ALL)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("asked", ["nowhere:1", "mid_migration", "mid_migration:0"])
def test_a_point_that_is_not_there_is_refused(asked: str) -> None:
    with pytest.raises(NoSuchPointError, match="known are"):
        plant(asked)


def test_a_point_that_is_not_there_stops_the_process_before_it_begins() -> None:
    done = python("-m", "tests.faults.process", "--help", SHUNIU_CRASH="nowhere:1")
    assert done.returncode == UNUSABLE
    assert "known are" in done.stderr


def test_the_process_dies_at_the_passing_that_was_asked_for() -> None:
    done = python("-c", BURN)
    assert done.stdout == "once\n"
    assert done.returncode == KILLED


def test_the_points_of_the_design_are_all_there() -> None:
    assert set(POINTS) == {
        "after_append_before_commit",
        "after_commit_before_reply",
        "after_kafka_ack_before_checkpoint",
        "after_handlers_before_commit",
        "mid_projection_batch",
        "mid_migration",
    }
