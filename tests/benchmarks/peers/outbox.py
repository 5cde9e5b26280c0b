"""Debezium beside our relay: an outbox table on the same server, the same broker."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

import asyncpg

from tests.benchmarks.cpu import Meter
from tests.benchmarks.figures import Run
from tests.benchmarks.kafka_by_hand import arrived, new_topic, tally_of
from tests.benchmarks.lab import Lab, open_loop
from tests.benchmarks.peers.debezium import Debezium, debezium_on
from tests.benchmarks.peers.debezium_jars import NoDebeziumError
from tests.benchmarks.peers.logical_postgres import LogicalPostgres
from tests.benchmarks.relay_latency import RATE, WARM, reached, waited

NAME = "Debezium"
DATABASE = "bench_outbox"
TABLE = """
create table outbox (id uuid primary key, aggregatetype text not null,
                     aggregateid text not null, type text not null, payload bytea not null)
"""
INSERT = "insert into outbox values ($1, $2, $3, 'counter.Raised', $4)"
COMMITTED = """
select id::text, extract(epoch from pg_xact_commit_timestamp(xmin))::float8
from outbox where id = any($1::uuid[])
"""
A_TRANSACTION = 200
AN_ITEM = 10
WARMING = 5  # backlogs, until its code is compiled: its rate still rose at the fourth
POOL = 16
HEADER = "id"


class Outbox:
    """A table that Debezium publishes from, to the topic that each row names."""

    def __init__(
        self, lab: Lab, debezium: Debezium, pool: "asyncpg.Pool[asyncpg.Record]"
    ) -> None:
        self._lab = lab
        self._debezium = debezium
        self._pool = pool

    async def publish(self, count: int, payload: bytes) -> Run:
        """Publish a backlog; the rate is from the first record to the last, on the broker."""
        await self._debezium.stop()
        topic = await new_topic(self._lab.broker)
        await self._fill(topic, count, payload)
        processes = {"connect": self._debezium.pid, **self._lab.broker.processes}
        with Meter(processes, self._lab.postgres.pid, "generator") as meter:
            await self._debezium.resume()
            await reached(self._lab.broker, topic, count)
        came = await arrived(self._lab.broker, topic, HEADER)
        stamps = [at for _, at in came]
        return Run(
            measures={"rate": count / (max(stamps) - min(stamps))},
            events=count,
            tally=tally_of(came, count),
            cpu=meter.cpu,
        )

    async def steady(self, count: int, payload: bytes) -> Run:
        """Insert at a steady rate, a row a transaction; time from each commit to the broker."""
        await self._debezium.running()
        topic = await new_topic(self._lab.broker)

        async def insert(item_id: UUID) -> None:
            await self._pool.execute(INSERT, item_id, topic, str(item_id), payload)

        ids = [self._lab.uuid() for _ in range(WARM + count)]
        left = iter(ids)
        await open_loop(RATE, WARM, lambda _: insert(next(left)))
        await reached(self._lab.broker, topic, WARM)
        await open_loop(RATE, count, lambda _: insert(next(left)))
        await reached(self._lab.broker, topic, WARM + count)
        committed = await self._pool.fetch(COMMITTED, ids[WARM:])
        begun = {str(row[0]): float(row[1]) for row in committed}
        return waited(begun, await arrived(self._lab.broker, topic, HEADER), count)

    async def _fill(self, topic: str, count: int, payload: bytes) -> None:
        await self._pool.execute("truncate outbox")
        for first in range(0, count, A_TRANSACTION):
            many = min(A_TRANSACTION, count - first)
            items = [str(self._lab.uuid()) for _ in range(0, many, AN_ITEM)]
            rows = [
                (self._lab.uuid(), topic, items[n // AN_ITEM], "counter.Raised", payload)
                for n in range(many)
            ]
            await self._pool.copy_records_to_table("outbox", records=rows)


@asynccontextmanager
async def outbox_on(
    lab: Lab, postgres: LogicalPostgres, backlog: int, payload: bytes
) -> AsyncIterator[Outbox | None]:
    """Start Debezium on an outbox and let it get warm; nothing where it cannot be had."""
    async with AsyncExitStack() as stack:
        dsn = await postgres.create_database(DATABASE)
        pool = await asyncpg.create_pool(dsn, min_size=POOL, max_size=POOL)
        stack.push_async_callback(pool.close)
        await pool.execute(TABLE)
        outbox = None
        try:
            starting = debezium_on(postgres, DATABASE, lab.broker)
            outbox = Outbox(lab, await stack.enter_async_context(starting), pool)
        except NoDebeziumError as error:
            lab.skipped.append(f"relay beside Debezium: {error}")
        if outbox is not None:
            for _ in range(WARMING):
                await outbox.publish(backlog, payload)
        yield outbox
