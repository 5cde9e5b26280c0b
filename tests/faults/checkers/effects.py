"""I5, the effects: what one service does because of another's event happens once.

A matter for each instruction that asks for one and for each opinion that was handed over; one
command of a consumer's for each event and item; a replica that says what the directory says.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from chassis.directory.replica import TOPICS
from chassis.log import Record
from chassis.store import Stored
from chassis.store.cause import derived_id
from chassis.wire import code_of
from shuniu.documents.v1.events_pb2 import InstructionGiven, InstructionKind
from shuniu.meetings.v1.events_pb2 import DeliberationOpinionHandedOver
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, Source, open_stores
from tests.faults.evidence import Evidence, Verdict

WANTS_A_MATTER = "act_and_report"
OPENED = "matter.Opened"
PLACES = {"left": "person"}

_FOREIGN = """
with told as (
    select convert_from(meta, 'UTF8')::jsonb as said, stream_id from store.event
), caused as (
    select said ->> 'causation_id' as cause, said ->> 'command_id' as command, stream_id
    from told where said ->> 'actor' = $1
), others as (
    select c.* from caused c where c.cause is not null
    and not exists (select from store.event e where e.event_id = c.cause::uuid)
)
select cause, stream_id, count(distinct command) as commands from others group by 1, 2
"""
_MATTERS = """
select stream_id, count(*) filter (where type = $1) as opened,
    min(convert_from(meta, 'UTF8')::jsonb ->> 'actor') filter (where type = $1) as actor
from store.event where stream_id like 'matter-%' group by 1
"""
_EXCUSED = """
select event_id::text as id from feed.reaction_refused
union select headers ->> 'ce_id' from feed.parked
"""
_ENTRIES = "select place, item_id, sequence, message is null as gone from directory.entry"


async def single_effects(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I5: every effect of a consumed event happened, and happened once."""
    findings = Findings("I5")
    async with open_stores(evidence, services) as sources:
        for source in sources.values():
            await _judge_commands(findings, source)
        if "supervision" in sources and sources.keys() & {"documents", "meetings"}:
            await _judge_matters(findings, sources)
        if "directory" in sources:
            await _judge_replicas(findings, sources)
    return findings.verdict()


async def _judge_commands(findings: Findings, source: Source) -> None:
    for row in await source.db.fetch(_FOREIGN, f"system:{source.name}"):
        findings.count("effects of others' events")
        if row["commands"] > 1:
            findings.violated(
                f"{source.name}: the event {row['cause']} of another service changed "
                f"{row['stream_id']} by {row['commands']} commands: its effect was repeated."
            )


async def _judge_matters(findings: Findings, sources: Mapping[str, Source]) -> None:
    supervision = sources["supervision"].db
    wanted = {}
    for name in sources.keys() & {"documents", "meetings"}:
        async for matter_id, event_id in _matters_wanted(sources[name]):
            wanted[f"matter-{matter_id}"] = (name, event_id)
    excused = {row["id"] for row in await supervision.fetch(_EXCUSED)}
    rows = {row["stream_id"]: row for row in await supervision.fetch(_MATTERS, OPENED)}
    for stream_id, (name, event_id) in wanted.items():
        findings.count("matters to open")
        if stream_id not in rows and event_id not in excused:
            findings.violated(
                f"supervision: no matter was opened for the event {event_id} of {name}: "
                f"{stream_id} is missing, and nobody refused or parked it."
            )
    for stream_id, row in rows.items():
        if row["opened"] != 1:
            findings.violated(f"supervision: {stream_id} was opened {row['opened']} times.")
        if row["actor"] == "system:supervision" and stream_id not in wanted:
            findings.violated(
                f"supervision: {stream_id} was opened for an event that is in no store."
            )


async def _matters_wanted(source: Source) -> AsyncIterator[tuple[UUID, str]]:
    """Return the matters that a service's events ask for, each with its event."""
    async for stored, message in _messages(source):
        if isinstance(message, InstructionGiven):
            if code_of(InstructionKind, message.kind) == WANTS_A_MATTER:
                yield derived_id("matter", message.instruction_id), str(stored.event_id)
        elif isinstance(message, DeliberationOpinionHandedOver):
            yield derived_id("matter", message.opinion_id), str(stored.event_id)


async def _messages(source: Source) -> AsyncIterator[tuple[Stored[Any], Message]]:
    async for page in source.pages():
        for stored in page:
            message = None
            if stored.category in source.service.topics:
                message = source.service.to_public(stored.event)
            if isinstance(message, Message):
                yield stored, message


async def _judge_replicas(findings: Findings, sources: Mapping[str, Source]) -> None:
    newest = {}
    async for _, record in sources["directory"].public("/"):
        sequence = int(record.headers["ce_sequence"])
        newest[_place(record), record.headers["ce_subject"]] = (
            sequence,
            record.value is None,
        )
    for name, source in sources.items():
        if not source.service.replica:
            continue
        rows = await source.db.fetch(_ENTRIES)
        known = {(r["place"], str(r["item_id"])): (r["sequence"], r["gone"]) for r in rows}
        findings.count("entries of replicas", len(known))
        for place in sorted(newest.keys() | known.keys()):
            if known.get(place) != newest.get(place):
                findings.violated(
                    f"{name}: of {' '.join(place)} the directory's newest is "
                    f"{_said(newest.get(place))}, and the replica has {_said(known.get(place))}."
                )


def _place(record: Record) -> str:
    kinds = {m.DESCRIPTOR.full_name: kind for m, kind in TOPICS[record.topic].items()}
    kind = kinds[record.headers["ce_type"]]
    return PLACES.get(kind, kind)


def _said(entry: tuple[int, bool] | None) -> str:
    if entry is None:
        return "nothing"
    sequence, gone = entry
    return (
        f"number {sequence}, which says that it is gone" if gone else f"number {sequence}"
    )
