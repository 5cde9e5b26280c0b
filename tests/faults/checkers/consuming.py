"""I10: what was produced was consumed or parked, and what is parked holds up its key alone."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from chassis.log import Received
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, Source, open_stores, uuid_of
from tests.faults.checkers.topics import ends_of, records
from tests.faults.evidence import Evidence, Verdict

_SUBSCRIBED = "select distinct topic from feed.consumer_offset order by 1"
_TABLE = """
create temp table produced (
    topic text, partition int, "offset" bigint, key bytea, source text, id text
)
"""
_READY = 'create index on produced (topic, partition, "offset"); analyze produced'
_LOST = """
select c.consumer, p.topic, p.partition, p."offset", p.id
from (select distinct consumer, topic from feed.consumer_offset) c join produced p using (topic)
where not exists (select from feed.inbox i
    where i.consumer = c.consumer and i.source = p.source and i.id = p.id)
and not exists (select from feed.parked k where k.consumer = c.consumer and k.topic = p.topic
    and k.partition = p.partition and k."offset" = p."offset")
and not exists (select from feed.parked k where k.consumer = c.consumer
    and k.headers ->> 'ce_id' = p.id and k.headers ->> 'ce_source' = p.source)
order by 2, 3, 4 limit 100
"""
_OVERTAKEN = """
with held as (
    select consumer, topic, partition, key, min("offset") as at from feed.parked group by 1, 2, 3, 4
), first as (
    select topic, partition, key, source, id, min("offset") as "offset" from produced
    group by 1, 2, 3, 4, 5
)
select h.consumer, f.topic, f.partition, f."offset", h.at from held h
join first f using (topic, partition, key)
where f."offset" > h.at
and exists (select from feed.inbox i
    where i.consumer = h.consumer and i.source = f.source and i.id = f.id)
and not exists (select from feed.parked k where k.consumer = h.consumer and k.topic = f.topic
    and k.partition = f.partition and k."offset" = f."offset")
order by 2, 3, 4 limit 100
"""
_PHANTOMS = """
select i.consumer, i.source, i.id from feed.inbox i
where not exists (select from produced p where p.source = i.source and p.id = i.id)
order by 1, 2, 3 limit 1000
"""
_IN_STORE = "select event_id::text as id from store.event where event_id = any($1)"
_SKIPPED = """
select convert_from(data, 'UTF8')::jsonb ->> 'item' as item from store.event
where type = 'audit.AdminActed' and convert_from(data, 'UTF8')::jsonb ->> 'action' = 'parked.skip'
"""
_PLACES = "select consumer, topic, partition, next from feed.consumer_offset"


async def consumed_or_parked(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I10: every record was consumed or is parked, in its key's order, and no place stands still.

    A compacted topic keeps state: of it only the place that was reached is compared.
    """
    findings = Findings("I10")
    states = {
        topic
        for service in services.values()
        if service.compacted
        for topic in (*service.topics.values(), *service.internal_topics.values())
    }
    async with open_stores(evidence, services) as sources:
        for source in sources.values():
            await _judge(findings, evidence, source, states)
            await _judge_phantoms(findings, evidence, source, sources)
    return findings.verdict()


async def _judge(
    findings: Findings, evidence: Evidence, source: Source, states: set[str]
) -> None:
    db, name = source.db, source.name
    topics = [row["topic"] for row in await db.fetch(_SUBSCRIBED)]
    await db.execute(_TABLE)
    if not topics:
        return
    plain = [topic for topic in topics if topic not in states]
    async for batch in records(evidence.bootstrap, plain):
        findings.count("records produced", len(batch))
        await db.copy_records_to_table("produced", records=map(_row, batch))
    await db.execute(_READY)
    findings.count("consumed", await db.fetchval("select count(*) from feed.inbox"))
    findings.count("parked", await db.fetchval("select count(*) from feed.parked"))
    skipped = Counter(r["item"].rpartition("/")[0] for r in await db.fetch(_SKIPPED))
    for row in await db.fetch(_LOST):
        if skipped[row["consumer"]] > 0:  # an operator let one go: it does not say which
            skipped[row["consumer"]] -= 1
            findings.count("skipped by an operator")
            continue
        findings.violated(
            f"{name}: {row['consumer']} neither consumed nor parked {_place(row)} "
            f"(event {row['id'] or 'without an id'}): lost."
        )
    for row in await db.fetch(_OVERTAKEN):
        findings.violated(
            f"{name}: {row['consumer']} consumed {_place(row)}, though offset {row['at']} of the "
            "same key is parked: it was overtaken."
        )
    ends = await ends_of(evidence.bootstrap, topics)
    for row in await db.fetch(_PLACES):
        end = ends.get((row["topic"], row["partition"]), 0)
        findings.count("partitions")
        if row["next"] < end:
            findings.violated(
                f"{name}: {row['consumer']} stands at {row['next']} of {row['topic']}/"
                f"{row['partition']}, which ends at {end}."
            )


async def _judge_phantoms(
    findings: Findings, evidence: Evidence, source: Source, sources: Mapping[str, Source]
) -> None:
    """Hold what was consumed against the topics and, where they forgot it, against the stores.

    What a stranger told is in no store, and goes with its topic.
    """
    unseen: dict[str, list[Any]] = defaultdict(list)
    for row in await source.db.fetch(_PHANTOMS):
        unseen[row["source"].rpartition("/")[2]].append(row)
    for name, rows in unseen.items():
        known = {row["id"] for row in rows if row["id"] in evidence.strangers}
        if name in sources:
            given = [found for row in rows if (found := uuid_of(row["id"]))]
            known |= {row["id"] for row in await sources[name].db.fetch(_IN_STORE, given)}
        findings.count("consumed, and gone from the topics", len(known))
        for row in rows:
            if row["id"] not in known:
                findings.violated(
                    f"{source.name}: {row['consumer']} consumed the event {row['id']} of "
                    f"{row['source']}, which is on no topic: a phantom."
                )


def _row(record: Received) -> tuple[Any, ...]:
    said = record.headers
    return (
        record.topic,
        record.partition,
        record.offset,
        record.key,
        said.get("ce_source", ""),
        said.get("ce_id", ""),
    )


def _place(row: Any) -> str:
    return f"{row['topic']}/{row['partition']}/{row['offset']}"
