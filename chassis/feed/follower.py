"""The one shape that everything which follows the feed has.

A follower has a name, a checkpoint per shard, and something to do with each batch. It
stops, visibly, on an exception; waits for a newer program on an event type it does not
know; tries again after connection errors; and starts from its stored checkpoint each time.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.codec import UnknownTypeError
from chassis.database import Session, retryable
from chassis.feed.lease import (
    LEASE_SECONDS,
    Lease,
    LeaseLostError,
    acquire,
    failed,
    move,
    release,
    renew,
)
from chassis.feed.tailer import Tailer
from chassis.store import Store, Stored
from chassis.store.shards import SHARDS

BATCH = 500
EMPTY_PERSIST_SECONDS = 1.0
RETRY_SECONDS = 1.0

READ = """
select e.* from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as t (shard, after, upto)
cross join lateral (
    select * from store.event e
    where e.shard = t.shard and e.position > t.after and e.position <= t.upto
    order by e.position limit $4
) e
order by e.position limit $4
"""

logger = structlog.get_logger(__name__)


class StaleProofError(Exception):
    """The database was reached anew since the proof: start again from the checkpoint."""


class Feed:
    """What a service's followers share: its store, its tailer, its engine, its owner name."""

    def __init__(
        self, store: Store, tailer: Tailer, engine: AsyncEngine, owner: str
    ) -> None:
        self.store = store
        self.tailer = tailer
        self.engine = engine
        self.owner = owner


class Follower(ABC):
    """Follows the feed. A subclass says what to do with a batch."""

    batch_size = BATCH
    idle_seconds = LEASE_SECONDS / 4
    registers = True
    lease: Lease
    cursor: dict[int, int]

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    async def handle(self, batch: Sequence[Stored[Any]], step: "Step") -> None:
        """Do the work of *batch*, then `await step.done(...)` once it is safe."""

    async def start(self, feed: Feed) -> None:
        """Prepare to follow under `self.lease`. Called each time the lease is taken."""

    async def caught_up(self, feed: Feed) -> None:
        """Everything final has been handled, up to `self.cursor`. Called whenever that is so."""

    async def run(self, feed: Feed) -> None:
        """Follow until cancelled."""
        while True:
            lease = None
            try:
                lease = await acquire(
                    feed.engine, self.name, feed.owner, register=self.registers
                )
                if lease is None:
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                await failed(feed.engine, self.name, None)
                self.lease = lease
                await self.start(feed)
                await self._follow(feed, lease)
            except StaleProofError:
                continue
            except LeaseLostError:
                logger.info("follower.replaced", follower=self.name)
                await asyncio.sleep(RETRY_SECONDS)
            except asyncio.CancelledError:
                if lease is not None:
                    await asyncio.shield(_release_quietly(feed.engine, lease))
                raise
            except Exception as error:  # noqa: BLE001 whatever it is, it must stop visibly
                await self._stumbled(feed, error)

    async def _stumbled(self, feed: Feed, error: Exception) -> None:
        if not retryable(error):
            waits = isinstance(error, UnknownTypeError)
            said = (
                f"{'waits for a newer program' if waits else type(error).__name__}: {error}"
            )
            logger.error("follower.stopped", follower=self.name, error=type(error).__name__)
            try:
                await failed(feed.engine, self.name, said[:500])
            except Exception as lost:  # noqa: BLE001 the database is away: say so, try again
                logger.warning("follower.unreachable", error=type(lost).__name__)
        await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, feed: Feed, lease: Lease) -> None:
        cursor = dict(lease.checkpoint)
        stored = dict(cursor)
        renewed = persisted = time.monotonic()
        while True:
            if time.monotonic() - renewed > LEASE_SECONDS / 3:
                await renew(feed.engine, lease)
                renewed = time.monotonic()
            batch, after, since = await self._read(feed, cursor)
            step = Step(feed.engine, lease, stored, after, since)
            if batch:
                await self.handle(batch, step)
                if not step.moved:
                    raise AssertionError(f"{self.name} left its batch without moving on")
                cursor = stored = after
                continue
            self.cursor = cursor = after
            await self.caught_up(feed)
            if time.monotonic() - persisted > EMPTY_PERSIST_SECONDS and cursor != stored:
                await step.done()
                stored, persisted = cursor, time.monotonic()
            if self._at_end(feed, cursor):
                await feed.tailer.advanced(self.idle_seconds)

    def _at_end(self, feed: Feed, cursor: dict[int, int]) -> bool:
        finals = ((shard, feed.tailer.final(shard)) for shard in range(SHARDS))
        return all(
            final is None or final.position <= cursor[shard] for shard, final in finals
        )

    async def _read(
        self, feed: Feed, cursor: dict[int, int]
    ) -> tuple[list[Stored[Any]], dict[int, int], float]:
        """Return what is final after *cursor*, the cursor behind it, and since when it is."""
        async with feed.store.pool.acquire() as connection:
            born, since = _born(connection), time.monotonic()
            upto = dict(cursor)
            for shard in range(SHARDS):
                final = feed.tailer.final(shard)
                # A session younger than the proof may not have seen a crash that voided it.
                if (
                    final is not None
                    and final.since >= born
                    and final.position > cursor[shard]
                ):
                    upto[shard] = final.position
                    since = min(since, final.since)
            ahead = [shard for shard in upto if upto[shard] > cursor[shard]]
            if not ahead:
                return [], cursor, since
            rows = await connection.fetch(
                READ,
                ahead,
                [cursor[shard] for shard in ahead],
                [upto[shard] for shard in ahead],
                self.batch_size,
            )
        batch: list[Stored[Any]] = []
        for row in rows:
            try:
                batch.append(await feed.store.decode(row))
            except UnknownTypeError:
                if not batch:
                    raise
                break
        if len(batch) < len(rows) or len(rows) == self.batch_size:
            last = batch[-1].position
            upto = {shard: max(cursor[shard], min(at, last)) for shard, at in upto.items()}
        return batch, upto, since


class Step:
    """One batch's way from a checkpoint to the next."""

    def __init__(
        self,
        engine: AsyncEngine,
        lease: Lease,
        before: dict[int, int],
        after: dict[int, int],
        since: float,
    ) -> None:
        self.engine = engine
        self.lease = lease
        self.moved = False
        self._before = before
        self._after = after
        self._since = since

    async def done(self, connection: AsyncConnection | None = None) -> None:
        """Move the checkpoint, in the transaction of *connection* or in one of its own.

        Raises `LeaseLostError`, and `StaleProofError` when the session is younger than the
        proof that the batch was complete.
        """
        if connection is None:
            async with self.engine.begin() as own:
                await self.done(own)
            return
        session = (await connection.get_raw_connection()).driver_connection
        if _born(session) > self._since:
            raise StaleProofError
        await move(connection, self.lease, self._before, self._after)
        self.moved = True


def _born(connection: Any) -> float:
    session = getattr(connection, "_con", connection)  # what the pool's proxy stands for
    return session.born if isinstance(session, Session) else time.monotonic()


async def _release_quietly(engine: AsyncEngine, lease: Lease) -> None:
    try:
        await release(engine, lease)
    except Exception as error:  # noqa: BLE001 the lease runs out by itself
        logger.debug("follower.release", error=type(error).__name__)
