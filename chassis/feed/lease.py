"""Who follows, and how far they got: checkpoints moved under a lease.

A lease is fenced by its epoch: an owner that was replaced, or thawed, moves nothing any
more. Lease times are the database's own, so no clock of a process matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.store.shards import SHARDS

LEASE_SECONDS = 5.0

_REGISTER = text("insert into feed.follower (name) values (:name) on conflict do nothing")
_KNOWN = text("select 1 from feed.follower where name = :name for share")
_SHARDS = text(
    "insert into feed.checkpoint (name, shard, position) "
    "select :name, s, 0 from generate_series(0, :last) s on conflict do nothing"
)
_ACQUIRE = text(
    "update feed.follower set lease_epoch = lease_epoch + 1, owner = :owner, "
    "lease_until = clock_timestamp() + make_interval(secs => :seconds) "
    "where name = :name and not paused and (lease_until < clock_timestamp() or owner = :owner) "
    "returning lease_epoch"
)
_FENCE = text(
    "update feed.checkpoint set lease_epoch = :epoch where name = :name returning shard, position"
)
_RENEW = text(
    "update feed.follower set lease_until = clock_timestamp() + make_interval(secs => :seconds) "
    "where name = :name and lease_epoch = :epoch and not paused"
)
_RELEASE = text(
    "update feed.follower set lease_until = '-infinity' where name = :name and lease_epoch = :epoch"
)
_MOVE = text(
    "update feed.checkpoint c set position = t.after "
    "from unnest(cast(:shards as smallint[]), cast(:before as bigint[]), cast(:after as bigint[])) "
    "  as t (shard, before, after) "
    "where c.name = :name and c.shard = t.shard and c.position = t.before and c.lease_epoch = :epoch"
)
_FAILED = text(
    "update feed.follower set error = :error where name = :name and (lease_epoch = :epoch "
    "or cast(:epoch as bigint) is null and lease_until < clock_timestamp())"
)


class UnknownFollowerError(Exception):
    """Nobody follows under this name: what it followed for is done."""


class LeaseLostError(Exception):
    """Somebody else follows under this name now, or an operator paused it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to move one follower's checkpoints, and where they stood when it was taken."""

    name: str
    epoch: int
    checkpoint: Mapping[int, int]


async def acquire(
    engine: AsyncEngine, name: str, owner: str, *, register: bool = True
) -> Lease | None:
    """Take the lease of *name*, or return None while another owner has it or it is paused.

    Without *register* a name that nobody registered raises `UnknownFollowerError`.
    """
    async with engine.begin() as connection:
        if register:
            await connection.execute(_REGISTER, {"name": name})
        elif (await connection.execute(_KNOWN, {"name": name})).first() is None:
            raise UnknownFollowerError(name)
        await connection.execute(_SHARDS, {"name": name, "last": SHARDS - 1})
        given = {"name": name, "owner": owner, "seconds": LEASE_SECONDS}
        epoch = (await connection.execute(_ACQUIRE, given)).scalar()
        if epoch is None:
            return None
        rows = await connection.execute(_FENCE, {"name": name, "epoch": epoch})
        return Lease(name, epoch, {row.shard: row.position for row in rows})


async def renew(engine: AsyncEngine, lease: Lease) -> None:
    """Keep the lease for another while. Raises `LeaseLostError`."""
    async with engine.begin() as connection:
        given = {"name": lease.name, "epoch": lease.epoch, "seconds": LEASE_SECONDS}
        if (await connection.execute(_RENEW, given)).rowcount != 1:
            raise LeaseLostError(lease.name)


async def release(engine: AsyncEngine, lease: Lease) -> None:
    """Give the lease back, so that a successor need not wait."""
    async with engine.begin() as connection:
        await connection.execute(_RELEASE, {"name": lease.name, "epoch": lease.epoch})


async def move(
    connection: AsyncConnection,
    lease: Lease,
    before: Mapping[int, int],
    after: Mapping[int, int],
) -> None:
    """Move the checkpoints of the shards that differ, in the caller's transaction.

    Raises `LeaseLostError` when one of them was not where the caller left it: then somebody
    else moved it, and what the caller did must roll back.
    """
    shards = [shard for shard in after if after[shard] != before[shard]]
    if not shards:
        return
    moved = await connection.execute(
        _MOVE,
        {
            "name": lease.name,
            "epoch": lease.epoch,
            "shards": shards,
            "before": [before[shard] for shard in shards],
            "after": [after[shard] for shard in shards],
        },
    )
    if moved.rowcount != len(shards):
        raise LeaseLostError(lease.name)


async def failed(
    engine: AsyncEngine, name: str, lease: Lease | None, error: str | None
) -> None:
    """Note why *name* stands still, or with None that it goes again.

    Whoever had *lease*, and was replaced, has nothing to say any more; nor has somebody
    without one while another has it.
    """
    given = {"name": name, "error": error, "epoch": lease.epoch if lease else None}
    async with engine.begin() as connection:
        await connection.execute(_FAILED, given)
