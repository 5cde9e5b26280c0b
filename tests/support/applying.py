"""A follower that writes what it applies to a table, in the transaction of its checkpoint."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from chassis.feed.cursor import Step
from chassis.feed.follower import Follower
from chassis.store import Store, Stored
from tests.support.service import ServiceDatabase
from tests.support.writers import new_stream, raise_counters

# Without a key: whoever applies an event twice is found out.
TABLE = "create table applied (position bigint); grant all on applied to shuniu_{name}"
APPLY = text("insert into applied select unnest(cast(:positions as bigint[]))")


class Applying(Follower):
    """Writes the position of every event it applies."""

    batch_size = 20

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Apply *batch* and move on, in one transaction."""
        async with step.engine.begin() as connection:
            await connection.execute(APPLY, {"positions": [s.position for s in batch]})
            await self.before_moving_on()
            await step.done(connection)

    async def before_moving_on(self) -> None:
        """Do what a test wants done in the middle of a batch."""


async def applied(database: ServiceDatabase) -> list[int]:
    """Return what was applied, each position as often as it was."""
    rows = await database.owner.fetch("select position from applied order by 1")
    return [row["position"] for row in rows]


async def has_applied(database: ServiceDatabase, expected: list[int]) -> bool:
    """Say whether exactly *expected* was applied."""
    return await applied(database) == expected


async def write(store: Store, count: int, by: int = 1) -> list[int]:
    """Append *by* events to each of *count* new streams; return all positions so far."""
    for _ in range(count):
        await raise_counters(store.pool, store, {new_stream(): 0}, by)
        store.appended.set()
    rows = await store.pool.fetch("select position from store.event order by 1")
    return [row["position"] for row in rows]
