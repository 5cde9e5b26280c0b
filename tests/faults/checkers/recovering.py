"""I6: after healing everything comes back by itself, soon, and nothing stands still."""

from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, open_stores
from tests.faults.evidence import Evidence, Verdict

SOON_SECONDS = 30.0

_STANDING = (
    "select name, error, paused from feed.follower where error is not null or paused"
)
_BEHIND = """
select c.name, sum((select count(*) from store.event e
    where e.shard = c.shard and e.position > c.position)) as events
from feed.checkpoint c group by 1
having sum((select count(*) from store.event e
    where e.shard = c.shard and e.position > c.position)) > 0
"""
_STOPPED = """
select consumer, topic, partition, gap, paused from feed.consumer_offset
where gap is not null or paused
"""


async def recovery(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I6: lag 0 and ready within 30 s of healing, with nothing paused, in error or in a gap."""
    findings = Findings("I6")
    recovered = evidence.recovered
    if recovered is None:
        findings.violated(
            "It never recovered: some lag never was 0, or a service never ready."
        )
    elif recovered > SOON_SECONDS:
        findings.violated(f"It recovered after {recovered:.1f} s, and not within 30 s.")
    async with open_stores(evidence, services) as sources:
        for name, source in sources.items():
            followers = await source.db.fetchval("select count(*) from feed.follower")
            findings.count("followers", followers)
            for row in await source.db.fetch(_STANDING):
                why = "is paused" if row["paused"] else f"stands still: {row['error']}"
                findings.violated(f"{name}: the follower {row['name']} {why}.")
            for row in await source.db.fetch(_BEHIND):
                findings.violated(
                    f"{name}: the follower {row['name']} has {row['events']} events left."
                )
            places = await source.db.fetchval("select count(*) from feed.consumer_offset")
            findings.count("partitions consumed", places)
            for row in await source.db.fetch(_STOPPED):
                findings.violated(
                    f"{name}: {row['consumer']} stands still at {row['topic']}/"
                    f"{row['partition']}: {row['gap'] or 'paused'}."
                )
    findings.expect_work(
        "followers", "No service follows its own feed: nothing was looked at."
    )
    return findings.verdict()
