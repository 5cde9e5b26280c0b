"""I3: each stream 1..n without gap or repeat, and a hash chain that verifies."""

from tests.faults.checkers.findings import MOST, Findings
from tests.faults.checkers.stores import SERVICES, Services, open_stores
from tests.faults.evidence import Evidence, Verdict
from tests.faults.history import Outcome

_CHAIN = f"select * from store.verify_v1() limit {MOST + 1}"  # noqa: S608 a constant of ours
_NUMBERS = """
select stream_id, count(*) as events, min(version) as first, max(version) as last
from store.event group by 1
having min(version) <> 1 or max(version) <> count(*) or count(distinct version) <> count(*)
limit 100
"""
_VERSIONS = """
select s.stream_id, s.version, count(e.event_id) as events from store.stream s
left join store.event e using (stream_id) group by 1, 2 having s.version <> count(e.event_id)
union all
select e.stream_id, null, count(*) from store.event e
where not exists (select from store.stream s where s.stream_id = e.stream_id) group by 1 limit 100
"""
_ORDER = """
select stream_id, version from (
    select stream_id, version, position, shard,
        lag(position) over (partition by stream_id order by version) as before
    from store.event
) e where position < before or shard <> store.shard_of(stream_id) limit 100
"""


async def whole_streams(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I3: streams are numbered 1..n, lie in the order of positions, and their hashes verify."""
    findings = Findings("I3")
    async with open_stores(evidence, services) as sources:
        for name, source in sources.items():
            events = await source.db.fetchval("select count(*) from store.event")
            findings.count("events", events)
            streams = await source.db.fetchval("select count(*) from store.stream")
            findings.count("streams", streams)
            for row in await source.db.fetch(_NUMBERS):
                findings.violated(
                    f"{name}: the stream {row['stream_id']} has {row['events']} events, "
                    f"numbered from {row['first']} to {row['last']}: one is missing or repeated."
                )
            for row in await source.db.fetch(_VERSIONS):
                findings.violated(
                    f"{name}: the stream {row['stream_id']} is said to be at version "
                    f"{row['version']}, and has {row['events']} events."
                )
            for row in await source.db.fetch(_ORDER):
                findings.violated(
                    f"{name}: event {row['version']} of {row['stream_id']} lies before its "
                    "predecessor in the feed, or in another stream's shard."
                )
            for row in await source.db.fetch(_CHAIN):
                findings.violated(
                    f"{name}: event {row['version']} of {row['stream_id']} does not verify: "
                    f"{row['fault']}."
                )
    if any(attempt.outcome is Outcome.OK for attempt in evidence.history):
        findings.expect_work(
            "events", "Commands were answered OK, and no store has an event."
        )
    return findings.verdict()
