"""How far a follower has read, and on which proof that rests.

A crash of PostgreSQL takes back positions that were drawn and not committed; they are drawn
again afterwards. Whoever had passed over them must not go on from there. So a cursor beyond
its stored checkpoint is only used through sessions that were there when it was proved: had
the server crashed since, they would be gone.
"""

import math
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.codec import UnknownTypeError
from chassis.database import Session
from chassis.feed.lease import Lease, move
from chassis.feed.tailer import Final, Tailer
from chassis.store import Store, Stored

# Positions first, from the index alone: a row is fetched once it is known to be of the batch.
# The inner limit is one the planner cannot know, so that it reads the index in order and
# stops, whatever it believes of a table that grew since it was last analysed.
READ = """
select e.* from (
    select p.position from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as t (shard, after, upto)
    cross join lateral (
        select e.position from store.event e
        where e.shard = t.shard and e.position > t.after and e.position <= t.upto
        order by e.position limit (select $4::bigint)
    ) p
    order by p.position limit $4
) p
join store.event e using (position)
order by e.position
"""


class StaleProofError(Exception):
    """The database was reached anew since the proof: start again from the checkpoint."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in each shard. *since*: sessions younger than that must not rely on it."""

    positions: Mapping[int, int]
    since: float = math.inf

    def behind(self, finals: Sequence[Final | None]) -> bool | None:
        """Say whether anything of *finals* lies ahead; None while that is not proved."""
        if None in finals:
            return None
        return any(
            final and final.position > self.positions[s] for s, final in enumerate(finals)
        )


async def read(
    store: Store, tailer: Tailer, cursor: Cursor, most: int
) -> tuple[list[Stored[Any]], Cursor]:
    """Return what is final after *cursor*, at most *most* events, and the cursor behind it.

    Raises `StaleProofError`, and `UnknownTypeError` where the first event is of a newer program.
    """
    async with store.pool.acquire() as connection:
        born = _born(connection)
        if born > cursor.since:
            raise StaleProofError
        upto, since = dict(cursor.positions), cursor.since
        for shard, reached in cursor.positions.items():
            final = tailer.final(shard)
            if final is not None and final.since >= born and final.position > reached:
                upto[shard], since = final.position, min(since, final.since)
        ahead = [
            shard for shard, reached in cursor.positions.items() if upto[shard] > reached
        ]
        if not ahead:
            return [], cursor
        begin = [cursor.positions[shard] for shard in ahead]
        rows = await connection.fetch(READ, ahead, begin, [upto[s] for s in ahead], most)
    batch: list[Stored[Any]] = []
    for row in rows:
        try:
            batch.append(await store.decode(row))
        except UnknownTypeError:
            if not batch:
                raise
            break
    if batch:
        store.past.saw(batch[-1].position, batch[-1].event_id)
    if len(batch) < len(rows) or len(rows) == most:
        last = batch[-1].position
        upto = {s: max(cursor.positions[s], min(at, last)) for s, at in upto.items()}
    return batch, Cursor(upto, since)


class Step:
    """One batch's way from a stored checkpoint to the next."""

    def __init__(
        self, engine: AsyncEngine, lease: Lease, before: Mapping[int, int], after: Cursor
    ) -> None:
        self.engine = engine
        self.lease = lease
        self.moved = False
        self._before = before
        self._after = after

    @property
    def moves(self) -> bool:
        """Whether there is anything to move over."""
        return self._after.positions != self._before

    @asynccontextmanager
    async def reserved(self) -> AsyncIterator[AsyncConnection]:
        """Hold a session for `done`, while something is done that cannot be taken back.

        Raises `StaleProofError` before that, instead of after it. No transaction is open yet.
        """
        async with self.engine.connect() as connection:
            await self._expect_older(connection)
            yield connection

    async def done(self, connection: AsyncConnection | None = None) -> None:
        """Move the checkpoint, in the transaction of *connection* or in one of its own.

        Raises `LeaseLostError`, and `StaleProofError` when the session is younger than the
        proof that the batch was complete.
        """
        if connection is None:
            async with self.engine.begin() as own:
                await self.done(own)
            return
        await self._expect_older(connection)
        await move(connection, self.lease, self._before, self._after.positions)
        self.moved = True

    async def _expect_older(self, connection: AsyncConnection) -> None:
        session = (await connection.get_raw_connection()).driver_connection
        if _born(session) > self._after.since:
            raise StaleProofError


def _born(connection: Any) -> float:
    session = getattr(connection, "_con", connection)  # what the pool's proxy stands for
    return session.born if isinstance(session, Session) else time.monotonic()
