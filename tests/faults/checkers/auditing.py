"""I8: what operators did and what was denied is on record, each once.

A denial is recorded once a minute for the same try: who tried what on which item. So it is
tries that are compared.
"""

import json
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from chassis.http.doors import KEYS
from chassis.store.cause import derived_id
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, Source, open_stores
from tests.faults.evidence import Evidence, Verdict
from tests.faults.history import Attempt

DENIED_STATUS = 403
_ENTRIES = """
select stream_id, type, data, (select count(*) from store.event o
    where o.stream_id = e.stream_id) as times
from store.event e where stream_id like 'audit-%' order by position
"""


@dataclass(slots=True)
class Recorded:
    """What the audit records of all services say."""

    acts: Counter[str] = field(default_factory=Counter)  # by the record's stream
    tries: set[tuple[str, str, str]] = field(default_factory=set)  # service, subject, item


async def audit_records(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I8: every admin act and every denied try has one audit record, and there are no others."""
    findings = Findings("I8")
    recorded = Recorded()
    async with open_stores(evidence, services) as sources:
        for source in sources.values():
            await _read(findings, source, recorded)
    findings.count("denied tries", len(recorded.tries))
    findings.count("admin acts", recorded.acts.total())
    _judge_acts(findings, evidence, recorded.acts)
    _judge_denials(findings, evidence, recorded.tries)
    return findings.verdict()


async def _read(findings: Findings, source: Source, recorded: Recorded) -> None:
    for row in await source.db.fetch(_ENTRIES):
        entry = json.loads(bytes(row["data"]))
        if row["times"] != 1:
            findings.violated(
                f"{source.name}: the audit record {row['stream_id']} was written "
                f"{row['times']} times."
            )
        if row["type"] == "audit.AccessDenied":
            recorded.tries.add((source.name, entry["subject"], entry["item"]))
        else:
            recorded.acts[row["stream_id"]] += 1


def _judge_acts(findings: Findings, evidence: Evidence, acts: Counter[str]) -> None:
    asked = {_record_of(command_id) for command_id in evidence.admin_acts}
    for stream_id in sorted(asked):
        if acts[stream_id] != 1:
            findings.violated(
                f"An admin act has {acts[stream_id]} audit records, and not one: {stream_id}."
            )
    tried = {_record_of(_command_id(attempt)) for attempt in evidence.history}
    for stream_id in sorted(acts.keys() - asked - tried):
        findings.violated(
            f"The audit record {stream_id} is of an act that nobody asked for."
        )


def _judge_denials(
    findings: Findings, evidence: Evidence, tries: AbstractSet[tuple[str, str, str]]
) -> None:
    told = {_try(a) for a in evidence.history if a.status == DENIED_STATUS}
    for service, subject, item in sorted(told - tries):
        findings.violated(
            f"{service}: {subject} was denied something on {item}, which nobody recorded."
        )
    if len(tries) < evidence.denials:
        findings.violated(
            f"{evidence.denials} calls were denied, and {len(tries)} are on record."
        )
    unsure = tries - told - {_try(attempt) for attempt in evidence.history}
    if len(tries) > evidence.denials:
        for service, subject, item in sorted(unsure):
            findings.violated(
                f"{service}: it is on record that {subject} was denied something on {item}, "
                "which nobody tried."
            )


def _try(attempt: Attempt) -> tuple[str, str, str]:
    return (attempt.service, attempt.person, str(attempt.item))


def _command_id(attempt: Attempt) -> UUID:
    return uuid5(KEYS, f"{attempt.service}|{attempt.person}|{attempt.key}")


def _record_of(command_id: UUID) -> str:
    """Return the stream of the record that the act asked for by a command leaves."""
    return f"audit-{derived_id('audit', 'acted', command_id)}"
