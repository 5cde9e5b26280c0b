"""Moves the virtual clock: from one due time to the next, never past unfinished work."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

import httpx
from pydantic import TypeAdapter

from chassis.admin.lag import Lag
from chassis.admin.reading import lag_of
from chassis.clock import VirtualClock
from chassis.service import Running
from suite.client import Client, RefusedCallError
from suite.issuer import OPERATOR

HERE_SECONDS = 60.0
THERE_SECONDS = 180.0
LOOK_HERE_SECONDS = 0.01
LOOK_THERE_SECONDS = 0.03
LAG: TypeAdapter[Lag] = TypeAdapter(Lag)


class StuckError(Exception):
    """The suite does not come to rest: says what is left to do."""


class Looked(Protocol):
    """A service whose progress can be looked at, with a *pause* between two looks."""

    name: str
    patience: float
    pause: float

    async def lag(self) -> Lag | None:
        """Return how far it is, or None while it is away."""
        ...


class Here:
    """A service that runs in this process."""

    patience = HERE_SECONDS
    pause = LOOK_HERE_SECONDS

    def __init__(self, running: Running) -> None:
        self.name = running.service.name
        self._running = running

    async def lag(self) -> Lag | None:
        """Return how far it is."""
        return await lag_of(self._running.parts, self._running)


class There:
    """A service in another process, which may be away for a while."""

    patience = THERE_SECONDS
    pause = LOOK_THERE_SECONDS

    def __init__(self, client: Client, name: str) -> None:
        self.name = name
        self._client = client

    async def lag(self) -> Lag | None:
        """Return how far it is, as it tells its operator."""
        try:
            path = f"/{self.name}/admin/v1/lag"
            return LAG.validate_python(await self._client.get(OPERATOR, path))
        except httpx.TransportError:
            return None
        except RefusedCallError as refusal:
            if refusal.status < httpx.codes.INTERNAL_SERVER_ERROR:
                raise
            return None


class Driver:
    """Drives the clock that *services* share."""

    def __init__(self, clock: VirtualClock, services: Sequence[Looked]) -> None:
        self._clock = clock
        self._services = services
        self._patience = max(service.patience for service in services)
        self._pause = max(service.pause for service in services)

    async def advance(self, to: datetime, rest: list[Lag] | None = None) -> list[Lag]:
        """Let business time go on to *to*, firing every timer at its own time.

        *rest* is what the last `settle` or `advance` returned, where nothing was asked of the
        suite since. Returns the rest that it comes to. Raises `StuckError`.
        """
        while True:
            rest = await self.settle() if rest is None else rest
            due = [lag.next_due for lag in rest if lag.next_due is not None]
            following = min(due, default=to)
            await self._clock.move(min(following, to))
            if following >= to:
                return await self.settle()
            rest = None

    async def settle(self) -> list[Lag]:
        """Wait until nothing is left to do at the present time, seen in two looks running.

        Between the two nobody may have done anything: work that goes from one service to
        the next could hide from each look. Raises `StuckError`.
        """
        until = time.monotonic() + self._patience
        found: list[Lag | None] = [None for _ in self._services]
        before: list[object] | None = None
        while True:
            # Before all rest, only those are asked again that did not.
            asked = [
                n
                for n, lag in enumerate(found)
                if before is not None or lag is None or not lag.idle
            ]
            answers = await asyncio.gather(*(self._services[n].lag() for n in asked))
            for n, answer in zip(asked, answers, strict=True):
                found[n] = answer
            lags = [lag for lag in found if lag is not None and lag.idle]
            marks: list[object] = [lag.mark for lag in lags]
            if len(lags) == len(found) and marks == before:
                return lags
            before = marks if len(lags) == len(found) else None
            if time.monotonic() > until:
                left = "; ".join(_left(self._services, found))
                raise StuckError(left or "something is always being done")
            await asyncio.sleep(self._pause)


def _left(services: Sequence[Looked], lags: Sequence[Lag | None]) -> Iterator[str]:
    for service, lag in zip(services, lags, strict=True):
        name = service.name
        if lag is None:
            yield f"{name} does not answer"
            continue
        for follower in lag.followers:
            if follower.lag:
                yield f"{name}/{follower.name} has {follower.lag} events left ({follower.error})"
        for place in lag.consumers:
            if place.lag:
                yield f"{name} has {place.lag} records of {place.topic} left"
        if lag.timers_due:
            yield f"{name} has {lag.timers_due} timers due"
