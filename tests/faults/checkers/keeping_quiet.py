"""I9: no input ends in a 5xx, nothing says what it must not, and nothing is used up."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, open_stores
from tests.faults.evidence import Evidence, Verdict

EXCUSED = frozenset({503, 504})  # a fault's, and not the input's
TRACE_BEGINS = "Traceback (most recent call last)"
TRACE = re.compile(rf'{re.escape(TRACE_BEGINS)}|File \\*"[^"]+", line \d+')
MORE_MEMORY = 1.5
MORE_KIB = 64 * 1024
MORE_DESCRIPTORS = 32
LINE_BYTES = 1_000_000

# Not the value: it is the record as it came, which an operator needs to try it again.
_PARKED = "select parked_id as id, error || ' ' || headers::text as said from feed.parked"
_FOLLOWERS = "select name as id, error as said from feed.follower where error is not null"
_TIMERS = (
    "select stream_id || name as id, error as said from feed.timer where error is not null"
)


async def quiet_and_sound(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I9: no 5xx from input, no secret and no trace told, memory and descriptors come back."""
    findings = Findings("I9")
    secrets = _pattern(evidence.secrets)
    _judge_answers(findings, evidence, secrets)
    _judge_logs(findings, evidence, secrets)
    async with open_stores(evidence, services) as sources:
        for name, source in sources.items():
            for query, what in (
                (_PARKED, "parked record"),
                (_FOLLOWERS, "follower"),
                (_TIMERS, "timer"),
            ):
                for row in await source.db.fetch(query):
                    findings.count(f"{what}s with an error")
                    _judge_text(
                        findings, f"{name}: the {what} {row['id']}", row["said"], secrets
                    )
    _judge_use(findings, evidence)
    if any(True for _ in evidence.history):
        findings.expect_work(
            "log lines", "No line of any log was read: nothing was proved."
        )
        findings.expect_work(
            "secrets", "No secret was named to look for: nothing was proved."
        )
    return findings.verdict()


def _judge_answers(
    findings: Findings, evidence: Evidence, secrets: re.Pattern[str] | None
) -> None:
    findings.count("secrets", len(evidence.secrets))
    for attempt in evidence.history:
        findings.count("answers")
        what = f"{attempt.service}: {attempt.act} of {attempt.item}"
        if attempt.status is not None and _is_crash(attempt.status):
            findings.violated(f"{what} was answered {attempt.status} {attempt.said}.")
        _judge_text(findings, f"The answer of {what}", attempt.said, secrets)
    for probe in evidence.probes:
        if probe.status is not None and _is_crash(probe.status):
            findings.violated(f"{probe.of} was answered {probe.status}.")


def _judge_logs(
    findings: Findings, evidence: Evidence, secrets: re.Pattern[str] | None
) -> None:
    for file in sorted(path for path in evidence.logs.rglob("*") if path.is_file()):
        begun = 0  # at which line a stack trace of several lines began
        for number, line in enumerate(_lines(file), 1):
            findings.count("log lines")
            where = f"{file.name}, line {number},"
            if evidence.excused(line):
                begun = 0
                continue
            _judge_secrets(findings, where, line, secrets)
            if line.startswith(TRACE_BEGINS):
                begun = begun or number
            elif not begun:
                _judge_trace(findings, where, line)
            elif not line.startswith((" ", "\t", "\n")):  # what it came to
                findings.violated(
                    f"{file.name}, line {begun}, shows a stack trace: {_last(line)}."
                )
                begun = 0
        if begun:
            findings.violated(
                f"{file.name} ends with a stack trace, begun in line {begun}."
            )


def _judge_text(
    findings: Findings, where: str, said: str, secrets: re.Pattern[str] | None
) -> None:
    _judge_secrets(findings, where, said, secrets)
    _judge_trace(findings, where, said)


def _judge_secrets(
    findings: Findings, where: str, said: str, secrets: re.Pattern[str] | None
) -> None:
    if secrets is not None and (found := secrets.search(said)):
        hidden = f"{found[0][:2]}… ({len(found[0])} characters)"
        findings.violated(f"{where} tells a secret: {hidden}.")


def _judge_trace(findings: Findings, where: str, said: str) -> None:
    if TRACE.search(said):
        findings.violated(f"{where} shows a stack trace: {_last(said)}.")


def _judge_use(findings: Findings, evidence: Evidence) -> None:
    for process, before in evidence.before.items():
        after = evidence.after.get(process)
        if after is None:
            continue
        findings.count("processes measured")
        if after.resident > before.resident * MORE_MEMORY + MORE_KIB:
            findings.violated(
                f"{process} used {before.resident // 1024} MiB before, and "
                f"{after.resident // 1024} MiB after."
            )
        if after.descriptors > before.descriptors + MORE_DESCRIPTORS:
            findings.violated(
                f"{process} had {before.descriptors} descriptors open before, and "
                f"{after.descriptors} after."
            )


def _is_crash(status: int) -> bool:
    return status >= 500 and status not in EXCUSED


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of *secrets*, as they are or as JSON writes them."""
    every = {form for s in secrets if s for form in (s, json.dumps(s)[1:-1])}
    longest_first = sorted(every, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if every else None


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        while line := lines.readline(LINE_BYTES):
            yield line


def _last(said: str) -> str:
    """Return the end of what was said: of a trace, what it came to."""
    return said.replace("\\n", "\n").strip().rpartition("\n")[2][:200].rstrip('"}. ')
