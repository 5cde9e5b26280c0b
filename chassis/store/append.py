"""The call of the append function: what a command decided, in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from uuid import UUID

import asyncpg

from chassis.codec import Encoded
from chassis.store.cause import OUTCOME, Cause, Executed, Outcome, Position
from chassis.store.errors import DifferentRequestError, ForgottenCommandError
from chassis.store.stored import META, Meta

STALE = "SN412"
EVENT_ID = "event_event_id_key"

APPEND_MANY = (
    "select verdict, request_hash, outcome, shards, positions from store.append_many_v1("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
)
APPEND = "select * from store.append_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"


class Querying(Protocol):
    """A pool or a connection of asyncpg: both fetch alike."""

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """Fetch one row."""
        ...

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Fetch rows."""
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


@dataclass(frozen=True, slots=True)
class Decided:
    """What one command decided on its one stream."""

    staged: Staged
    cause: Cause
    outcome: Outcome


Appended: TypeAlias = Executed | Exception | None


async def append_each(
    db: Querying, decided: Sequence[Decided], epoch: str
) -> Sequence[Appended]:
    """Append what each command decided, in one round trip: no two on the same stream.

    Instead of what a command did stands the error that `append` would have raised, or None:
    somebody is changing its stream, which `append` would wait for.
    """
    if len(decided) == 1:
        (one,) = decided
        return [await append(db, [one.staged], one.cause, one.outcome, epoch)]
    events = [
        (n, number, *event)
        for n, d in enumerate(decided, 1)
        for number, event in enumerate(
            zip(d.staged.event_ids, d.staged.events, d.staged.metas, strict=True), 1
        )
    ]
    rows = await db.fetch(
        APPEND_MANY,
        [d.cause.command_id for d in decided],
        [d.cause.request_hash for d in decided],
        [OUTCOME.dump_json(d.outcome).decode() for d in decided],
        [d.staged.stream_id for d in decided],
        [d.staged.expected for d in decided],
        [len(d.staged.events) for d in decided],
        [n for n, *_ in events],
        [number for _, number, *_ in events],
        [event_id for _, _, event_id, _, _ in events],
        [e.type for *_, e, _ in events],
        [e.schema_version for *_, e, _ in events],
        [e.data for *_, e, _ in events],
        [META.dump_json(meta) for *_, meta in events],
    )
    return [_appended(row, d, epoch) for row, d in zip(rows, decided, strict=True)]


def _appended(row: asyncpg.Record, decided: Decided, epoch: str) -> Appended:
    match row["verdict"]:
        case "appended":
            position = _position(row, epoch)
            return Executed(outcome=decided.outcome, position=position, repeated=False)
        case "repeated":
            try:
                return executed(row, decided.cause, epoch, repeated=True)
            except DifferentRequestError as error:
                return error
        case "busy":
            return None
        case _:
            return StaleStreamError()


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
    return Executed(
        outcome=OUTCOME.validate_json(row["outcome"]),
        position=_position(row, epoch),
        repeated=repeated,
    )


def _position(row: asyncpg.Record, epoch: str) -> Position:
    reached: dict[int, int] = {}
    for shard, position in zip(row["shards"] or (), row["positions"] or (), strict=True):
        reached[shard] = max(position, reached.get(shard, 0))
    return Position(epoch, tuple(sorted(reached.items())))
