"""I7: while the fault lasts, what it does not touch goes on, and the rest fails fast.

To fail fast is to answer 503 soon, with a hint when to come again. A call that got no answer
while its client waited was left hanging; one that was cut short was not. In a run of many
faults nothing is asked while one lasts that I7 does not speak of: what stands still is silent.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.faults.checkers.findings import Findings
from tests.faults.evidence import Evidence, Verdict
from tests.faults.history import Outcome

FAST_SECONDS = 5.0
HANGING_SECONDS = 2.5  # who waited so long without a word was left hanging
LONGEST_SECONDS = 30.0
BUSY = frozenset({429, 503, 504})


@dataclass(frozen=True, slots=True)
class Call:
    """A command or a probe that was sent while the fault lasted."""

    service: str
    what: str
    at: float
    took: float
    status: int | None
    hinted: bool
    is_probe: bool
    good: bool


async def fast_failures(evidence: Evidence) -> Verdict:
    """I7: during the fault the unaffected answer, the affected fail fast, and nothing hangs."""
    findings = Findings("I7")
    for attempt in evidence.history:
        findings.count("calls")
        took = attempt.ended_at - attempt.sent_at
        if took > LONGEST_SECONDS and _cut_off(evidence, attempt.sent_at) is not None:
            findings.violated(
                f"{attempt.service}: {attempt.act} of {attempt.item} took {took:.0f} s: it hung."
            )
    calls = list(_during(evidence))
    for call in calls:
        cut_off = _cut_off(evidence, call.at)
        if cut_off is None:
            findings.count("calls while something stood still")
        else:
            findings.count("calls during the fault")
            _judge(findings, cut_off, call)
    _judge_unaffected(findings, evidence, calls)
    begin, end = evidence.faulted
    if end > begin:
        findings.expect_work(
            "calls during the fault",
            "Nobody called while the fault lasted: nothing was proved.",
        )
    return findings.verdict()


def _cut_off(evidence: Evidence, at: float) -> frozenset[str] | None:
    """Return whom nobody could reach *at* that time; None while nothing is asked of anyone."""
    lasted = [spell for spell in evidence.spells if spell.begin <= at <= spell.end]
    if not all(spell.held for spell in lasted):
        return None
    return evidence.cut_off.union(*(spell.cut_off for spell in lasted))


def _judge(findings: Findings, cut_off: frozenset[str], call: Call) -> None:
    what = f"{call.service}: {call.what}, {call.at:.1f} s into the run,"
    if call.status is None:
        findings.count("without an answer")
        if call.took >= HANGING_SECONDS and call.service not in cut_off:
            findings.violated(
                f"{what} got no answer for {call.took:.1f} s: it was left hanging."
            )
    elif call.status in BUSY:
        findings.count("failed fast")
        if call.took > FAST_SECONDS:
            findings.violated(
                f"{what} was answered {call.status} only after {call.took:.1f} s."
            )
        if not call.hinted and not call.is_probe:
            findings.violated(
                f"{what} was answered {call.status} without a hint when to come."
            )


def _judge_unaffected(findings: Findings, evidence: Evidence, calls: list[Call]) -> None:
    """Hold every service that the fault is said not to touch to its usual answers."""
    if evidence.affected is None:
        return
    touched = evidence.affected
    for service in sorted({call.service for call in calls}):
        if {
            service,
            service.partition("-")[0],
        } & touched:  # a process, or the service it is of
            continue
        theirs = [call for call in calls if call.service == service]
        failed = [call for call in theirs if call.status is None or call.status >= 500]
        findings.count("calls to the unaffected", len(theirs))
        if failed:
            findings.violated(
                f"{service}, which the fault does not touch, failed {len(failed)} of "
                f"{len(theirs)} calls, the first {failed[0].at:.1f} s into the run: "
                f"{failed[0].what}, {failed[0].status or 'no answer'}."
            )
        if not any(call.good for call in theirs):
            findings.violated(
                f"{service}, which the fault does not touch, did nothing at all."
            )


def _during(evidence: Evidence) -> Iterable[Call]:
    begin, end = evidence.faulted
    for attempt in evidence.history:
        if begin <= attempt.sent_at <= end:
            yield Call(
                attempt.service,
                f"{attempt.act} of {attempt.item}",
                attempt.sent_at,
                attempt.ended_at - attempt.sent_at,
                attempt.status,
                attempt.hinted,
                is_probe=False,
                good=attempt.outcome is Outcome.OK,
            )
    for probe in evidence.probes:
        if begin <= probe.at <= end:
            service = probe.of.split()[-1]  # "readyz documents"
            good = probe.status is not None and probe.status < 400
            yield Call(
                service,
                probe.of,
                probe.at,
                probe.took,
                probe.status,
                probe.hinted,
                is_probe=True,
                good=good,
            )
