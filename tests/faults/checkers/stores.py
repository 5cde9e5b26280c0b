"""The stores of a run as their owner reads them: a page at a time, whatever their size."""

import inspect
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from chassis.audit import AUDIT
from chassis.composing import Service
from chassis.keys import KeyRing, StoredKeyRing
from chassis.log import Record
from chassis.parts import Parts
from chassis.public import record_of
from chassis.relay import ToPublic
from chassis.store import Store, Stored
from suite.hosting import SERVICES
from tests.faults.evidence import Evidence
from tests.support.memory_keys import MemoryKeyRing

__all__ = ["SERVICES", "Services", "Source", "open_stores"]

Services = Mapping[str, Service]
T = TypeVar("T")
PAGE = 500
KEYS = "keys"
PATIENCE_SECONDS = 600.0
PAST = "select * from store.event where position > $1 order by position limit $2"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One service's database at rest, and what its program makes of it."""

    service: Service
    dsn: str
    db: "asyncpg.Connection[asyncpg.Record]"
    keys: KeyRing
    epoch: str
    store: Store

    @property
    def name(self) -> str:
        """The service's name."""
        return self.service.name

    async def pages(self, size: int = PAGE) -> AsyncIterator[list[Stored[Any]]]:
        """Return every event in the order of positions, decoded, some at a time."""
        after = 0
        while rows := await self.db.fetch(PAST, after, size):
            yield [await self.store.decode(row) for row in rows]
            after = rows[-1]["position"]

    async def public(self, source: str) -> AsyncIterator[tuple[Stored[Any], Record]]:
        """Return every public event with its record, as a relay should publish it."""
        async for page in self.pages():
            for stored in page:
                for topics, to_public in self._relays():
                    topic = topics.get(stored.category)
                    told = to_public(stored.event) if topic else None
                    if inspect.isawaitable(told):
                        told = await told
                    if topic and told is not None:
                        given = {"topic": topic, "source": source, "epoch": self.epoch}
                        yield stored, record_of(told, stored, **given)

    @property
    def topics(self) -> Sequence[str]:
        """Every topic that the service publishes to."""
        return [*self.service.topics.values(), *self.service.internal_topics.values()]

    def _relays(self) -> Sequence[tuple[Mapping[str, str], ToPublic]]:
        relays = [(self.service.topics, self.service.to_public)]
        if self.service.internal_topics:
            parts = cast("Parts", SimpleNamespace(keys=self.keys))  # all that it asks for
            relays.append((self.service.internal_topics, self.service.to_internal(parts)))
        return relays


@asynccontextmanager
async def open_stores(
    evidence: Evidence, services: Services
) -> AsyncIterator[Mapping[str, Source]]:
    """Open the database of each service that the run had."""
    async with AsyncExitStack() as stack:
        keys = await _keys(evidence, stack)
        found = {}
        for name, dsn in evidence.databases.items():
            if name in services:
                db = await connect(dsn)
                stack.push_async_callback(db.close)
                epoch = str(await db.fetchval("select epoch from store.store"))
                categories = [*services[name].categories, AUDIT]
                store = Store(cast("Any", db), categories, epoch, keys)
                found[name] = Source(
                    service=services[name],
                    dsn=dsn,
                    db=db,
                    keys=keys,
                    epoch=epoch,
                    store=store,
                )
        yield found


async def connect(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Open a session of the owner's, with time for what takes long."""
    return await asyncpg.connect(dsn, command_timeout=PATIENCE_SECONDS)


def sibling(dsn: str, database: str) -> str:
    """Return the address of another database of the same cluster."""
    return urlsplit(dsn)._replace(path=f"/{database}").geturl()


def chunks(every: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return *every* in pieces."""
    begins = itertools.count(0, size)
    return itertools.takewhile(len, (every[begin : begin + size] for begin in begins))


def ids(found: Sequence[Any], most: int = 3) -> str:
    """Return a few of *found* for a sentence, and how many more there are."""
    shown = ", ".join(str(one) for one in found[:most])
    return f"{shown} and {len(found) - most} more" if len(found) > most else shown


async def _keys(evidence: Evidence, stack: AsyncExitStack) -> KeyRing:
    """Open the run's key ring; where it had none, events are opened as the tests seal them."""
    anywhere = next(iter(evidence.databases.values()), None)
    dsn = evidence.databases.get(KEYS) or (anywhere and sibling(anywhere, KEYS))
    if not dsn:
        return MemoryKeyRing()
    try:
        pool = await asyncpg.create_pool(dsn, min_size=1, max_size=2)
    except asyncpg.InvalidCatalogNameError:
        return MemoryKeyRing()
    stack.push_async_callback(pool.close)
    return StoredKeyRing(pool)


def uuid_of(text: str) -> UUID | None:
    """Return the id that *text* is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
