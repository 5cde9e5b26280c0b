"""The checkers of answers, logs and use: what clients and an operator were shown."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.checkers import CHECKERS
from tests.faults.checkers.answering import fast_failures
from tests.faults.checkers.keeping_quiet import quiet_and_sound
from tests.faults.checkers.recovering import recovery
from tests.faults.counting import SERVICE, attempt
from tests.faults.evidence import Evidence, Probe, Spell, Use
from tests.faults.history import History, Outcome

HIDDEN = "水库排查清单"
BUSY = {"outcome": Outcome.UNKNOWN, "status": 503, "hinted": True, "sent_at": 12.0}


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """Give what a sound run leaves that had no database: an answer, a failure, a quiet log."""
    (logs := tmp_path / "logs").mkdir()
    (logs / "counters.log").write_text('{"event": "started"}\n', "utf-8")
    evidence = Evidence(
        history=History(tmp_path / "history.jsonl"),
        databases={},
        bootstrap="",
        logs=logs,
        secrets=frozenset({HIDDEN}),
        faulted=(10.0, 20.0),
        affected=frozenset({SERVICE}),
        before={SERVICE: Use(resident=100_000, descriptors=40)},
        after={SERVICE: Use(resident=120_000, descriptors=44)},
    )
    add(evidence, outcome=Outcome.OK, sent_at=5.0)
    add(evidence, **BUSY)
    return evidence


def add(evidence: Evidence, **given: Any) -> None:
    outcome = given.pop("outcome")
    evidence.history.add(attempt(uuid4(), uuid4(), outcome, **given))


def probe(of: str, **given: Any) -> Probe:
    usual: dict[str, Any] = {"of": of, "at": 11.0, "took": 0.1, "status": 200}
    return Probe(**usual | given)


async def test_what_failed_fast_and_said_when_to_come_again_is_sound(
    evidence: Evidence,
) -> None:
    evidence.probes = [probe("readyz counters", status=503), probe("read others")]
    verdict = await fast_failures(evidence)
    assert not verdict.violations
    assert verdict.counted["failed fast"] == 2
    assert verdict.counted["calls to the unaffected"] == 1


SLOW: Mapping[str, dict[str, Any]] = {
    "without a hint": BUSY | {"hinted": False},
    "was answered 503 only after 6.0 s": BUSY | {"ended_at": 18.0},
    "got no answer for 4.0 s: it was left hanging": BUSY
    | {"status": None, "ended_at": 16.0},
    "took 40 s: it hung": BUSY | {"ended_at": 52.0},
}


@pytest.mark.parametrize("said", SLOW)
async def test_who_does_not_fail_fast_is_named(evidence: Evidence, said: str) -> None:
    add(evidence, **SLOW[said])
    assert any(said in sentence for sentence in (await fast_failures(evidence)).violations)


async def test_whom_no_client_can_reach_leaves_nobody_hanging(evidence: Evidence) -> None:
    add(evidence, **BUSY | {"status": None, "ended_at": 15.0})
    assert (await fast_failures(evidence)).violations
    evidence.cut_off = frozenset({SERVICE})
    assert not (await fast_failures(evidence)).violations


async def test_while_something_stood_still_nothing_is_asked(evidence: Evidence) -> None:
    add(evidence, **BUSY | {"status": None, "ended_at": 45.0})
    hung = Spell(11.0, 13.0, held=True)
    evidence.spells = [hung]
    assert len((await fast_failures(evidence)).violations) == 2
    evidence.spells = [hung, Spell(12.0, 14.0, held=False)]
    verdict = await fast_failures(evidence)
    assert "Nobody called" in str(verdict.violations)
    assert verdict.counted["calls while something stood still"] == 2


async def test_in_a_run_of_many_faults_each_cuts_off_its_own(evidence: Evidence) -> None:
    add(evidence, **BUSY | {"status": None, "ended_at": 15.0})
    cut_off = frozenset({SERVICE})
    evidence.spells = [Spell(14.0, 15.0, held=True, cut_off=cut_off)]
    assert (await fast_failures(evidence)).violations
    evidence.spells = [Spell(11.0, 13.0, held=True, cut_off=cut_off)]
    assert not (await fast_failures(evidence)).violations


async def test_what_the_fault_does_not_touch_must_go_on(evidence: Evidence) -> None:
    evidence.probes = [probe("readyz others", status=503)]
    failed, idle = (await fast_failures(evidence)).violations
    assert "others, which the fault does not touch, failed 1 of 1 calls" in failed
    assert "did nothing at all" in idle


async def test_a_fault_during_which_nobody_called_proves_nothing(
    evidence: Evidence,
) -> None:
    evidence.faulted = (30.0, 40.0)
    (said,) = (await fast_failures(evidence)).violations
    assert "Nobody called while the fault lasted" in said


async def test_a_quiet_run_is_looked_at_and_found_sound(evidence: Evidence) -> None:
    verdict = await quiet_and_sound(evidence)
    assert not verdict.violations
    assert verdict.counted["log lines"] == verdict.counted["processes measured"] == 1


TOLD = {
    HIDDEN: "tells a secret: 水库… (6 characters)",
    r"\u6c34\u5e93\u6392\u67e5\u6e05\u5355": "tells a secret",
    'Traceback (most recent call last):\\n  File \\"x.py\\"\\nKeyError: 7': "KeyError: 7",
}


@pytest.mark.parametrize("text", TOLD)
async def test_what_a_log_must_not_tell_is_found(evidence: Evidence, text: str) -> None:
    (evidence.logs / "counters.log").write_text(f'{{"event": "{text}"}}\n', "utf-8")
    (said,) = (await quiet_and_sound(evidence)).violations
    assert said.startswith("counters.log, line 1, ")
    assert TOLD[text] in said
    assert HIDDEN not in said
    evidence.excused = lambda line: text in line
    assert not (await quiet_and_sound(evidence)).violations


async def test_a_stack_trace_of_several_lines_is_told_once_with_what_it_came_to(
    evidence: Evidence,
) -> None:
    trace = 'Traceback (most recent call last):\n  File "x.py", line 3, in x\n    x[7]\n'
    log = f'{{"event": "started"}}\n{trace}KeyError: 7\n{{"event": "stopped"}}\n'
    (evidence.logs / "counters.log").write_text(log, "utf-8")
    (said,) = (await quiet_and_sound(evidence)).violations
    assert said == "counters.log, line 2, shows a stack trace: KeyError: 7."
    evidence.excused = lambda line: line.startswith("KeyError")
    assert not (await quiet_and_sound(evidence)).violations


async def test_an_answer_that_tells_too_much_is_found(evidence: Evidence) -> None:
    add(evidence, outcome=Outcome.REFUSED, status=409, said=f"{HIDDEN} is closed")
    (said,) = (await quiet_and_sound(evidence)).violations
    assert said.startswith("The answer of counters: raise of")


async def test_a_500_is_found_wherever_it_was_given(evidence: Evidence) -> None:
    add(evidence, outcome=Outcome.UNKNOWN, status=500, said="internal")
    evidence.probes = [probe("read counters", status=502)]
    answered, read = (await quiet_and_sound(evidence)).violations
    assert "was answered 500 internal" in answered
    assert read == "read counters was answered 502."


async def test_what_is_not_given_back_is_found(evidence: Evidence) -> None:
    evidence.after = {SERVICE: Use(resident=300_000, descriptors=400)}
    memory, descriptors = (await quiet_and_sound(evidence)).violations
    assert memory == "counters used 97 MiB before, and 292 MiB after."
    assert descriptors == "counters had 40 descriptors open before, and 400 after."


async def test_a_run_whose_logs_are_empty_proves_nothing(evidence: Evidence) -> None:
    (evidence.logs / "counters.log").write_text("")
    blind = replace(evidence, secrets=frozenset())
    log, secrets = (await quiet_and_sound(blind)).violations
    assert "No line of any log was read" in log
    assert "No secret was named" in secrets


@pytest.mark.parametrize(
    ("recovered", "said"), [(None, "It never recovered"), (31.0, "not within 30 s")]
)
async def test_who_takes_too_long_to_recover_is_found(
    evidence: Evidence, recovered: float | None, said: str
) -> None:
    evidence.recovered = recovered
    assert any(said in sentence for sentence in (await recovery(evidence)).violations)


def test_every_invariant_of_the_design_has_its_checker() -> None:
    assert list(CHECKERS) == [f"I{number}" for number in range(1, 12)]
