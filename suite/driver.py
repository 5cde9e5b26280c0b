"""Moves the virtual clock: from one due time to the next, never past unfinished work."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from chassis.admin.lag import Lag
from chassis.admin.reading import lag_of
from chassis.clock import VirtualClock
from chassis.service import Running

POLL_SECONDS = 0.01
SWEEPS = 2
PATIENCE_SECONDS = 60.0


class StuckError(Exception):
    """The suite does not come to rest: says what is left to do."""


class Driver:
    """Drives the clock of services that run in this process."""

    def __init__(self, clock: VirtualClock, running: Sequence[Running]) -> None:
        self._clock = clock
        self._running = running

    async def advance(self, to: datetime) -> None:
        """Let business time go on to *to*, firing every timer at its own time.

        Raises `StuckError`.
        """
        while True:
            due = [lag.next_due for lag in await self.settle() if lag.next_due is not None]
            following = min(due, default=to)
            if following >= to:
                break
            await self._move(following)
        await self._move(to)
        await self.settle()

    async def settle(self) -> list[Lag]:
        """Wait until nothing is left to do at the present time, in two sweeps running.

        Raises `StuckError` after a minute without rest.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        resting = 0
        while True:
            lags = [await lag_of(running.parts, running) for running in self._running]
            resting = resting + 1 if all(lag.idle for lag in lags) else 0
            if resting == SWEEPS:
                return lags
            if time.monotonic() > until:
                raise StuckError(_left(self._running, lags))
            await asyncio.sleep(POLL_SECONDS)

    async def _move(self, moment: datetime) -> None:
        await self._clock.move(moment)
        for running in self._running:
            if running.parts.tailer is not None:
                await running.parts.tailer.nudge()


def _left(running: Sequence[Running], lags: Sequence[Lag]) -> str:
    left = []
    for service, lag in zip(running, lags, strict=True):
        name = service.service.name
        left += [
            f"{name}/{f.name} has {f.lag} events left ({f.error})"
            for f in lag.followers
            if f.lag
        ]
        left += [
            f"{name} has {c.lag} records of {c.topic} left" for c in lag.consumers if c.lag
        ]
        left += [f"{name} has {lag.timers_due} timers due"] if lag.timers_due else []
    return "; ".join(left)
