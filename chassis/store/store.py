"""Executing commands against one service's store."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import asyncpg

from chassis.codec import Codec
from chassis.domain import Aggregate, Category, Event, RefusedError
from chassis.keys import KeyRing
from chassis.past import Past
from chassis.store.access import Alone, Together
from chassis.store.append import StaleStreamError, executed
from chassis.store.cause import Cause, Executed
from chassis.store.errors import ConflictError, StaleVersionError
from chassis.store.load import OUTCOME_OF, SNAPSHOT_EVERY
from chassis.store.stored import Stored
from chassis.store.transaction import KnownCommandError, Registry, Transaction

A = TypeVar("A", bound=Aggregate[Any, Any])
C = TypeVar("C")
E = TypeVar("E", bound=Event)

RETRIES = 5
JITTER_SECONDS = 0.02

Work = Callable[[Transaction], Awaitable[Mapping[str, str] | None]]


@dataclass(frozen=True, slots=True)
class Item(Generic[A]):
    """An item as it is now. Version 0: there is none."""

    state: A
    version: int


class Store:
    """One service's events. Every change of a stream goes through `execute` or `transact`."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        categories: Iterable[Category[Any, Any, Any]],
        epoch: str,
        keys: KeyRing | None = None,
        past: Past | None = None,
    ) -> None:
        self.pool = pool
        self.epoch = epoch
        self.past = past or Past()
        self.past.begins(epoch)
        self.appended = asyncio.Event()
        self._together = Together(pool, epoch)
        self._registry = Registry()
        for category in categories:
            self._registry.add(category, Codec(category, keys))

    def of(self, category: Category[A, C, E]) -> "Streams[A, C, E]":
        """Return the streams of *category*."""
        return Streams(self, category)

    async def read(self, category: Category[A, C, E], item_id: UUID) -> Item[A]:
        """Return the item by folding its stream: always current."""
        loader = self._registry.loader(category)
        loaded = await loader.load(self._together, f"{category.name}-{item_id}", None)
        return Item(loaded.state, loaded.version)

    async def history(self, category: Category[A, C, E], item_id: UUID) -> list[Stored[E]]:
        """Return the item's events, first to last; empty where there is no such item."""
        rows = await self.pool.fetch(
            "select * from store.event where stream_id = $1 order by version",
            f"{category.name}-{item_id}",
        )
        return [await self.decode(row) for row in rows]

    async def lasts(
        self, category: Category[A, C, E], kind: type[E], items: Sequence[UUID]
    ) -> list[E]:
        """Return the last event of one *kind* of each of *items* that has one."""
        rows = await self.pool.fetch(
            "select distinct on (stream_id) * from store.event "
            "where stream_id = any($1) and type = $2 order by stream_id, version desc",
            [f"{category.name}-{item}" for item in items],
            category.type_of(kind),
        )
        return [(await self.decode(row)).event for row in rows]

    async def execute(
        self, category: Category[A, C, E], item_id: UUID, command: C, cause: Cause
    ) -> Executed:
        """Let one item decide on *command* and append what it decided.

        Raises a `RefusedError`, `StaleVersionError` (If-Match), `ConflictError` after 5
        retries, or `DifferentRequestError`.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.execute(category, item_id, command)

        return await self._attempts(category, item_id, cause, work, pessimistic=False)

    async def transact(
        self, category: Category[A, C, E], item_id: UUID, cause: Cause, work: Work
    ) -> Executed:
        """Do *work* on several streams: all of them change, or none.

        The given item is the main one of the outcome; what *work* returns are further facts
        of it, a drawn number for instance. Raises as `execute` does.
        """
        return await self._attempts(category, item_id, cause, work, pessimistic=True)

    async def decode(self, row: asyncpg.Record) -> Stored[Any]:
        """Return a row of `store.event` as a stored event. Raises as `Codec.decode` does."""
        codec = self._registry.codec_named(row["stream_id"].partition("-")[0])
        event = await codec.decode(
            row["type"],
            row["schema_version"],
            row["data"],
            row["stream_id"],
            row["version"],
        )
        return Stored(
            position=row["position"],
            shard=row["shard"],
            stream_id=row["stream_id"],
            version=row["version"],
            event_id=row["event_id"],
            type=row["type"],
            recorded_at=row["recorded_at"],
            meta_json=row["meta"],
            event=event,
        )

    async def _attempts(
        self,
        category: Category[A, C, E],
        item_id: UUID,
        cause: Cause,
        work: Work,
        *,
        pessimistic: bool,
    ) -> Executed:
        for attempt in range(RETRIES + 1):
            try:
                return await self._attempt(
                    category, item_id, cause, work, pessimistic=pessimistic
                )
            except KnownCommandError as known:
                return executed(known.row, cause, self.epoch, repeated=True)
            except (RefusedError, StaleVersionError):
                # The first try of the same command may just have won.
                if row := await self.pool.fetchrow(OUTCOME_OF, cause.command_id):
                    return executed(row, cause, self.epoch, repeated=True)
                raise
            except StaleStreamError:
                if cause.expected_version is None:
                    await asyncio.sleep(random.uniform(0, JITTER_SECONDS * 2**attempt))  # noqa: S311 jitter is no secret
        raise ConflictError("others keep changing this item: try again in a moment")

    async def _attempt(
        self,
        category: Category[A, C, E],
        item_id: UUID,
        cause: Cause,
        work: Work,
        *,
        pessimistic: bool,
    ) -> Executed:
        main = f"{category.name}-{item_id}"
        if not pessimistic:
            transaction = Transaction(self._together, cause, self._registry, main)
            result = await _decided(transaction, item_id, work)
            self._committed(transaction, result)
            await _snapshot(transaction, result)
            return result
        async with self.pool.acquire() as connection, connection.transaction():
            alone = Alone(connection, self.epoch)
            transaction = Transaction(alone, cause, self._registry, main)
            result = await _decided(transaction, item_id, work)
            await _snapshot(transaction, result)
        self._committed(transaction, result)
        return result

    def _committed(self, transaction: Transaction, result: Executed) -> None:
        self.appended.set()
        if not result.repeated and (last := transaction.last_event_id):
            self.past.saw(max(at for _, at in result.position.shards), last)


async def _decided(transaction: Transaction, item_id: UUID, work: Work) -> Executed:
    facts = dict(await work(transaction) or {})
    return await transaction.append(item_id, facts)


async def _snapshot(transaction: Transaction, result: Executed) -> None:
    if not result.repeated:
        await transaction.snapshot(SNAPSHOT_EVERY)


class Streams(Generic[A, C, E]):
    """The streams of one category: what a door or a handler holds."""

    def __init__(self, store: Store, category: Category[A, C, E]) -> None:
        self.store = store
        self.category = category

    async def execute(self, item_id: UUID, command: C, cause: Cause) -> Executed:
        """Execute *command* on one item; see `Store.execute`."""
        return await self.store.execute(self.category, item_id, command, cause)

    async def read(self, item_id: UUID) -> Item[A]:
        """Return one item as it is now; see `Store.read`."""
        return await self.store.read(self.category, item_id)
