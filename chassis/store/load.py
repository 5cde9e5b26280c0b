"""Reading one stream: folded from its events, or from a snapshot and what came after it.

The stored outcome of the command at hand comes in the same query, so that a repeat is
answered in one round trip and before anything is decided.
"""

import inspect
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from chassis.codec import Codec
from chassis.domain import Category, Event
from chassis.store.stored import META, Meta

A = TypeVar("A")
E = TypeVar("E", bound=Event)

SNAPSHOT_EVERY = 200

OUTCOME_OF = """
select c.request_hash, c.outcome,
    (select array_agg(e.shard order by e.position) from store.event e
     where e.event_id = any (c.event_ids)) as shards,
    (select array_agg(e.position order by e.position) from store.event e
     where e.event_id = any (c.event_ids)) as positions
from store.command c where c.command_id = $1
"""

# A limit that the planner cannot know has it read the index in order: what lies behind a
# snapshot it takes for a third of the stream, and of one with a very long history it would
# rather read the whole table.
LOAD = """
with snapshot as (
    select version, data from store.snapshot
    where stream_id = {stream} and state_schema = {schema}
)
select 0 as kind, s.version, null::uuid as event_id, null::text as type, 0 as schema_version,
       s.data, null::bytea as meta, null::bytea as request_hash, null::text as outcome,
       null::smallint[] as shards, null::bigint[] as positions
from snapshot s
union all
select 1, 0, null, null, 0, null, null, c.request_hash, c.outcome, c.shards, c.positions
from ({outcome}) c
union all
(select 2, e.version, e.event_id, e.type, e.schema_version, e.data, e.meta,
        null, null, null, null
 from store.event e
 where e.stream_id = {stream} and e.version >= coalesce((select version from snapshot), 0)
 order by e.version limit (select 9223372036854775807))
"""
LOAD_ONE = LOAD.format(stream="$2", schema="$3", outcome=OUTCOME_OF)
LOAD_MANY = f"""
select a.n, r.* from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality
    as a (command_id, stream_id, state_schema, n)
cross join lateral ({
    LOAD.format(
        stream="a.stream_id",
        schema="a.state_schema",
        outcome=OUTCOME_OF.replace("$1", "a.command_id"),
    )
}) r
order by a.n, r.kind, r.version
"""  # noqa: S608 all are constants of ours

SNAPSHOT = """
insert into store.snapshot as s (stream_id, version, state_schema, data) values ($1, $2, $3, $4)
on conflict (stream_id) do update
set version = excluded.version, state_schema = excluded.state_schema, data = excluded.data
where s.version < excluded.version or s.state_schema <> excluded.state_schema
"""


Rows: TypeAlias = Sequence[asyncpg.Record]


@dataclass(frozen=True, slots=True)
class Asked:
    """A stream to read, and the command whose outcome is wanted with it."""

    stream_id: str
    state_schema: str
    command_id: UUID | None


class Reading(Protocol):
    """Where streams are read."""

    async def read(self, asked: Asked) -> Rows:
        """Return what is stored of one stream."""
        ...


class Fetching(Protocol):
    """A pool or a connection of asyncpg."""

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Fetch rows."""
        ...

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""
        ...


@dataclass(slots=True)
class Loaded(Generic[A]):
    """A stream as it is now: its state, its version, and the last event behind it."""

    state: A
    version: int
    last_event_id: UUID | None
    last_meta: Meta | None
    command: asyncpg.Record | None
    since_snapshot: int


async def load_rows(db: Fetching, asked: Sequence[Asked]) -> Sequence[Rows]:
    """Return what is stored of each that is asked for, in one round trip."""
    if len(asked) == 1:
        (a,) = asked
        return [await db.fetch(LOAD_ONE, a.command_id, a.stream_id, a.state_schema)]
    found: list[list[asyncpg.Record]] = [[] for _ in asked]
    given = (
        [a.command_id for a in asked],
        [a.stream_id for a in asked],
        [a.state_schema for a in asked],
    )
    for row in await db.fetch(LOAD_MANY, *given):
        found[row["n"] - 1].append(row)
    return found


class Loader(Generic[A, E]):
    """Loads the streams of one category."""

    def __init__(self, category: Category[Any, Any, E], codec: Codec[E]) -> None:
        self._category = category
        self._codec = codec
        # A state may repeat what an event said of a person, and would outlive their key.
        self.snapshots = not codec.personal
        self._states: TypeAdapter[A] = TypeAdapter(type(category.initial))
        # Either a new shape or a new way to fold makes the old snapshots worthless.
        folding = inspect.getsource(sys.modules[type(category.initial).__module__])
        shape = f"{self._states.json_schema()}{folding}"
        self._state_schema = sha256(shape.encode()).hexdigest()[:16]

    async def load(
        self, reading: Reading, stream_id: str, command_id: UUID | None
    ) -> Loaded[A]:
        """Return *stream_id* as it is, with the row of *command_id* where there is one."""
        rows = await reading.read(Asked(stream_id, self._state_schema, command_id))
        state, folded = self._category.initial, 0
        command = last = None
        for row in rows:
            if row["kind"] == 0:
                state, folded = self._states.validate_json(row["data"]), row["version"]
            elif row["kind"] == 1:
                command = row
            else:
                last = row
                if row["version"] > folded:
                    event = await self._codec.decode(
                        row["type"],
                        row["schema_version"],
                        row["data"],
                        stream_id,
                        row["version"],
                    )
                    state = state.evolve(event)
        version = last["version"] if last else 0
        return Loaded(
            state=state,
            version=version,
            last_event_id=last["event_id"] if last else None,
            last_meta=META.validate_json(last["meta"]) if last else None,
            command=command,
            since_snapshot=version - folded,
        )

    async def snapshot(self, db: Fetching, stream_id: str, state: A, version: int) -> None:
        """Remember *state*, so that the next load reads only what comes after *version*."""
        data = self._states.dump_json(state)
        await db.execute(SNAPSHOT, stream_id, version, self._state_schema, data)
