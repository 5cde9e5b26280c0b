"""Reading the whole store: a projection built anew, and the hash chain verified."""

from sqlalchemy import BigInteger, Column, MetaData, Table, Uuid, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projecting, Projection, Rebuilding, begin_rebuild
from tests.benchmarks.figures import Bar, Figure, Run, Tally
from tests.benchmarks.lab import Lab, feed_on, store_on
from tests.benchmarks.relaying import fill
from tests.support.samples import CounterEvent, CounterRaised
from tests.support.service import ServiceDatabase

REBUILD, VERIFY = "rebuild", "verify"
REMARK = "逐库排查，列出清单。"
TABLES = MetaData()
RAISED = Table(
    "raised",
    TABLES,
    Column("n", BigInteger, primary_key=True),
    Column("counter_id", Uuid, nullable=False),
    Column("by", BigInteger, nullable=False),
)
BYTES = """
create table hashed as
select int4send(octet_length(previous_hash)) || previous_hash
    || int4send(octet_length(stream_id)) || convert_to(stream_id, 'UTF8')
    || int8send(version) || uuid_send(event_id)
    || int4send(octet_length(type)) || convert_to(type, 'UTF8') || int4send(schema_version)
    || int4send(octet_length(data)) || data || int4send(octet_length(meta)) || meta
    || int8send((extract(epoch from recorded_at) * 1000000)::bigint) as bytes
from store.event
"""


async def project(event: CounterEvent, connection: AsyncConnection) -> None:
    """Enter each time the counter was raised."""
    if isinstance(event, CounterRaised):
        await connection.execute(
            insert(RAISED).values(counter_id=event.counter_id, by=event.by)
        )


VIEW = Projection(name="raised", version=1, tables=TABLES, project={"counter": project})
ROWS = f'select n, counter_id, by from "{VIEW.schema}".raised order by n'  # noqa: S608 ours


async def measure_rebuild(lab: Lab) -> list[Figure]:
    """Rebuild a view of one row an event, beside a COPY of its rows."""
    count = lab.sizes.rebuilt
    async with (
        lab.database("bench_rebuild") as database,
        store_on(database, 4) as store,
        feed_on(database, store) as feed,
    ):
        await Projecting(VIEW).start(feed)
        await database.owner.execute(
            "insert into feed.follower (name) values ($1)", VIEW.follower
        )
        await fill(lab, store, count, REMARK)
        await database.owner.execute(
            "create table copied (n bigint primary key, counter_id uuid not null, "
            "by bigint not null)"
        )

        async def ours() -> Run:
            await begin_rebuild(feed.engine, VIEW)
            with lab.meter() as meter:
                await Rebuilding(VIEW).run(feed)
            tally = await _tally(database, f'"{VIEW.schema}".raised', count)
            return _run(count, meter.seconds, meter.cpu, tally)

        async def floor() -> Run:
            rows = [tuple(row) for row in await database.owner.fetch(ROWS)]
            await database.owner.execute("truncate copied")
            with lab.meter() as meter:
                await database.owner.copy_records_to_table("copied", records=rows)
            tally = await _tally(database, "copied", count)
            return _run(count, meter.seconds, meter.cpu, tally)

        own, other = await lab.compared("rebuild", ours, floor)
    bars = [Bar(measure="rate", limit=50_000)]
    load = f"{count} events into a view"
    return [
        Figure(bench=REBUILD, load=load, fsync=lab.fsync, ours=own, floor=other, bars=bars)
    ]


async def measure_verify(lab: Lab) -> list[Figure]:
    """Verify every event's hash and link, beside sha256 over the same bytes."""
    count = lab.sizes.rebuilt
    async with lab.database("bench_verify") as database, store_on(database, 2) as store:
        await fill(lab, store, count, REMARK)
        await database.owner.execute(BYTES)
        await database.owner.execute("analyze")

        async def ours() -> Run:
            with lab.meter() as meter:
                faults = await database.owner.fetch("select * from store.verify_v1()")
            tally = Tally(expected=count, found=count, distinct=count - len(faults))
            return _run(count, meter.seconds, meter.cpu, tally)

        async def floor() -> Run:
            with lab.meter() as meter:
                hashed = await database.owner.fetchval(
                    "select count(sha256(bytes)) from hashed"
                )
            tally = Tally(expected=count, found=hashed, distinct=hashed)
            return _run(count, meter.seconds, meter.cpu, tally)

        own, other = await lab.compared("verify", ours, floor)
    bars = [Bar(measure="rate", limit=150_000)]
    load = f"{count} events"
    return [
        Figure(bench=VERIFY, load=load, fsync=lab.fsync, ours=own, floor=other, bars=bars)
    ]


async def _tally(database: ServiceDatabase, table: str, expected: int) -> Tally:
    query = f"select count(*) as found, count(distinct n) as different from {table}"  # noqa: S608 ours
    row = await database.owner.fetchrow(query)
    if row is None:
        raise AssertionError("a count is always one row")
    return Tally(expected=expected, found=row["found"], distinct=row["different"])


def _run(count: int, seconds: float, cpu: dict[str, float], tally: Tally) -> Run:
    return Run(measures={"rate": count / seconds}, events=count, tally=tally, cpu=cpu)
