"""Read models: brought up to date from the feed, rebuilt beside the old one, then swapped.

A projection's tables live in a schema of their own, `<name>_<version>`. Code of another
version reads and writes another schema, so two versions run side by side.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.feed.lease import Lease, UnknownFollowerError, move
from chassis.rows import Rows
from chassis.store import Stored

Project = Callable[[Any, Rows], Awaitable[None]]
ProjectStored = Callable[[Stored[Any], Rows], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One read model: its tables, and what each category's events do to them.

    A category that is not named in *project* does not concern it. Where the tables name the
    event itself, its id or its moment, the category is named in *project_stored* instead. A
    new *version* is built from the store's beginning; the tables need no migrations.
    """

    name: str
    version: int
    tables: MetaData
    project: Mapping[str, Project] = field(default_factory=dict)
    project_stored: Mapping[str, ProjectStored] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        """The schema that readers see."""
        return f"{self.name}_{self.version}"

    @property
    def follower(self) -> str:
        """The name under which it follows the feed."""
        return f"projection:{self.schema}"


class Projecting(Follower):
    """Follows the feed for one projection: batch, view and checkpoint in one transaction."""

    rest_seconds = 0.025

    def __init__(self, projection: Projection, schema: str | None = None) -> None:
        self.projection = projection
        self.schema = schema or projection.schema
        super().__init__(f"projection:{self.schema}")

    async def start(self, feed: Feed) -> None:
        """Make the tables where there are none."""
        async with within(feed.engine, self.schema) as connection:
            await connection.execute(text(f'create schema if not exists "{self.schema}"'))
            await connection.run_sync(self.projection.tables.create_all)

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Apply *batch*; nothing of it stays when any of it fails."""
        async with within(step.engine, self.schema) as connection:
            rows = Rows(connection, self.schema)
            for stored in batch:
                project = self.projection.project.get(stored.category)
                if project is not None:
                    await project(stored.event, rows)
                project_stored = self.projection.project_stored.get(stored.category)
                if project_stored is not None:
                    await project_stored(stored, rows)
            await rows.written()
            await step.done(connection)


class Rebuilt(Exception):  # noqa: N818 no error: it ends the rebuild's following
    """The new view has taken the old one's place."""


class Rebuilding(Projecting):
    """Builds a projection anew in shadow tables, and swaps when it has caught up.

    Resumable: its checkpoint is kept like any other. The old tables stay in
    `<schema>_old` until the next rebuild.
    """

    registers = False
    rest_seconds = 0.0  # so that it comes before whom it replaces, who rests

    def __init__(self, projection: Projection) -> None:
        super().__init__(projection, f"{projection.schema}_next")

    async def run(self, feed: Feed) -> None:
        """Follow until the swap."""
        try:
            await super().run(feed)
        except Rebuilt:
            return

    async def _stumbled(self, feed: Feed, lease: Lease | None, error: Exception) -> None:
        if isinstance(error, Rebuilt | UnknownFollowerError):
            raise Rebuilt from error  # by us, or by whom we waited for
        await super()._stumbled(feed, lease, error)

    async def caught_up(self, feed: Feed) -> None:
        """Swap, unless the old view is further than this one."""
        live, old = self.projection.schema, f"{self.projection.schema}_old"
        async with feed.engine.begin() as connection:
            rows = await connection.execute(_LIVE, {"name": self.projection.follower})
            behind = {row.shard: row.position for row in rows}
            if any(self.cursor[shard] < position for shard, position in behind.items()):
                return
            own = await connection.execute(_LIVE, {"name": self.name})
            await move(
                connection, self.lease, {r.shard: r.position for r in own}, self.cursor
            )
            for statement in (
                f'drop schema if exists "{old}" cascade',
                f'alter schema "{live}" rename to "{old}"',
                f'alter schema "{self.schema}" rename to "{live}"',
            ):
                await connection.execute(text(statement))
            names = {"name": self.projection.follower, "shadow": self.name}
            await connection.execute(_TAKE_OVER, names)
            await connection.execute(_FENCE, names)
            await connection.execute(_DISCARD, names)
        raise Rebuilt


_LIVE = text("select shard, position from feed.checkpoint where name = :name for update")
_TAKE_OVER = text(
    "update feed.checkpoint live set position = shadow.position, lease_epoch = -1 "
    "from feed.checkpoint shadow "
    "where live.name = :name and shadow.name = :shadow and live.shard = shadow.shard"
)
_FENCE = text("update feed.follower set lease_until = '-infinity' where name = :name")
_DISCARD = text("delete from feed.follower where name = :shadow")


async def begin_rebuild(engine: AsyncEngine, projection: Projection) -> bool:
    """Start a rebuild from the store's beginning; False when one is under way already."""
    shadow = f"{projection.schema}_next"
    async with engine.begin() as connection:
        started = await connection.execute(
            text("insert into feed.follower (name) values (:name) on conflict do nothing"),
            {"name": f"projection:{shadow}"},
        )
        if started.rowcount:
            await connection.execute(text(f'drop schema if exists "{shadow}" cascade'))
        return bool(started.rowcount)


@asynccontextmanager
async def within(engine: AsyncEngine, schema: str) -> AsyncIterator[AsyncConnection]:
    """Open a transaction in which a projection's tables are those of *schema*."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(schema_translate_map={None: schema})
        async with connection.begin():
            yield connection
