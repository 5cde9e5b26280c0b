"""Reading the whole store: a projection built anew, and the hash chain verified."""

from sqlalchemy import BigInteger, Column, MetaData, Table, Uuid

from chassis.projection import Projecting, Projection
from chassis.rows import Rows
from tests.benchmarks.alert_processes import child
from tests.benchmarks.big_store import BigStore
from tests.benchmarks.figures import Bar, Figure, Run, Tally
from tests.benchmarks.lab import Lab, feed_on, store_on
from tests.support.samples import CounterEvent, CounterRaised
from tests.support.service import ServiceDatabase

REBUILD, VERIFY = "rebuild", "verify"
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


async def project(event: CounterEvent, rows: Rows) -> None:
    """Enter each time the counter was raised."""
    if isinstance(event, CounterRaised):
        rows.insert(RAISED, counter_id=event.counter_id, by=event.by)


VIEW = Projection(name="raised", version=1, tables=TABLES, project={"counter": project})
ROWS = f'select n, counter_id, by from "{VIEW.schema}".raised order by n limit $1'  # noqa: S608 ours
COPIED = "create table copied (n bigint primary key, counter_id uuid not null, by bigint not null)"
SUMMED = f"""
select coalesce(sum(here), 0)::bigint as found, coalesce(sum(least(here, $1)), 0)::bigint as different
from (select count(*) as here from "{VIEW.schema}".raised group by counter_id) counted
"""  # noqa: S608 ours
MOST_COPIED = 1_000_000  # they are in memory
LONG_SECONDS = 3_600.0


async def measure_rebuild(lab: Lab) -> list[Figure]:
    """Rebuild a view of one row an event in a process of its own, beside a COPY of its rows."""
    sizes = [lab.sizes.rebuilt, *([lab.sizes.longest] if lab.sizes.longest else [])]
    async with (
        lab.database("bench_rebuild") as database,
        store_on(database, 4) as store,
        feed_on(database, store) as feed,
    ):
        filled = BigStore(owner=database.owner)
        await Projecting(VIEW).start(feed)
        await database.owner.execute(
            "insert into feed.follower (name) values ($1)", VIEW.follower
        )
        await database.owner.execute(COPIED)
        return [await _rebuilt(lab, database, filled, count) for count in sizes]


async def _rebuilt(
    lab: Lab, database: ServiceDatabase, store: BigStore, count: int
) -> Figure:
    await store.grow(count)
    lab.say(f"rebuild: {count} events are stored")
    tally = await store.verified()

    async def ours() -> Run:
        async with child("rebuild_process", database.dsn) as process:
            await process.answer()
            with lab.meter(process.pid) as meter:
                process.tell()
                done = await process.answer(within=LONG_SECONDS)
            rows = await database.owner.fetchrow(SUMMED, store.each, timeout=LONG_SECONDS)
            if rows is None or tally.lost:
                raise AssertionError("a sum is always one row, and the store is whole")
            kept = Tally(expected=count, found=rows["found"], distinct=rows["different"])
            measures = {"rate": count / done["seconds"], "peak": done["peak"]}
        return Run(measures=measures, events=count, tally=kept, cpu=meter.cpu)

    async def floor() -> Run:
        some = min(count, MOST_COPIED)
        rows = [tuple(row) for row in await database.owner.fetch(ROWS, some)]
        await database.owner.execute("truncate copied")
        with lab.meter() as meter:
            await database.owner.copy_records_to_table("copied", records=rows)
        kept = await _tally(database, "copied", some)
        return _run(some, meter.seconds, meter.cpu, kept)

    once = count > lab.sizes.rebuilt
    what = f"rebuild: {count} events"
    own, other = await lab.compared(what, ours, floor, times=1 if once else None)
    return Figure(
        bench=REBUILD,
        load=f"{count} events into a view",
        fsync=lab.fsync,
        ours=own,
        floor=other,
        bars=[Bar(measure="rate", limit=50_000), Bar(measure="peak", limit=1_024)],
        long=once,
    )


async def measure_verify(lab: Lab) -> list[Figure]:
    """Verify every event's hash and link, beside sha256 over the same bytes."""
    count = lab.sizes.verified
    async with lab.database("bench_verify") as database:
        await BigStore(owner=database.owner).grow(count)
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
