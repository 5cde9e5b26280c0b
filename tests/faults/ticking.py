"""Business time: it goes on while clients work, and stands still while all comes to rest."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from chassis.clock import VirtualClock
from chassis.database import RETRIED, open_pool

EVERY_SECONDS = 0.5
STEP = timedelta(seconds=30)


class Ticking:
    """Moves the office's clock a minute a second."""

    def __init__(self, dsn: Callable[[], str], begins: datetime) -> None:
        self.going = False
        self._dsn, self._moment = dsn, begins
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Set the clock, and be ready to let it go on."""
        self._task = asyncio.create_task(self._run())
        await self._move()

    async def close(self) -> None:
        """Leave it alone."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if self.going:
                self._moment += STEP
                with contextlib.suppress(*RETRIED):
                    await self._move()

    async def _move(self) -> None:
        async with asyncio.timeout(5):
            pool = await open_pool(self._dsn(), 1)
            try:
                await VirtualClock(pool).move(self._moment)
            finally:
                pool.terminate()
