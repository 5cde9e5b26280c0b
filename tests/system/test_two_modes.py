"""One process or six, embedded or with Kafka: the same comes of the same scenario."""

import json
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.log.embedded import EmbeddedLog
from suite.postgres import embedded
from suite.spread import TOPICS
from suite.state import ADDRESS, State
from suite.tailing import TOPICS as PUBLIC
from suite.tailing import read
from tests.support.cli import lines, reached, shuniu, started
from tests.support.kafka import KafkaBroker
from tests.support.scene import Played, expect_the_same, played

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

MATTER = "云政督〔2025〕31号"
GONE_SECONDS = 20.0
NUMBERS = ("number", "receipt_no", "doc_no", "sheet_no")
NUMBER = re.compile(r"(.+〔\d{4}〕)(\d+)号")


@pytest.fixture(scope="module")
def empty_kafka() -> Iterator[KafkaBroker]:
    """Give a broker that nobody has told anything."""
    with KafkaBroker() as broker:
        if not broker.is_ours:
            pytest.skip("needs a broker of its own: unset KAFKA_BOOTSTRAP_SERVERS")
        yield broker


def test_the_same_comes_of_the_scenario_in_one_process_and_in_one_for_each_service(
    empty_kafka: KafkaBroker, quiet: Played, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    spread = ("--processes", "--kafka", empty_kafka.bootstrap)
    words = ("--state", str(state), *spread)
    expect_the_same(played(state, *spread).came, quiet.came)

    expect_commands_to_find_each_service_and_none_to_be_left(state, words)

    again = shuniu("demo", "--once", *words)
    assert again.returncode == 0, again.stderr
    assert "因果链" in again.stdout, "what was played is shown, and not played again"

    elsewhere = ("--once", "--state", str(tmp_path / "other"), *spread)
    refused = shuniu("demo", *elsewhere)
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert "tells already of another play" in line


def test_the_outcomes_that_are_compared_are_those_of_the_whole_scenario(
    quiet: Played,
) -> None:
    came = quiet.came
    assert came["events"].keys() == set(PUBLIC)
    assert {"wang.lei", "sun.li", "li.juan"} <= came["alerts"].keys()
    assert all(came["states"].values()), "every list has something in it"
    (score,) = came["states"]["/supervision/v1/scores"]
    assert [
        point["points"] for unit in score["detail"]["units"] for point in unit["points"]
    ]
    assert all(chain["intact"] for chain in came["chains"].values())


def test_numbers_have_no_gaps(quiet: Played) -> None:
    streams = [
        [entry.split() for entry in entries]
        for service in quiet.came["streams"].values()
        for stream, entries in service.items()
        if stream.startswith("series-")
    ]
    drawn = 0
    for entries in streams:
        versions = [int(version) for version, _, _ in entries]
        assert versions == list(range(1, len(entries) + 1))
        assert [name for _, name, _ in entries[1:]] == ["series.NumberDrawn"] * (
            len(entries) - 1
        )
        drawn += len(entries) - 1
    serials = serials_of(quiet.came["events"])
    for series, found in serials.items():
        assert found == list(range(found[0], found[0] + len(found))), series
    assert drawn == sum(map(len, serials.values()))


def serials_of(told: Any) -> dict[str, list[int]]:
    """Return the serials in each series of our own, wherever a number is told."""
    found: dict[str, set[int]] = {}

    def look(at: Any) -> None:
        match at:
            case dict():
                for name, value in at.items():
                    number = NUMBER.fullmatch(value) if name in NUMBERS and value else None
                    if number:
                        found.setdefault(number[1], set()).add(int(number[2]))
                    look(value)
            case list():
                for entry in at:
                    look(entry)
            case _:
                pass

    look(told)
    return {series: sorted(serials) for series, serials in found.items()}


async def test_a_quiet_play_publishes_every_event_once(quiet: Played) -> None:
    published: Counter[tuple[str, str]] = Counter()
    async with embedded(State(quiet.state).database) as host:
        log = EmbeddedLog(f"postgresql://postgres@/log?host={host}")
        await log.start()
        topics = [topic.name for topic in TOPICS]
        async for batch in read(log, topics, from_start=True, follow=False):
            published.update((t.record.topic, t.attributes["id"]) for t in batch)
        await log.close()
    assert set(PUBLIC) < {topic for topic, _ in published}
    assert not [told for told, count in published.items() if count > 1]


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
