"""The inbox: which public events this consumer has had. A repeat changes nothing."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.log import Received

Known = tuple[str, str]
"""(source, id): what makes a public event the same one."""

_TAKE = text(
    "insert into feed.inbox (consumer, source, id) "
    "select :consumer, s, i from unnest(cast(:sources as text[]), cast(:ids as text[])) as t (s, i) "
    "on conflict do nothing returning source, id"
)
_HAD = text(
    "select source, id from feed.inbox where consumer = :consumer and (source, id) in "
    "(select s, i from unnest(cast(:sources as text[]), cast(:ids as text[])) as t (s, i))"
)
_FORGET = text(
    "delete from feed.inbox where received_on < current_date - cast(:days as integer)"
)
KEPT_DAYS = 90


def _given(consumer: str, events: Sequence[Known]) -> dict[str, object]:
    return {
        "consumer": consumer,
        "sources": [source for source, _ in events],
        "ids": [event_id for _, event_id in events],
    }


async def take(
    connection: AsyncConnection, consumer: str, events: Sequence[Known]
) -> frozenset[Known]:
    """Enter *events*, in the caller's transaction; return those that are new."""
    if not events:
        return frozenset()
    rows = await connection.execute(_TAKE, _given(consumer, events))
    return frozenset((row.source, row.id) for row in rows)


async def had(
    engine: AsyncEngine, consumer: str, events: Sequence[Known]
) -> frozenset[Known]:
    """Return those of *events* that were entered before."""
    if not events:
        return frozenset()
    async with engine.connect() as connection:
        rows = await connection.execute(_HAD, _given(consumer, events))
        return frozenset((row.source, row.id) for row in rows)


async def unhandled(
    engine: AsyncEngine, consumer: str, records: Sequence[Received]
) -> list[Received]:
    """Leave out repeats: what was handled once need not wait to be handled again."""
    named = {
        r.offset: (r.headers["ce_source"], r.headers["ce_id"])
        for r in records
        if r.headers.keys() >= {"ce_source", "ce_id"}
    }
    known = await had(engine, consumer, list(named.values()))
    return [r for r in records if named.get(r.offset) not in known]


async def forget(engine: AsyncEngine) -> None:
    """Drop what is older than any repeat can be: live topics keep 30 days."""
    async with engine.begin() as connection:
        await connection.execute(_FORGET, {"days": KEPT_DAYS})
