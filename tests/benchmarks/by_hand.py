"""The floor of appending: the same rows by hand, in one statement, and no promises kept.

Nothing is loaded, decided or compared; a repeat or a conflict is an error of the driver.
"""

import json
import struct
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import asyncpg

SHARDS = 16

ONE = """
with c as (insert into store.command (command_id, request_hash, outcome, event_ids)
           values ($1, $2, $3, array[$7::uuid])),
     s as (insert into store.stream (stream_id, category, shard, version)
           values ($4, 'counter', $5, 1))
insert into store.event (shard, stream_id, version, event_id, type, schema_version,
                         data, meta, recorded_at, previous_hash, hash)
values ($5, $4, 1, $7, 'counter.Raised', 1, $8, $9, $6, $10, $11)
"""
MANY = """
with c as (insert into store.command (command_id, request_hash, outcome, event_ids)
           values ($1, $2, $3, $7::uuid[])),
     s as (insert into store.stream (stream_id, category, shard, version)
           values ($4, 'counter', $5, cardinality($7::uuid[])))
insert into store.event (shard, stream_id, version, event_id, type, schema_version,
                         data, meta, recorded_at, previous_hash, hash)
select $5, $4, n, e, 'counter.Raised', 1, d, m, $6, p, h
from unnest($7::uuid[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[])
     with ordinality as t (e, d, m, p, h, n)
"""
REMARK = "请于五个工作日内逐库排查，列出隐患清单，明确责任人和整改时限，按时报送。" * 2
REQUEST = sha256(b"a request").digest()


async def insert(connection: Any, command_id: UUID, item_id: UUID, by: int) -> None:
    """Insert what one command of *by* events leaves behind."""
    now = datetime.now(UTC)  # noqa: TID251 a floor has no clock of ours
    stamp = struct.pack(">q", round(now.timestamp() * 1_000_000))
    stream_id = f"counter-{item_id}"
    outcome = _compact({"item_id": str(item_id), "version": by, "facts": {}})
    meta = _compact(
        {
            "actor": "sun.li",
            "occurred_at": now.isoformat(),
            "correlation_id": str(command_id),
            "command_id": str(command_id),
            "on_behalf_of": None,
            "causation_id": None,
            "traceparent": None,
        }
    ).encode()
    event = {"counter_id": str(item_id), "by": 1, "remark": REMARK}
    data = _compact(event).encode()
    hashes = [b""]
    event_ids = []
    for n in range(by):
        event_ids.append(uuid5(command_id, str(n)))
        hashes.append(
            _hash(hashes[n], (stream_id, n + 1), event_ids[n], (data, meta), stamp)
        )
    given = (command_id, REQUEST, outcome, stream_id, shard_of(stream_id), now)
    if by == 1:
        await connection.execute(ONE, *given, event_ids[0], data, meta, *hashes)
    else:
        each = ([data] * by, [meta] * by, hashes[:-1], hashes[1:])
        await connection.execute(MANY, *given, event_ids, *each)


async def connected(dsn: str, count: int) -> list["asyncpg.Connection[asyncpg.Record]"]:
    """Open sessions, one for each writer."""
    return [await asyncpg.connect(dsn) for _ in range(count)]


def shard_of(stream_id: str) -> int:
    """Return the shard as the store does: peers run this module where there is no chassis."""
    return sha256(stream_id.encode()).digest()[0] % SHARDS


def _hash(
    before: bytes,
    place: tuple[str, int],
    event: UUID,
    content: tuple[bytes, bytes],
    stamp: bytes,
) -> bytes:
    """Hash as `store.hash_of` does."""
    (stream_id, version), (data, meta) = place, content
    parts = (
        *(_sized(before), _sized(stream_id.encode()), struct.pack(">q", version)),
        *(event.bytes, _sized(b"counter.Raised"), struct.pack(">i", 1)),
        *(_sized(data), _sized(meta), stamp),
    )
    return sha256(b"".join(parts)).digest()


def _compact(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _sized(content: bytes) -> bytes:
    return struct.pack(">i", len(content)) + content
