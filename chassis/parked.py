"""Where records wait that could not be handled, in order behind their key, for an operator.

A poison record stops its key, never its partition: later records of the same key park
behind it, other keys flow. Parking and un-parking lock the key's row.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import asyncpg

ERROR_CHARACTERS = 500
LONGEST_KEY = 1_000

_PARK = """
insert into feed.parked (consumer, topic, partition, "offset", key, value, headers, error)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (consumer, topic, partition, "offset") do nothing
"""
_NEXT = """
select * from feed.parked where consumer = $1 and topic = $2 and key = $3
order by "offset" limit 1
"""
_LIST = """
select * from feed.parked where consumer = $1 and ($2::bigint is null or parked_id > $2)
order by parked_id limit $3
"""

_HAD = """
insert into feed.inbox (consumer, source, id)
select $1, h ->> 'ce_source', h ->> 'ce_id' from (select $2::jsonb as h) as waiting
where h ? 'ce_source' and h ? 'ce_id' on conflict do nothing
"""
_TRIED = "update feed.parked set attempts = attempts + 1 where parked_id = $1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A record as it waits."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes | None
    headers: Mapping[str, str]


Handle = Callable[[Waiting], Awaitable[None]]


class NothingParkedError(Exception):
    """There is no such parked record: somebody dealt with it already."""


class Parked:
    """The parked records of one consumer."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", consumer: str) -> None:
        self.pool = pool
        self.consumer = consumer

    async def keys(self, topic: str, among: Iterable[bytes]) -> frozenset[bytes]:
        """Return those keys of *among* whose records have to wait."""
        named = {_shelf(key): key for key in among}
        rows = await self.pool.fetch(
            "select key from feed.parked_key where consumer = $1 and topic = $2 and key = any($3)",
            self.consumer,
            topic,
            list(named),
        )
        return frozenset(named[row["key"]] for row in rows)

    async def park(self, waiting: Waiting, error: str) -> None:
        """Let *waiting* wait behind its key. Idempotent."""
        async with self.pool.acquire() as connection, connection.transaction():
            await park(connection, self.consumer, waiting, error)

    async def list(self, after: int | None = None, limit: int = 50) -> list[asyncpg.Record]:
        """Return parked records, oldest first."""
        rows: list[asyncpg.Record] = await self.pool.fetch(
            _LIST, self.consumer, after, limit
        )
        return rows

    async def retry(self, parked_id: int, handle: Handle) -> int:
        """Handle the record and everything that waits behind its key; return how many.

        Stops at the first that fails again: that one and the later ones keep waiting, and
        what it raised is raised. Raises `NothingParkedError`.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            first = await self._lock(connection, parked_id)
        given = (self.consumer, first["topic"], first["key"])
        done = 0
        while row := await self.pool.fetchrow(_NEXT, *given):
            try:
                await handle(_waiting(row))
            except Exception:
                await self.pool.execute(_TRIED, row["parked_id"])
                raise
            await self.skip(row["parked_id"])
            done += 1
        return done

    async def edit(self, parked_id: int, value: bytes) -> None:
        """Replace the record's value before a retry. Raises `NothingParkedError`."""
        changed = await self.pool.fetchval(
            "update feed.parked set value = $3 where consumer = $1 and parked_id = $2 returning 1",
            self.consumer,
            parked_id,
            value,
        )
        if changed is None:
            raise NothingParkedError(parked_id)

    async def skip(self, parked_id: int) -> None:
        """Drop one record, for good; its key flows again when nothing waits any more.

        Raises `NothingParkedError`.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            row = await self._lock(connection, parked_id)
            # Read again, from a topic's beginning for instance, it must not stop its key anew.
            await connection.execute(_HAD, self.consumer, row["headers"])
            await connection.execute(
                "delete from feed.parked where parked_id = $1", parked_id
            )
            await connection.execute(
                "delete from feed.parked_key k where consumer = $1 and topic = $2 and key = $3 "
                "and not exists (select from feed.parked p where p.consumer = k.consumer "
                "and p.topic = k.topic and p.key = k.key)",
                self.consumer,
                row["topic"],
                row["key"],
            )

    async def _lock(self, connection: Any, parked_id: int) -> asyncpg.Record:
        row: asyncpg.Record | None = await connection.fetchrow(
            "select p.* from feed.parked p join feed.parked_key k using (consumer, topic, key) "
            "where p.consumer = $1 and p.parked_id = $2 for update of k",
            self.consumer,
            parked_id,
        )
        if row is None:
            raise NothingParkedError(parked_id)
        return row


async def hold(
    connection: Any, consumer: str, topic: str, among: Iterable[bytes]
) -> frozenset[bytes]:
    """Return those keys of *among* that are parked; they stay so until the transaction ends."""
    named = {_shelf(key): key for key in among}
    rows = await connection.fetch(
        "select key from feed.parked_key where consumer = $1 and topic = $2 and key = any($3) "
        "order by key for update",
        consumer,
        topic,
        list(named),
    )
    return frozenset(named[row["key"]] for row in rows)


async def park(connection: Any, consumer: str, waiting: Waiting, error: str) -> None:
    """Park in the caller's transaction."""
    key = _shelf(waiting.key)
    await connection.execute(
        "insert into feed.parked_key (consumer, topic, key) values ($1, $2, $3) "
        "on conflict (consumer, topic, key) do update set key = excluded.key",
        consumer,
        waiting.topic,
        key,
    )
    await connection.execute(
        _PARK,
        consumer,
        waiting.topic,
        waiting.partition,
        waiting.offset,
        key,
        waiting.value,
        json.dumps({_plain(k): _plain(v) for k, v in waiting.headers.items()}),
        _plain(error)[:ERROR_CHARACTERS],
    )


def _shelf(key: bytes) -> bytes:
    """Return what *key* is parked under: a key too long for an index by its hash."""
    return key if len(key) <= LONGEST_KEY else b"sha256:" + sha256(key).digest()


def _plain(text: str) -> str:
    """Return *text* without what PostgreSQL cannot hold."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _waiting(row: asyncpg.Record) -> Waiting:
    return Waiting(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        key=row["key"],
        value=row["value"],
        headers=json.loads(row["headers"]),
    )
