"""I5, the views: every read model is what a fresh fold of its store makes of it."""

import json
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.database import open_engine
from chassis.feed.cursor import Cursor, Step
from chassis.feed.follower import Feed
from chassis.feed.lease import Lease
from chassis.feed.tailer import Tailer
from chassis.projection import Projecting, Projection
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import SERVICES, Services, Source, open_stores
from tests.faults.evidence import Evidence, Verdict

TRIES = 3  # a timer may fire while we look
LAST = "select coalesce(max(position), 0) from store.event"
NAMED_AS = "proved"


class Unrecorded(Step):
    """A step of nobody's: what is folded to be compared leaves no checkpoint."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine, Lease("", 0, {}), {}, Cursor({}))

    async def done(self, connection: AsyncConnection | None = None) -> None:
        """Move on, without a word to the database."""
        del connection
        self.moved = True


async def folded_views(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I5: every table of every projection equals, row by row, a fold of the whole store."""
    findings = Findings("I5")
    async with open_stores(evidence, services) as sources:
        for source in sources.values():
            engine = open_engine(source.dsn, 2)
            try:
                for projection in source.service.projections:
                    await _prove(findings, source, projection, engine)
            finally:
                await engine.dispose()
    if findings.counted("events folded"):
        findings.expect_work("rows compared", "Events were folded, and no view has a row.")
    return findings.verdict()


async def _prove(
    findings: Findings, source: Source, projection: Projection, engine: AsyncEngine
) -> None:
    schema = f"{projection.schema}_{NAMED_AS}"
    drop = f'drop schema if exists "{schema}" cascade'
    there = await source.db.fetchval(
        "select count(*) from pg_namespace where nspname = $1", projection.schema
    )
    if not there:
        findings.violated(f"{source.name}: the view {projection.schema} was never built.")
        return
    try:
        for _ in range(TRIES):
            await source.db.execute(drop)
            before = await source.db.fetchval(LAST)
            events = await _fold(source, projection, schema, engine)
            found = await _differences(source, projection, schema)
            if before == await source.db.fetchval(LAST):
                break
        else:
            findings.violated(f"{source.name}: the store does not come to rest.")
            return
    finally:
        await source.db.execute(drop)
    findings.count("views")
    findings.count("events folded", events)
    findings.count("rows compared", found[0])
    for sentence in found[1]:
        findings.violated(sentence)


async def _fold(
    source: Source, projection: Projection, schema: str, engine: AsyncEngine
) -> int:
    """Build the projection anew in *schema*; return of how many events."""
    folding = Projecting(projection, schema)
    await folding.start(Feed(source.store, Tailer(source.dsn), engine, NAMED_AS))
    events = 0
    async for page in source.pages():
        await folding.handle(page, Unrecorded(engine))
        events += len(page)
    return events


async def _differences(
    source: Source, projection: Projection, schema: str
) -> tuple[int, list[str]]:
    rows, said = 0, []
    for table in projection.tables.sorted_tables:
        live, fresh = f'"{projection.schema}"."{table.name}"', f'"{schema}"."{table.name}"'
        rows += await source.db.fetchval(f"select count(*) from {fresh}")  # noqa: S608 names of ours
        said += [
            f"{source.name}: the row {row['key']} of {projection.schema}.{table.name} "
            f"{_how(row['live'], row['fresh'])}."
            for row in await source.db.fetch(_compared(table, live, fresh))
        ]
    return rows, said


def _compared(table: Table, live: str, fresh: str) -> str:
    keys = [f'"{column.name}"' for column in table.primary_key]
    if not keys:
        raise LookupError(f"{table.name} has no primary key to compare its rows by")
    same = " and ".join(f"l.{key} = f.{key}" for key in keys)
    named = ", ".join(f"coalesce(l.{key}, f.{key})::text" for key in keys)
    return str(
        text(
            f"select concat_ws(' ', {named}) as key, to_jsonb(l) as live, to_jsonb(f) as fresh "  # noqa: S608 names of ours
            f"from {live} l full join {fresh} f on {same} "
            "where to_jsonb(l) is distinct from to_jsonb(f) order by 1 limit 100"
        )
    )


def _how(live: str | None, fresh: str | None) -> str:
    """Say how a row differs, by the names of its columns: what they hold is not for a log."""
    if fresh is None:
        return "is in the view, and no event made it"
    if live is None:
        return "is missing from the view"
    one, other = json.loads(live), json.loads(fresh)
    differing = sorted(name for name in one.keys() | other if _differ(one, other, name))
    return f"differs from a fresh fold in {', '.join(differing)}"


def _differ(one: dict[str, Any], other: dict[str, Any], name: str) -> bool:
    return bool(one.get(name) != other.get(name))
