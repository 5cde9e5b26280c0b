"""Writers who behave as badly as a database lets them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from chassis.codec import Encoded
from chassis.store import Meta, Outcome, Store
from chassis.store.append import Staged, append
from chassis.store.shards import shard_of
from tests.support.samples import cause


def stream_in(shard: int) -> str:
    """Return the id of a new counter whose stream is in *shard*."""
    while True:
        stream_id = f"counter-{uuid4()}"
        if shard_of(stream_id) == shard:
            return stream_id


def new_stream() -> str:
    """Return the id of a new counter's stream."""
    return f"counter-{uuid4()}"


async def raise_counters(db: Any, store: Store, versions: dict[str, int], by: int) -> int:
    """Append *by* events to each stream, in the caller's transaction or a connection's own.

    *versions* is moved on. Returns the last position that was drawn.
    """
    why = cause()
    encoded = Encoded("counter.Raised", 1, b'{"counter_id":"%s","by":1}')
    meta = Meta(
        actor=why.actor,
        occurred_at=why.occurred_at,
        correlation_id=why.command_id,
        command_id=why.command_id,
    )
    staged, index = [], 0
    for stream_id, version in versions.items():
        item_id = stream_id.partition("-")[2].encode()
        one = Encoded(encoded.type, 1, encoded.data % item_id)
        ids = [why.event_id(index + n) for n in range(by)]
        staged.append(Staged(stream_id, version, [one] * by, [meta] * by, ids))
        index += by
    outcome = Outcome(item_id=UUID(int=0), version=0)
    done = await append(db, staged, why, outcome, store.epoch)
    versions.update({stream_id: version + by for stream_id, version in versions.items()})
    return max(position for _, position in done.position.shards)


@asynccontextmanager
async def writing(
    write: Callable[[], Awaitable[Any]], writers: int = 4
) -> AsyncIterator[None]:
    """Let so many writers *write* without a pause, from a while before the block to its end."""
    over = asyncio.Event()

    async def repeat() -> None:
        while not over.is_set():
            await write()

    tasks = [asyncio.create_task(repeat()) for _ in range(writers)]
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        over.set()
        await asyncio.gather(*tasks)


@dataclass
class Writer:
    """Appends until told to stop, each time in another bad manner.

    A transaction holds its drawn positions open for up to *longest* seconds; one in five is
    rolled back, one in fifty dies with its connection.
    """

    store: Store
    chance: Random
    by: int
    longest: float = 0.05
    streams: dict[str, int] = field(default_factory=dict)

    async def run(self, enough: Callable[[], bool]) -> None:
        """Write until *enough* says so."""
        while not enough():
            if not self.streams or self.chance.random() < 0.2:
                self.streams = {new_stream(): 0 for _ in range(self.chance.randint(1, 2))}
            try:
                async with self.store.pool.acquire() as connection:
                    await self._write(connection)
            except asyncpg.PostgresConnectionError:
                continue

    async def _write(self, connection: Any) -> None:
        versions = dict(self.streams)
        transaction = connection.transaction()
        await transaction.start()
        await raise_counters(connection, self.store, versions, self.by)
        manner = self.chance.random()
        if manner < 0.5:
            await asyncio.sleep(self.chance.uniform(0, self.longest))
        if manner < 0.02:
            connection.terminate()
        elif manner < 0.2:
            await transaction.rollback()
        else:
            await transaction.commit()
            self.streams = versions
            self.store.appended.set()
