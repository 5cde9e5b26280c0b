"""One history: a store whose past others have seen must not go on as if it had another.

A restored backup or an asynchronous promotion hands out positions again. Start-up refuses
when the database or the log shows it, a running process when it knows better itself
(`chassis.past`); `shuniu admin new-epoch` resolves it.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from chassis.log import Log
from chassis.past import DivergedError

_BEHIND = """
select s.last_value, coalesce((select max(position) from store.event), 0) as stored,
       coalesce((select max(position) from feed.checkpoint), 0) as followed,
       (select epoch from store.store) as epoch
from store.event_position_seq s
"""
_OFFSETS = """
select topic, partition, next, resets from feed.consumer_offset where consumer = $1
"""
_NEW_EPOCH = """
update store.store set epoch = gen_random_uuid() returning epoch
"""


async def expect_one_history(pool: "asyncpg.Pool[asyncpg.Record]") -> str:
    """Return the store's epoch. Raises `DivergedError`."""
    row = await pool.fetchrow(_BEHIND)
    if row is None:
        raise DivergedError("there is no store here: run `shuniu migrate` first")
    if row["stored"] > row["last_value"]:
        raise DivergedError(
            f"the sequence is at {row['last_value']}, behind event {row['stored']}: "
            "a backup was restored wrongly; run `shuniu admin new-epoch`"
        )
    if row["followed"] > row["last_value"]:
        raise DivergedError(
            f"a follower has seen position {row['followed']}, the store ends at "
            f"{row['last_value']}: this is an older copy; run `shuniu admin new-epoch`"
        )
    return str(row["epoch"])


async def expect_log_to_agree(
    pool: "asyncpg.Pool[asyncpg.Record]",
    log: Log,
    topics: Sequence[str],
    source: str,
    epoch: str,
) -> None:
    """Refuse to go on where the log has told others of events that the store lacks.

    Records of an earlier epoch are history that an operator has settled. Raises `DivergedError`.
    """
    told = [
        UUID(record.headers["ce_id"])
        for record in await log.lasts(topics)
        if record.headers.get("ce_source") == source
        and record.headers.get("ce_epoch") == epoch
    ]
    known = await pool.fetchval(
        "select count(*) from store.event where event_id = any($1)", told
    )
    if known < len(told):
        raise DivergedError(
            f"{len(told) - known} of the last events in the log are not in the store: "
            "an older copy of the database was restored; run `shuniu admin new-epoch`"
        )


def note_of(epoch: str, resets: int) -> str:
    """Return what the log is told beside an offset: of which past it is."""
    return f"{epoch}/{resets}"


async def expect_offsets_to_agree(
    pool: "asyncpg.Pool[asyncpg.Record]", log: Log, consumer: str, epoch: str
) -> None:
    """Refuse to go on where *consumer* was further than its store says. Raises `DivergedError`.

    That is how a service which tells no log of events is known by it. What was said under an
    earlier epoch, or before somebody set the consumer back on purpose, is settled.
    """
    told = await log.told(consumer)
    rows = await pool.fetch(_OFFSETS, consumer)
    behind = []
    for row in rows:
        offset, note = told.get((row["topic"], row["partition"]), (0, ""))
        if offset > row["next"] and note == note_of(epoch, row["resets"]):
            behind.append(f"{row['topic']}/{row['partition']}")
    if behind:
        raise DivergedError(
            f"{consumer} had read further in {behind[0]} than the store says: an older copy "
            "of the database was restored; run `shuniu admin new-epoch`"
        )


async def new_epoch(connection: asyncpg.Connection) -> str:
    """Declare the store's present past to be the true one, as its owner; return the epoch.

    The sequence moves past everything that anybody has seen, so that no position is given twice.
    """
    async with connection.transaction():
        await connection.execute(
            "select setval('store.event_position_seq', greatest("
            "(select last_value from store.event_position_seq), "
            "(select coalesce(max(position), 1) from store.event), "
            "(select coalesce(max(position), 1) from feed.checkpoint)))"
        )
        return str(await connection.fetchval(_NEW_EPOCH))
