"""I11: an owner that was replaced writes nothing any more, whatever its clock says."""

from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, open_stores
from tests.faults.evidence import Evidence, Verdict

_OLDER = """
select name, place, before, after, epoch, believed, at from traced.move
where what = 'checkpoint' and believed < epoch order by n limit 100
"""
_BACK = """
select name, place, before, after, at from traced.move
where what = 'offset' and after < before and not rewound order by n limit 100
"""
_LEASES = """
select name, before, after, at from traced.move
where what = 'lease' and after <= before order by n limit 100
"""
_COUNTED = """
select count(*) filter (where what = 'checkpoint') as checkpoints,
    count(believed) filter (where what = 'checkpoint') as told,
    count(*) filter (where what = 'offset') as offsets,
    count(*) filter (where what = 'lease') as leases
from traced.move
"""
_AHEAD = """
select c.name, c.shard, c.position, max(e.position) as last
from feed.checkpoint c join store.event e using (shard) group by 1, 2, 3
having c.position > (select last_value from store.event_position_seq)
"""


async def fenced_writes(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I11: no checkpoint moved under an older epoch than its lease's, and no offset went back.

    Goes by what `trace` laid beside each store. Kafka's part, that an older owner adds only
    duplicates, is I4's order of first occurrences.
    """
    findings = Findings("I11")
    async with open_stores(evidence, services) as sources:
        for name, source in sources.items():
            if not await source.db.fetchval(
                "select to_regclass('traced.move') is not null"
            ):
                findings.violated(
                    f"{name}: nobody traced its checkpoints: call trace.install before the run."
                )
                continue
            (counted,) = await source.db.fetch(_COUNTED)
            for what in ("checkpoints", "offsets", "leases"):
                findings.count(f"moves of {what}", counted[what])
            if counted["checkpoints"] and not counted["told"]:
                findings.violated(
                    f"{name}: checkpoints moved, and nobody said under which lease: call "
                    "trace.tell_epochs in each process."
                )
            for row in await source.db.fetch(_OLDER):
                findings.violated(
                    f"{name}: {row['name']} moved its checkpoint of shard {row['place']} from "
                    f"{row['before']} to {row['after']} under the epoch {row['believed']}, though "
                    f"{row['epoch']} had begun: an old owner wrote ({row['at']:%H:%M:%S})."
                )
            for row in await source.db.fetch(_BACK):
                findings.violated(
                    f"{name}: the offset of {row['name']} at {row['place']} went back from "
                    f"{row['before']} to {row['after']}: an old owner wrote ({row['at']:%H:%M:%S})."
                )
            for row in await source.db.fetch(_LEASES):
                findings.violated(
                    f"{name}: the lease of {row['name']} went from the epoch {row['before']} to "
                    f"{row['after']}."
                )
            for row in await source.db.fetch(_AHEAD):
                findings.violated(
                    f"{name}: {row['name']} stands at {row['position']} of shard {row['shard']}, "
                    "which was never drawn: it would pass over what is still to come."
                )
    return findings.verdict()
