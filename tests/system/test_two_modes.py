"""One process or six, embedded or with Kafka: the same comes of the same scenario."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from suite.state import ADDRESS
from tests.support.cli import lines, reached, shuniu, started
from tests.support.kafka import KafkaBroker
from tests.support.scene import played, quiet_outcomes

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

MATTER = "云政督〔2025〕31号"
GONE_SECONDS = 20.0


@pytest.fixture(scope="module")
def empty_kafka() -> Iterator[KafkaBroker]:
    """Give a broker that nobody has told anything."""
    with KafkaBroker() as broker:
        if not broker.is_ours:
            pytest.skip("needs a broker of its own: unset KAFKA_BOOTSTRAP_SERVERS")
        yield broker


def test_the_same_comes_of_the_scenario_in_one_process_and_in_one_for_each_service(
    empty_kafka: KafkaBroker, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    spread = ("--processes", "--kafka", empty_kafka.bootstrap)
    words = ("--state", str(state), *spread)
    came, quiet = played("--once", *words), quiet_outcomes()
    for kind in quiet:
        assert came[kind] == quiet[kind], kind
    assert came == quiet
    assert all(quiet[kind] for kind in ("events", "alerts", "states"))

    expect_commands_to_find_each_service_and_none_to_be_left(state, words)

    again = shuniu("demo", "--once", *words)
    assert again.returncode == 0, again.stderr
    assert "因果链" in again.stdout, "what was played is shown, and not played again"

    elsewhere = ("--once", "--state", str(tmp_path / "other"), *spread)
    refused = shuniu("demo", *elsewhere)
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert "tells already of another play" in line


def expect_commands_to_find_each_service_and_none_to_be_left(
    state: Path, words: tuple[str, ...]
) -> None:
    with started("demo", *words) as process:
        reached(process, "按 Ctrl-C 停止")
        address = json.loads((state / ADDRESS).read_text("utf-8"))
        assert len(set(address["services"].values())) == len(address["services"])
        assert lines(state, "today", "--as", "sun.li")
        assert lines(state, "why", MATTER)[0] == "因果链"
        assert lines(state, "admin", "verify")
        tail = ("events", "tail", "--no-follow", "--topic", "public.supervision.matter.v1")
        assert any(MATTER in line for line in lines(state, *tail))
        process.send_signal(signal.SIGKILL)
        process.wait()
    until = time.monotonic() + GONE_SECONDS
    while answering := [at for at in address["services"].values() if answers(at)]:
        assert time.monotonic() < until, f"left behind: {answering}"
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz").is_success
    except httpx.TransportError:
        return False


def test_a_kafka_that_does_not_answer_is_named(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    done = shuniu("demo", *state, "--processes", "--kafka", "127.0.0.1:9")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("shuniu: Kafka does not answer at 127.0.0.1:9 (")
    done = shuniu("demo", *state, "--processes")
    assert done.returncode == 2
    assert "--processes and --kafka HOST:PORT go together" in done.stderr
