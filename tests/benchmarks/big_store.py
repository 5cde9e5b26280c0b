"""A store of very many events, made where it lies: hashes, commands and streams as appends leave them.

`store.verify_v1` accepts it. Appending as many takes hours; this takes minutes.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from tests.benchmarks.by_hand import REMARK
from tests.benchmarks.figures import Tally

A_STATEMENT = 100_000  # so many events: what waits to be written stays small
STATEMENT_SECONDS = 1800.0
TABLES = ("store.event", "store.stream", "store.command", "feed.chain", "feed.timer")
EVENTS = """
with recursive item as (
    select n, i.id, 'counter-' || i.id as stream_id, store.shard_of('counter-' || i.id) as shard,
        convert_to('{"counter_id":"' || i.id || '","by":1,"remark":"' || $4 || '"}', 'UTF8') as data,
        c.id as story
    from generate_series($1::bigint + 1, $2) n
    cross join lateral (select md5('item ' || n)::uuid as id) i
    cross join lateral (select md5('command ' || n || ' 1')::uuid as id) c
), chained (n, version, event_id, command_id, meta, previous, hash) as (
    select i.n, e.version, e.event_id, e.command_id, e.meta, ''::bytea,
        store.hash_of(''::bytea, i.stream_id, e.version, e.event_id, 'counter.Raised', 1, i.data,
                      e.meta, now.stamp)
    from item i cross join now cross join lateral ({EVENT_1}) e
    union all
    select c.n, e.version, e.event_id, e.command_id, e.meta, c.hash,
        store.hash_of(c.hash, i.stream_id, e.version, e.event_id, 'counter.Raised', 1, i.data,
                      e.meta, now.stamp)
    from chained c join item i using (n) cross join now cross join lateral ({EVENT_N}) e
    where c.version < $3
), now as (
    select at, int8send((extract(epoch from at) * 1000000)::bigint) as stamp
    from (select clock_timestamp() as at offset 0) t
), streams as (
    insert into store.stream (stream_id, category, shard, version)
    select stream_id, 'counter', shard, $3 from item
), commands as (
    insert into store.command (command_id, request_hash, outcome, event_ids)
    select c.command_id, sha256(''), '{"item_id":"' || i.id || '","version":' || c.version
        || ',"facts":{}}', array[c.event_id]
    from chained c join item i using (n)
)
insert into store.event (shard, stream_id, version, event_id, type, schema_version, data, meta,
                         recorded_at, previous_hash, hash)
select i.shard, i.stream_id, c.version, c.event_id, 'counter.Raised', 1, i.data, c.meta,
    now.at, c.previous, c.hash
from chained c join item i using (n) cross join now
"""
EVENT = """
    select {version}::bigint as version, md5('event ' || i.n || ' ' || {version})::uuid as event_id,
        d.command_id, convert_to('{{"actor":"sun.li","occurred_at":"2025-04-25T04:00:00Z",'
        || '"correlation_id":"' || i.story || '","command_id":"' || d.command_id || '"}}', 'UTF8') as meta
    from (select md5('command ' || i.n || ' ' || {version})::uuid as command_id) d
"""
FILL = EVENTS.replace("{EVENT_1}", EVENT.format(version="1")).replace(
    "{EVENT_N}", EVENT.format(version="(c.version + 1)")
)
CHAIN = """
insert into feed.chain (event_id, correlation_id, position)
select event_id, (convert_from(meta, 'UTF8')::json ->> 'correlation_id')::uuid, position
from store.event where position > $1
"""
TIMERS = """
insert into feed.timer (stream_id, name, due_at, armed_by, armed_version)
select 'counter-' || md5('item ' || n)::uuid, 'due', timestamptz '2026-01-01' + n * interval '1 s',
    md5('event ' || n || ' ' || 1)::uuid, 1
from generate_series($1::bigint + 1, $2) n
"""


@dataclass(kw_only=True)
class BigStore:
    """The store of one database: so many items of *each* events, numbered from one."""

    owner: "asyncpg.Connection[asyncpg.Record]"
    each: int = 10
    items: int = 0

    @property
    def events(self) -> int:
        """How many events were filled in."""
        return self.items * self.each

    async def grow(self, events: int) -> None:
        """Let there be *events*: each item whole, with a timer armed; the statistics are new."""
        upto = -(-events // self.each)
        step = max(1, A_STATEMENT // self.each)
        async with self.owner.transaction():
            await self.owner.execute("set local work_mem = '256MB'")
            before = await self.owner.fetchval("select max(position) from store.event") or 0
            for first in range(self.items, upto, step):
                last = min(first + step, upto)
                await self.owner.execute(
                    FILL, first, last, self.each, REMARK, timeout=STATEMENT_SECONDS
                )
                await self.owner.execute(TIMERS, first, last)
            await self.owner.execute(CHAIN, before, timeout=STATEMENT_SECONDS)
        self.items = upto
        for table in TABLES:
            await self.owner.execute(f"vacuum analyze {table}", timeout=STATEMENT_SECONDS)

    async def verified(self) -> Tally:
        """Return every event there is, those whose hash or link is wrong as lost."""
        count = await self.owner.fetchval("select count(*) from store.event")
        faults = await self.owner.fetchval(
            "select count(*) from store.verify_v1()", timeout=STATEMENT_SECONDS
        )
        return Tally(expected=count, found=count, distinct=count - faults)

    async def item(self, n: int) -> UUID:
        """Return the *n*th item."""
        found: UUID = await self.owner.fetchval(
            "select md5('item ' || $1::bigint)::uuid", n
        )
        return found
