"""The one shape that everything which follows the feed has.

A follower has a name, a checkpoint per shard, and something to do with each batch. It
stops, visibly, on an exception; waits for a newer program on an event type it does not
know; tries again after connection errors; and starts from its stored checkpoint each time.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.codec import UnknownTypeError
from chassis.database import retryable
from chassis.feed.cursor import Cursor, StaleProofError, Step
from chassis.feed.lease import (
    LEASE_SECONDS,
    Lease,
    LeaseLostError,
    acquire,
    failed,
    release,
    renew,
)
from chassis.feed.reader import Reader
from chassis.feed.tailer import Tailer
from chassis.store import Store, Stored

BATCH = 500
ERROR_CHARACTERS = 500
DETAIL = "\nDETAIL:"
PROOF_SECONDS = 0.005  # the tailer looks in one or two milliseconds
EMPTY_PERSIST_SECONDS = 1.0
RETRY_SECONDS = 1.0

logger = structlog.get_logger(__name__)


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
    """Follows the feed. A subclass says what to do with a batch.

    A turn costs much the same for one event as for ten: who can wait rests for
    *rest_seconds* after each that was not full, and finds more the next time.
    """

    batch_size = BATCH
    rest_seconds = 0.0
    idle_seconds = LEASE_SECONDS / 4
    registers = True
    lease: Lease
    cursor: dict[int, int]

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Do the work of *batch*, then `await step.done(...)` once it is safe."""

    async def start(self, feed: Feed) -> None:
        """Prepare to follow under `self.lease`. Called each time the lease is taken."""

    async def caught_up(self, feed: Feed) -> None:
        """All that was final a moment ago has been handled, up to `self.cursor`.

        Called whenever that is so, and so between two batches too, however many come.
        """

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
                self.lease = lease
                await self.start(feed)
                with closing(Reader(feed.store, feed.tailer, self.batch_size)) as reader:
                    await self._follow(feed, lease, reader)
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
                await self._stumbled(feed, lease, error)

    async def _stumbled(self, feed: Feed, lease: Lease | None, error: Exception) -> None:
        """Say why it stands still, where an operator looks; then try again in a moment."""
        if retryable(error):
            said = f"tries again: {type(error).__name__}"
        elif isinstance(error, UnknownTypeError):
            said = f"waits for a newer program: {error}"
        else:
            # PostgreSQL's detail repeats the row: that is somebody's text.
            said = f"{type(error).__name__}: {str(error).partition(DETAIL)[0]}"
        logger.error("follower.stopped", follower=self.name, error=type(error).__name__)
        try:
            await failed(feed.engine, self.name, lease, said[:ERROR_CHARACTERS])
        except Exception as lost:  # noqa: BLE001 the database is away: say so, try again
            logger.warning("follower.unreachable", error=type(lost).__name__)
        await asyncio.sleep(RETRY_SECONDS)

    async def _goes(self, feed: Feed, lease: Lease) -> bool:
        """Take back what was said of standing still."""
        await failed(feed.engine, self.name, lease, None)
        return True

    async def _follow(self, feed: Feed, lease: Lease, reader: Reader) -> None:
        checkpoint = lease.checkpoint
        cursor = Cursor(checkpoint)
        renewed = persisted = time.monotonic()
        goes = False
        while True:
            if time.monotonic() - renewed > LEASE_SECONDS / 3:
                await renew(feed.engine, lease)
                renewed = time.monotonic()
            turn, finals = feed.tailer.turn, feed.tailer.finals()
            try:
                batch, after = await reader.read(cursor)
                step = Step(feed.engine, lease, checkpoint, after)
                late = time.monotonic() - persisted > EMPTY_PERSIST_SECONDS
                await self._handled(batch, step, persist=late)
            except StaleProofError:  # from the checkpoint again, once there is a newer one
                cursor = Cursor(checkpoint)
                feed.tailer.hint()
                await asyncio.sleep(PROOF_SECONDS)
                continue
            stuck, cursor = after is cursor, after
            if step.moved:
                checkpoint, persisted = after.positions, time.monotonic()
                cursor = Cursor(checkpoint)
            behind = cursor.behind(finals)
            if behind is False:
                self.cursor = dict(cursor.positions)
                await self.caught_up(feed)
            if batch or behind is False:
                goes = goes or await self._goes(feed, lease)
            if batch:
                await self._rest(len(batch))
                continue
            if not behind:
                await feed.tailer.advanced(self.idle_seconds, turn)
            elif stuck:  # the proof is older than our session: a newer one is on its way
                await asyncio.sleep(PROOF_SECONDS)

    async def _rest(self, handled: int) -> None:
        if self.rest_seconds and handled < self.batch_size:
            await asyncio.sleep(self.rest_seconds)

    async def _handled(
        self, batch: Sequence[Stored[Any]], step: Step, *, persist: bool
    ) -> None:
        """Handle *batch*; move over emptiness only now and then."""
        if batch:
            await self.handle(batch, step)
            if not step.moved:
                raise AssertionError(f"{self.name} left its batch without moving on")
        elif persist and step.moves:
            await step.done()


async def _release_quietly(engine: AsyncEngine, lease: Lease) -> None:
    try:
        await release(engine, lease)
    except Exception as error:  # noqa: BLE001 the lease runs out by itself
        logger.debug("follower.release", error=type(error).__name__)
