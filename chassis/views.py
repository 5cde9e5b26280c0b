"""Reading the read models, and waiting for one's own write to be in them."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.projection import Projection
from chassis.store import Position
from chassis.store.shards import SHARDS

WAIT_SECONDS = 2.0
POLL_SECONDS = 0.01

_REACHED = text("select shard, position from feed.checkpoint where name = :name")

_AHEAD = text(
    "select s as shard, max(e.position) as position from generate_series(0, :last) s "
    "left join feed.checkpoint c on c.name = :name and c.shard = s "
    "join store.event e on e.shard = s and e.position > coalesce(c.position, 0) group by s"
).bindparams(last=SHARDS - 1)


class NotYetError(Exception):
    """The read model has not reached the position that the reader asked for (HTTP 503)."""


class Views:
    """The read models of one service, for its doors."""

    def __init__(
        self, engine: AsyncEngine, epoch: str, projections: Sequence[Projection]
    ) -> None:
        self._engine = engine
        self._epoch = epoch
        self.projections = {projection.name: projection for projection in projections}

    @asynccontextmanager
    async def reading(
        self,
        projection: Projection,
        after: Position | None = None,
        *,
        complete: bool = False,
    ) -> AsyncIterator[AsyncConnection]:
        """Open *projection* for queries, once it has reached *after*.

        With *complete* it must have reached everything that is stored now: for whoever acts
        on what is not there. Raises `NotYetError` when that takes more than two seconds.
        """
        if complete:
            after = await self._ahead(projection)
        if after is not None:
            await self._wait(projection, after)
        async with self._engine.connect() as plain:
            yield await plain.execution_options(
                schema_translate_map={None: projection.schema}
            )

    async def _ahead(self, projection: Projection) -> Position:
        async with self._engine.connect() as connection:
            rows = await connection.execute(_AHEAD, {"name": projection.follower})
            return Position(self._epoch, tuple((row.shard, row.position) for row in rows))

    async def _wait(self, projection: Projection, after: Position) -> None:
        if after.epoch != self._epoch:
            raise NotYetError("the position is of another history: read without it")
        until = time.monotonic() + WAIT_SECONDS
        while True:
            async with self._engine.connect() as connection:
                rows = await connection.execute(_REACHED, {"name": projection.follower})
                reached = {row.shard: row.position for row in rows}
            if all(reached.get(shard, 0) >= position for shard, position in after.shards):
                return
            if time.monotonic() > until:
                raise NotYetError("the list is not up to date yet: try again in a moment")
            await asyncio.sleep(POLL_SECONDS)
