"""The call of the append function: what a command decided, in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import asyncpg

from chassis.codec import Encoded
from chassis.store.cause import OUTCOME, Cause, Executed, Outcome, Position
from chassis.store.errors import DifferentRequestError, ForgottenCommandError
from chassis.store.stored import META, Meta

STALE = "SN412"
EVENT_ID = "event_event_id_key"

APPEND = "select * from store.append_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"


class Querying(Protocol):
    """A pool or a connection of asyncpg: both fetch one row alike."""

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """Fetch one row."""
        ...


class StaleStreamError(Exception):
    """A stream had moved on when its events arrived. The caller decides what that means."""


@dataclass(slots=True)
class Staged:
    """The new events of one stream, encoded, behind the version they were decided on."""

    stream_id: str
    expected: int
    events: list[Encoded] = field(default_factory=list)
    metas: list[Meta] = field(default_factory=list)
    event_ids: list[UUID] = field(default_factory=list)


async def append(
    db: Querying, staged: Sequence[Staged], cause: Cause, outcome: Outcome, epoch: str
) -> Executed:
    """Append all of *staged* or nothing. A repeat of the command is answered, not redone.

    Raises `StaleStreamError` and `DifferentRequestError`.
    """
    streams = sorted((s for s in staged if s.events), key=lambda s: s.stream_id)
    flat = [
        (n, *e)
        for n, s in enumerate(streams, 1)
        for e in zip(s.event_ids, s.events, s.metas, strict=True)
    ]
    try:
        row = await db.fetchrow(
            APPEND,
            cause.command_id,
            cause.request_hash,
            OUTCOME.dump_json(outcome).decode(),
            [s.stream_id for s in streams],
            [s.expected for s in streams],
            [n for n, _, _, _ in flat],
            [event_id for _, event_id, _, _ in flat],
            [e.type for _, _, e, _ in flat],
            [e.schema_version for _, _, e, _ in flat],
            [e.data for _, _, e, _ in flat],
            [META.dump_json(meta) for _, _, _, meta in flat],
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != EVENT_ID:
            raise
        raise ForgottenCommandError(
            "this request was carried out long ago: read the item, then use a new key"
        ) from error
    except asyncpg.PostgresError as error:
        if error.sqlstate == STALE:
            raise StaleStreamError from error
        raise
    if row is None:
        raise AssertionError("the append function always answers with one row")
    return executed(row, cause, epoch, repeated=row["repeated"])


def executed(row: asyncpg.Record, cause: Cause, epoch: str, *, repeated: bool) -> Executed:
    """Read what a command did from its row. Raises `DifferentRequestError`."""
    if repeated and bytes(row["request_hash"]) != cause.request_hash:
        raise DifferentRequestError(
            "this Idempotency-Key was used for a different request: use a new key"
        )
    reached: dict[int, int] = {}
    for shard, position in zip(row["shards"] or (), row["positions"] or (), strict=True):
        reached[shard] = max(position, reached.get(shard, 0))
    return Executed(
        outcome=OUTCOME.validate_json(row["outcome"]),
        position=Position(epoch, tuple(sorted(reached.items()))),
        repeated=repeated,
    )
