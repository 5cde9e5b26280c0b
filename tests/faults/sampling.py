"""What processes use, looked at again and again: growth shows."""

import asyncio
from collections.abc import Callable

from tests.faults.fleet import Fleet
from tests.faults.results import Sample

EVERY_SECONDS = 10.0


class Sampling:
    """Samples of one lab."""

    def __init__(self, fleet: Fleet, now: Callable[[], float]) -> None:
        self.samples: list[Sample] = []
        self._fleet, self._now = fleet, now
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Look no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            for name, use in self._fleet.uses().items():
                at = round(self._now(), 1)
                sample = Sample(
                    at=at,
                    process=name,
                    resident=use.resident,
                    descriptors=use.descriptors,
                )
                self.samples.append(sample)
            await asyncio.sleep(EVERY_SECONDS)
