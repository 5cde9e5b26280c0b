"""Whether the suite has come to rest: every service ready, and nothing left to do."""

import asyncio
import time
from collections.abc import Callable, Mapping

from chassis.admin.lag import Lag
from suite.client import Client
from suite.driver import There
from tests.faults.fleet import Fleet
from tests.faults.spawning import SERVICES

LOOK_SECONDS = 0.2


class Resting:
    """Asks each service how far it is, past all links."""

    def __init__(self, fleet: Fleet, token: Callable[[str], str]) -> None:
        self.addresses = {
            p.service: p.http for p in map(fleet.programs.__getitem__, fleet.working)
        }
        self.client = Client(self.addresses, token)
        self._fleet = fleet
        self._services = [There(self.client, name) for name in SERVICES]

    async def lags(self) -> dict[str, Lag | None]:
        """Return how far each service is, None for one that does not say."""
        found = await asyncio.gather(*(_asked(service) for service in self._services))
        return dict(zip(SERVICES, found, strict=True))

    async def left(self) -> Mapping[str, int]:
        """Return what each service has left to do; -1 for one that does not say."""
        return {name: _left(lag) for name, lag in (await self.lags()).items()}

    async def settled(self, within: float) -> float | None:
        """Wait until all is done, seen in two looks running; return the seconds it took.

        None where that does not come *within* so many.
        """
        began = time.monotonic()
        before: object = None
        rested_at = began
        while time.monotonic() - began < within:
            lags = await self.lags()
            ready = all(await asyncio.gather(*map(self._fleet.is_ready, self._fleet.names)))
            resting = ready and all(lag is not None and lag.idle for lag in lags.values())
            marks = [lag.mark for lag in lags.values() if lag is not None]
            if resting and marks == before:
                return rested_at - began
            if not resting or marks != before:
                rested_at = time.monotonic()
            before = marks if resting else None
            await asyncio.sleep(LOOK_SECONDS)
        return None


async def _asked(service: There) -> Lag | None:
    try:
        async with asyncio.timeout(5):
            return await service.lag()
    except TimeoutError:
        return None


def _left(lag: Lag | None) -> int:
    if lag is None:
        return -1
    followers = sum(follower.lag for follower in lag.followers)
    return followers + sum(place.lag for place in lag.consumers) + lag.timers_due
