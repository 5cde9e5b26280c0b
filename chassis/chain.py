"""The causal chain: the part of a story that one service knows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from chassis.feed.cursor import Step
from chassis.feed.follower import Follower
from chassis.store import Store, Stored

MOST = 500

_LINK = text(
    "insert into feed.chain (event_id, correlation_id, position) "
    "select * from unnest(cast(:events as uuid[]), cast(:stories as uuid[]), "
    "cast(:positions as bigint[])) on conflict do nothing"
)
_STORY = """
select e.* from feed.chain c join store.event e on e.position = c.position
where c.correlation_id = $1 order by c.position limit $2
"""


class Chain(Follower):
    """Indexes every event by the story it belongs to."""

    rest_seconds = 0.05

    def __init__(self) -> None:
        super().__init__("chain")

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Index *batch*, with the checkpoint in one transaction."""
        async with step.engine.begin() as connection:
            await connection.execute(
                _LINK,
                {
                    "events": [stored.event_id for stored in batch],
                    "stories": [stored.meta.correlation_id for stored in batch],
                    "positions": [stored.position for stored in batch],
                },
            )
            await step.done(connection)


async def story(store: Store, correlation_id: UUID) -> list[Stored[Any]]:
    """Return this service's events of one story, in order; at most 500."""
    rows = await store.pool.fetch(_STORY, correlation_id, MOST)
    return [await store.decode(row) for row in rows]
