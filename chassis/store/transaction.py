"""One act on one or several streams: what it read, what it decided, appended as one."""

from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from chassis.domain import Aggregate, Category, Event
from chassis.store.access import Access
from chassis.store.append import Staged
from chassis.store.cause import Cause, Executed, Outcome
from chassis.store.errors import StaleVersionError
from chassis.store.load import Loaded, Loader
from chassis.store.stored import Meta

A = TypeVar("A", bound=Aggregate[Any, Any])
C = TypeVar("C")
E = TypeVar("E", bound=Event)


class KnownCommandError(Exception):
    """The command was executed before; its row says what came of it."""

    def __init__(self, row: asyncpg.Record) -> None:
        super().__init__("the command was executed before")
        self.row = row


class Transaction:
    """What a command reads and decides before anything is written.

    `If-Match` is checked against the stream *main*.
    """

    def __init__(
        self, access: Access, cause: Cause, registry: "Registry", main: str
    ) -> None:
        self._access = access
        self._cause = cause
        self._registry = registry
        self._main = main
        self._loaded: dict[str, Loaded[Any]] = {}
        self.staged: dict[str, Staged] = {}
        self._events = 0

    async def lock(self, category: Category[A, C, E], item_id: UUID) -> A:
        """Return the item's state, with its stream locked until the act is over.

        For what everybody contends for, like a number series: waiting in line beats retrying.
        """
        stream_id = f"{category.name}-{item_id}"
        if stream_id not in self.staged:
            await self._access.db.execute("select store.lock_v1($1)", stream_id)
            self._loaded.pop(stream_id, None)
        return (await self._load(category, item_id)).state

    async def read(self, category: Category[A, C, E], item_id: UUID) -> A:
        """Return the item's state as this act sees it."""
        return (await self._load(category, item_id)).state

    async def execute(self, category: Category[A, C, E], item_id: UUID, command: C) -> A:
        """Let the item decide on *command*; return its state after the new events.

        Raises what `decide` raises.
        """
        loaded = await self._load(category, item_id)
        stream_id = f"{category.name}-{item_id}"
        events = list(loaded.state.decide(command))
        staged = self.staged.setdefault(stream_id, Staged(stream_id, loaded.version))
        codec = self._registry.codec(category)
        for event in events:
            version = staged.expected + len(staged.events) + 1
            staged.events.append(await codec.encode(event, stream_id, version))
            staged.metas.append(self._meta(loaded))
            staged.event_ids.append(self._cause.event_id(self._events))
            self._events += 1
            loaded.state = loaded.state.evolve(event)
        return loaded.state

    @property
    def last_event_id(self) -> UUID | None:
        """The event that takes the last position of all that was decided."""
        streams = sorted(stream for stream, staged in self.staged.items() if staged.events)
        return self.staged[streams[-1]].event_ids[-1] if streams else None

    async def append(self, item_id: UUID, facts: dict[str, str]) -> Executed:
        """Append everything that was decided, with *facts* of the main stream's outcome."""
        staged = self.staged.get(self._main)
        version = self._loaded[self._main].version + (len(staged.events) if staged else 0)
        outcome = Outcome(item_id=item_id, version=version, facts=facts)
        return await self._access.append(list(self.staged.values()), self._cause, outcome)

    async def snapshot(self, every: int) -> None:
        """Remember the state of each changed stream that is read from *every* events or more."""
        for stream_id, staged in self.staged.items():
            loaded = self._loaded[stream_id]
            loader = self._registry.loader_named(stream_id.partition("-")[0])
            if loader.snapshots and staged.events and loaded.since_snapshot >= every:
                version = staged.expected + len(staged.events)
                await loader.snapshot(self._access.db, stream_id, loaded.state, version)

    async def _load(self, category: Category[A, C, E], item_id: UUID) -> Loaded[A]:
        stream_id = f"{category.name}-{item_id}"
        if stream_id not in self._loaded:
            loader: Loader[A, E] = self._registry.loader(category)
            loaded = await loader.load(self._access, stream_id, self._cause.command_id)
            if loaded.command is not None:
                raise KnownCommandError(loaded.command)
            expected = self._cause.expected_version
            if stream_id == self._main and expected not in (None, loaded.version):
                raise StaleVersionError(loaded.version)
            self._loaded[stream_id] = loaded
        return self._loaded[stream_id]

    def _meta(self, loaded: Loaded[Any]) -> Meta:
        cause, before = self._cause, loaded.last_meta
        inherited = before.correlation_id if before else cause.command_id
        return Meta(
            actor=cause.actor,
            on_behalf_of=cause.on_behalf_of,
            occurred_at=cause.occurred_at,
            correlation_id=cause.correlation_id or inherited,
            causation_id=cause.causation_id or loaded.last_event_id,
            command_id=cause.command_id,
            traceparent=cause.traceparent,
        )


class Registry:
    """The codec and the loader of each category of one service."""

    def __init__(self) -> None:
        self._codecs: dict[str, Any] = {}
        self._loaders: dict[str, Any] = {}

    def add(self, category: Category[Any, Any, Any], codec: Any) -> None:
        """Register *category* with its codec."""
        self._codecs[category.name] = codec
        self._loaders[category.name] = Loader(category, codec)

    def codec(self, category: Category[Any, Any, E]) -> Any:
        """Return the category's codec. Raises `KeyError` for one that is not registered."""
        return self._codecs[category.name]

    def loader(self, category: Category[A, Any, E]) -> "Loader[A, E]":
        """Return the category's loader. Raises `KeyError` for one that is not registered."""
        loader: Loader[A, E] = self._loaders[category.name]
        return loader

    def loader_named(self, category: str) -> Any:
        """Return the loader of the category called *category*."""
        return self._loaders[category]

    def codec_named(self, category: str) -> Any:
        """Return the codec of the category called *category*."""
        return self._codecs[category]
