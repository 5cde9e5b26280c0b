"""Watching mailboxes: one sweep for all streams of the process, sooner where a hint comes.

The rows are the truth. A hint only says whose mailbox is worth a look; where none comes the
sweep finds what is new all the same, and counts that no hint said so.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog

from chassis.database import connect
from services.notifier.projections.mailbox import HINTS
from services.notifier.projections.mailbox_places import DEVICES
from services.notifier.rpc.limits import Limits
from services.notifier.rpc.metrics import UNHINTED

RELISTEN_SECONDS = 5.0
PAUSE_SECONDS = 0.005  # hints that come together are one look

_HEADS = "select subscriber, head from notifier.head where subscriber = any($1)"

logger = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Watch:
    """One stream's view of its mailbox: its newest sequence, and what to set when it moves."""

    subscriber: str
    head: int
    wake: asyncio.Event


class Heads:
    """Watches the heads of the mailboxes that somebody listens to."""

    def __init__(
        self, pool: Any, dsn: str, limits: Limits, devices: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._dsn = dsn
        self._limits = limits
        self._devices = devices
        self._watches: dict[str, set[Watch]] = {}
        self._hinted = asyncio.Event()
        self._moved: set[str] = set()  # whom hints named since the last look
        self._all = True  # the next look is at everybody
        self._swept = 0.0
        self._task: asyncio.Task[None] | None = None
        self._connection: Any = None
        self._relisten = 0.0

    @property
    def idle(self) -> bool:
        """Say whether nothing is watched, and nothing runs."""
        return not self._watches and (self._task is None or self._task.done())

    @contextlib.contextmanager
    def watching(self, subscriber: str, head: int, wake: asyncio.Event) -> Iterator[Watch]:
        """Watch *subscriber*'s mailbox while inside, from a known head."""
        watch = Watch(subscriber, head, wake)
        self._watches.setdefault(subscriber, set()).add(watch)
        self._moved.add(subscriber)  # it may have since its head was read
        self._hinted.set()
        self._begin()
        try:
            yield watch
        finally:
            watches = self._watches[subscriber]
            watches.discard(watch)
            if not watches:
                del self._watches[subscriber]
            if not self._watches:
                self._hinted.set()  # so that the sweep ends

    def wake_all(self) -> None:
        """Let every stream look at what has changed around it."""
        for watches in self._watches.values():
            for watch in watches:
                watch.wake.set()

    def _begin(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="notifier:heads")
            self._task.add_done_callback(self._ended)

    def _ended(self, _: "asyncio.Task[None]") -> None:
        self._task = None
        if self._watches:  # somebody came while it went
            self._begin()

    async def _run(self) -> None:
        try:
            while self._watches:
                await self._listen()
                hinted = self._hinted.is_set()
                self._hinted.clear()
                try:
                    await self._look(self._whom(hinted=hinted), hinted=hinted)
                except Exception as error:  # noqa: BLE001 the next look is soon
                    self._all = True
                    logger.warning("heads.failed", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                every = (
                    self._limits.sweep if self._connection else self._limits.sweep_unhinted
                )
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(every):
                        await self._hinted.wait()
        finally:
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(Exception):
                    await connection.close(timeout=1)

    def _whom(self, *, hinted: bool) -> list[str]:
        """Return whose head to look at: everybody's once a sweep, however many hints come."""
        moved, self._moved = self._moved, set()
        now = asyncio.get_running_loop().time()
        if hinted and not self._all and now - self._swept < self._limits.sweep:
            return list(moved)
        self._all, self._swept = False, now
        return list(self._watches)

    async def _look(self, whom: list[str], *, hinted: bool) -> None:
        for row in await self._pool.fetch(_HEADS, whom):
            for watch in self._watches.get(row["subscriber"], ()):
                if row["head"] > watch.head:
                    if self._connection is not None and not hinted:
                        UNHINTED.inc()
                    watch.head = row["head"]
                    watch.wake.set()

    async def _listen(self) -> None:
        """Listen on a connection of our own; without one the sweep is quicker instead."""
        if self._connection is not None and not self._connection.is_closed():
            return
        self._connection = None
        now = asyncio.get_running_loop().time()
        if now < self._relisten:
            return
        self._relisten = now + RELISTEN_SECONDS
        connection = None
        try:
            connection = await connect(self._dsn)
            connection.add_termination_listener(self._unlistening)
            await connection.add_listener(HINTS, self._hint)
            await connection.add_listener(DEVICES, self._replaced)
        except Exception as error:  # noqa: BLE001 the sweep goes on without
            logger.warning("heads.unhinted", error=type(error).__name__)
            if connection is not None:
                connection.terminate()
            return
        self._connection = connection
        self._all = True  # and what was said before we listened
        self._devices()

    def _hint(self, _connection: Any, _pid: int, _channel: str, said: object) -> None:
        subscriber = str(said)
        if not subscriber:  # it does not say whose
            self._all = True
        elif subscriber in self._watches:
            self._moved.add(subscriber)
        else:
            return
        self._hinted.set()

    def _unlistening(self, *_: Any) -> None:
        self._all = True
        self._hinted.set()

    def _replaced(self, *_: Any) -> None:
        self._devices()
