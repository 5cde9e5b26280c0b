"""What a process writes to its log."""

import json
import subprocess
import sys

import pytest

LOGS = """
import logging
from chassis.telemetry import configure

configure("documents", "warning", "json")
try:
    raise ValueError("the title of a document")
except ValueError:
    logging.getLogger("asyncpg.pool").warning("The pool is down\\nand more", exc_info=True)
logging.getLogger("asyncpg.pool").info("not told")
"""


@pytest.fixture(scope="module")
def written() -> str:
    ran = subprocess.run(  # noqa: S603 the program is ours
        [sys.executable, "-c", LOGS], check=True, capture_output=True, text=True
    )
    return ran.stderr


def test_what_a_library_logs_is_one_line_of_ours(written: str) -> None:
    (line,) = written.splitlines()
    told = json.loads(line)
    del told["timestamp"]
    assert told == {
        "event": "library.said",
        "level": "warning",
        "library": "asyncpg.pool",
        "said": "The pool is down",
        "error": "ValueError",
    }


def test_of_a_librarys_error_the_log_tells_no_text(written: str) -> None:
    assert "title of a document" not in written
