"""I4: what is on the topics is what the stores have to tell, each at least once, in order.

What should be there is made anew from each store, by the service's own contract. Both sides
are laid into tables of PostgreSQL, which compares them whatever their size.
"""

from typing import Any

from chassis.log import Received
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, Source, open_stores
from tests.faults.checkers.topics import is_of, records
from tests.faults.evidence import Evidence, Verdict

AT_ONCE = 1_000
_TABLES = """
drop table if exists expected, published;
create temp table expected (id text, topic text, key text, sequence bigint, position bigint);
create temp table published (
    id text, source text, topic text, partition int, "offset" bigint, key text, sequence bigint
);
"""
_READY = """
create index on expected (id, topic);
create index on published (id, topic);
analyze expected, published;
"""
_MISSING = """
select e.* from expected e
where not exists (select from published p where p.id = e.id and p.topic = e.topic)
order by position limit 100
"""
_STATE_MISSING = """
select distinct on (topic, key) e.* from expected e
where not exists (select from published p where p.topic = e.topic and p.key = e.key
                  and p.sequence >= e.sequence)
order by topic, key, sequence desc limit 100
"""
_PHANTOMS = """
select p.* from published p
where not exists (select from expected e where e.id = p.id and e.topic = p.topic) limit 100
"""
_MISPLACED = """
select p.*, e.key as right_key, e.sequence as right_sequence from published p
join expected e using (id, topic)
where p.key is distinct from e.key or p.sequence is distinct from e.sequence limit 100
"""
_REORDERED = """
with first as (
    select topic, partition, key, id, min("offset") as at, min(sequence) as sequence
    from published group by 1, 2, 3, 4
), followed as (
    select *, lag(sequence) over w as before from first
    window w as (partition by topic, key order by at)
)
select * from followed where before > sequence limit 100
"""
_SCATTERED = """
select topic, key, array_agg(distinct partition) as partitions from published
group by 1, 2 having count(distinct partition) > 1 limit 100
"""
_LAST = """
select distinct on (p.topic, p.key) p.topic, p.key, p.sequence, m.sequence as newest
from published p join (select topic, key, max(sequence) as sequence from expected group by 1, 2) m
using (topic, key) order by p.topic, p.key, p."offset" desc
"""


async def published_events(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I4: the public events of the stores and the records of the topics are the same events.

    Repeats are allowed, and counted; per key the first of each is in order. A compacted topic
    ends, for every key, with what is newest.
    """
    findings = Findings("I4")
    async with open_stores(evidence, services) as sources:
        for source in sources.values():
            if source.topics:
                await _lay_out(findings, evidence, source)
                await _compare(findings, source)
        findings.count("public events", 0)
    if findings.counted("events in stores"):
        findings.expect_work(
            "public events", "No store has a public event: nothing was proved."
        )
    return findings.verdict()


async def _lay_out(findings: Findings, evidence: Evidence, source: Source) -> None:
    db = source.db
    await db.execute(_TABLES)
    total = await db.fetchval("select count(*) from store.event")
    findings.count("events in stores", total)
    rows: list[tuple[Any, ...]] = []
    async for stored, record in source.public("/"):
        rows.append(
            (
                str(stored.event_id),
                record.topic,
                record.key.decode(),
                stored.version,
                stored.position,
            )
        )
        if len(rows) >= AT_ONCE:
            await db.copy_records_to_table("expected", records=rows)
            rows.clear()
    await db.copy_records_to_table("expected", records=rows)
    async for batch in records(evidence.bootstrap, source.topics):
        ours = [record for record in batch if is_of(record, source.name)]
        findings.count("records of others", len(batch) - len(ours))
        await db.copy_records_to_table("published", records=map(_row, ours))
    await db.execute(_READY)


async def _compare(findings: Findings, source: Source) -> None:
    db, name = source.db, source.name
    compacted = source.service.compacted
    expected = await db.fetchval("select count(*) from expected")
    findings.count("public events", expected)
    (found,) = await db.fetch(
        "select count(*) as n, count(distinct id) as d from published"
    )
    findings.count("records", found["n"])
    findings.count("repeats", found["n"] - found["d"])
    for row in await db.fetch(_STATE_MISSING if compacted else _MISSING):
        findings.violated(
            f"{name}: event {row['id']}, number {row['sequence']} of {row['key']} at position "
            f"{row['position']}, was never published to {row['topic']}: lost."
        )
    for row in await db.fetch(_PHANTOMS):
        findings.violated(
            f"{name}: {_place(row)} tells of the event {row['id']}, which is in no store: a phantom."
        )
    for row in await db.fetch(_MISPLACED):
        findings.violated(
            f"{name}: {_place(row)} has the key {row['key']} and the number {row['sequence']}; "
            f"its event has {row['right_key']} and {row['right_sequence']}."
        )
    for row in await db.fetch(_REORDERED):
        findings.violated(
            f"{name}: of {row['key']} on {row['topic']}, number {row['sequence']} first stands at "
            f"offset {row['at']}, behind number {row['before']}: reordered."
        )
    for row in await db.fetch(_SCATTERED):
        findings.violated(
            f"{name}: the key {row['key']} of {row['topic']} is in the partitions "
            f"{row['partitions']}: nothing keeps its records in order."
        )
    sources = await db.fetch("select distinct source from published limit 3")
    if len(sources) > 1:
        findings.violated(
            f"{name}: its records name {len(sources)} sources, for instance "
            f"{' and '.join(row['source'] for row in sources)}."
        )
    for row in await db.fetch(_LAST) if compacted else ():
        if row["sequence"] < row["newest"]:
            findings.violated(
                f"{name}: the compacted topic {row['topic']} ends for {row['key']} with number "
                f"{row['sequence']}, though {row['newest']} is the newest: an old owner's."
            )


def _row(record: Received) -> tuple[Any, ...]:
    said = record.headers.get("ce_sequence", "")
    return (
        record.headers.get("ce_id", ""),
        record.headers["ce_source"],
        record.topic,
        record.partition,
        record.offset,
        record.key.decode("utf-8", "replace"),
        int(said) if said.isdecimal() else None,
    )


def _place(row: Any) -> str:
    return f"the record {row['topic']}/{row['partition']}/{row['offset']}"
