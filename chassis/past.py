"""What a process has seen of its store, and whether that is still so.

A backup that is restored, or a standby that is promoted too early, cuts every session. So
each new one is asked whether the last event that we know to be committed is still there,
and all of them now and then whether the epoch is the one we began under.
"""

import asyncio
import contextlib
from typing import Any
from uuid import UUID

_THERE = """
select (select epoch from store.store)::text as epoch,
       exists (select from store.event where position = $1 and event_id = $2) as there
"""


WATCH_SECONDS = 2.0
NOTHING = -1, UUID(int=0)


class DivergedError(Exception):
    """The store's past is not the one that its followers, the log or we have seen."""


class Past:
    """One process's knowledge of one store. *diverged* is set once that knowledge is wrong."""

    def __init__(self) -> None:
        self.diverged = asyncio.Event()
        self.why = ""
        self._epoch: str | None = None
        self._last: tuple[int, UUID] | None = None

    def begins(self, epoch: str) -> None:
        """Remember under which epoch we started."""
        self._epoch = epoch

    def saw(self, position: int, event_id: UUID) -> None:
        """Remember an event that is committed."""
        if self._last is None or position > self._last[0]:
            self._last = position, event_id

    async def check(self, session: Any) -> None:
        """Raise `DivergedError` where a new *session* leads to another past."""
        if self._epoch is None:
            return
        last = self._last  # it may move while we ask
        position, event_id = last or NOTHING
        row = await session.fetchrow(_THERE, position, event_id)
        why = ""
        if row["epoch"] != self._epoch:
            why = "a new epoch was declared while this process ran: it starts again"
        elif last and not row["there"]:
            why = (
                f"event {position}, which this process knows to be committed, is not in the "
                "store any more: an older copy of the database came back; run "
                "`shuniu admin new-epoch`"
            )
        if why:
            raise self.ends(why)

    async def watch(self, pool: Any) -> None:
        """Check again and again, until *diverged*: an epoch may be declared at any time."""
        while not self.diverged.is_set():
            await asyncio.sleep(WATCH_SECONDS)
            with contextlib.suppress(Exception):  # away, or diverged: who waits is told
                async with pool.acquire() as session:
                    await self.check(session)

    def ends(self, why: str) -> DivergedError:
        """Set *diverged*; return the error that says *why*."""
        self.why = why
        self.diverged.set()
        return DivergedError(why)
