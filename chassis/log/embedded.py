"""The embedded log: topics as rows of a PostgreSQL database, for a single machine.

Offsets are positions of the table's sequence, so they ascend but leave gaps. Readers use
the feed's proof of what is final: nothing is passed over, whoever publishes at once.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence

import asyncpg

from chassis.database import open_pool
from chassis.feed.tailer import Tailer
from chassis.log.embedded_subscriber import ENDS, EmbeddedSubscriber, received
from chassis.log.placing import partition_of
from chassis.log.port import Place, Received, Record, Subscriber, Taken, Topic

LASTS = """
select t.name as topic, r.* from log.topic t
cross join lateral generate_series(0, t.partitions - 1) p (partition)
cross join lateral (
    select * from log.record r where r.topic_id = t.topic_id and r.partition = p.partition
    order by r.position desc limit 1
) r
where t.name = any($1)
"""
_FENCE = """
insert into log.fence as f (name, epoch) values ($1, 1)
on conflict (name) do update set epoch = f.epoch + 1 returning epoch
"""
_UNFENCED = "select 1 from log.fence where name = $1 and epoch = $2 for share"
_PUBLISH = "select log.publish_v1($1, $2, $3, $4, $5)"
_CREATE = """
insert into log.topic (name, partitions, compacted) values ($1, $2, $3) on conflict do nothing
"""


class ProducerFencedError(Exception):
    """A later producer of the same name publishes now."""


class EmbeddedLog:
    """A log in PostgreSQL."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._tailer = Tailer(dsn, "log.record_position_seq")
        self._tail: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and begin to tail."""
        self._pool = await open_pool(self._dsn, 8)
        self._tail = asyncio.create_task(self._tailer.run())

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The pool; there is one once the log was started."""
        if self._pool is None:
            raise RuntimeError("start the log first")
        return self._pool

    async def create(self, topics: Sequence[Topic]) -> None:
        """Create the topics that are missing."""
        rows = [(t.name, t.partitions, t.compacted) for t in topics]
        await self.pool.executemany(_CREATE, rows)

    async def producer(self, name: str, *, fencing: bool = False) -> "EmbeddedProducer":
        """Return a producer."""
        fence = (name, await self.pool.fetchval(_FENCE, name)) if fencing else None
        rows = await self.pool.fetch("select name, partitions from log.topic")
        return EmbeddedProducer(self.pool, dict(map(tuple, rows)), self._tailer, fence)

    async def subscriber(
        self, group: str, topics: Sequence[str], taken: Taken
    ) -> Subscriber:
        """Join *group*."""
        return EmbeddedSubscriber(self.pool, self._tailer, group, topics, taken)

    async def ends(self, topics: Sequence[str]) -> dict[Place, int]:
        """Return where each partition ends."""
        rows = await self.pool.fetch(ENDS, list(topics))
        return {(row["name"], row["partition"]): row["next"] for row in rows}

    async def told(self, group: str) -> dict[Place, tuple[int, str]]:
        """Return nothing: whoever restores a service's database restores this one with it."""
        del group
        return {}

    async def lasts(self, topics: Sequence[str]) -> list[Received]:
        """Return the last record of every partition that has one."""
        return [received(row) for row in await self.pool.fetch(LASTS, list(topics))]

    async def close(self) -> None:
        """Stop tailing and disconnect."""
        if self._tail is not None:
            self._tail.cancel()
            await asyncio.gather(self._tail, return_exceptions=True)
        if self._pool is not None:
            await self._pool.close()


class EmbeddedProducer:
    """Publishes by one function call a batch: all of it, or nothing."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        partitions: Mapping[str, int],
        tailer: Tailer,
        fence: tuple[str, int] | None = None,
    ) -> None:
        self._pool = pool
        self._fence = fence
        self._partitions = partitions
        self._tailer = tailer

    async def publish(self, records: Sequence[Record]) -> None:
        """Publish *records* in order. Raises `KeyError` for a topic nobody created.

        Raises `ProducerFencedError` where a later producer fenced this one.
        """
        columns = (
            [r.topic for r in records],
            [partition_of(r.key, self._partitions[r.topic]) for r in records],
            [r.key for r in records],
            [r.value for r in records],
            [json.dumps(dict(r.headers)) for r in records],
        )
        if self._fence is None:
            await self._pool.execute(_PUBLISH, *columns)
        else:
            async with self._pool.acquire() as connection, connection.transaction():
                if not await connection.fetchval(_UNFENCED, *self._fence):
                    raise ProducerFencedError(self._fence[0])
                await connection.execute(_PUBLISH, *columns)
        self._tailer.hint()

    async def close(self) -> None:
        """Nothing is held."""
