"""I5, the streams: who heard alerts all the time heard all of their mailbox, in its order."""

from collections.abc import Sequence
from itertools import pairwise

from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, Source, open_stores
from tests.faults.evidence import Evidence, Verdict

NOTIFIER = "notifier"
_MAILBOX = "select sequence, alert_id from notifier.mailbox where subscriber = $1"


async def heard_alerts(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I5: a stream gives every alert of its mailbox, the first time in order, and no gap."""
    findings = Findings("I5")
    for gap in evidence.gaps:
        findings.violated(f"notifier: a stream told of a gap: {gap}.")
    async with open_stores(evidence, services) as sources:
        if NOTIFIER in sources:
            for person, heard in evidence.streamed.items():
                await _judge(findings, sources[NOTIFIER], person, heard)
    return findings.verdict()


async def _judge(
    findings: Findings, notifier: Source, person: str, heard: Sequence[tuple[int, str]]
) -> None:
    """Hold what a client of the stream was given against the mailbox: all, in order."""
    rows = await notifier.db.fetch(_MAILBOX, person)
    mailbox = {row["sequence"]: str(row["alert_id"]) for row in rows}
    first = dict(reversed(heard))
    order = list(dict.fromkeys(sequence for sequence, _ in heard))
    findings.count("alerts streamed", len(heard))
    findings.count("alerts streamed again", len(heard) - len(order))
    if order != sorted(order):
        late = next(b for a, b in pairwise(order) if b < a)
        findings.violated(f"notifier: the stream of {person} gave number {late} too late.")
    for sequence in sorted(mailbox.keys() - first.keys()):
        findings.violated(f"notifier: the stream of {person} never gave number {sequence}.")
    for sequence in sorted(first):
        if mailbox.get(sequence) != first[sequence]:
            findings.violated(
                f"notifier: the stream of {person} gave {first[sequence]} as number {sequence}, "
                f"and the mailbox has {mailbox.get(sequence)}."
            )
