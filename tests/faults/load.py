"""The load: known items under contention, at a steady rate, whatever the services do."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID

from tests.faults.clerk import Asked, Clerks
from tests.faults.files import Step
from tests.faults.history import Outcome
from tests.faults.office import Office

MOST_AT_ONCE = 40  # commands in hand; beyond that clients come later
REPEATED = 0.03  # of what was answered OK, sent once more at once
KEPT = 300  # answers that a later repeat is compared with
AGAIN_AT_END = 15
AGAIN_SECONDS = 0.2
AT_ONCE = 10  # sent again together
LOOK_SECONDS = 0.02


class StuckLoadError(Exception):
    """So many commands are not answered OK in that time."""


class Load:
    """Clients at work. *rate* is commands a second; set it to change it."""

    def __init__(self, office: Office, clerks: Clerks, chance: Random, rate: float) -> None:
        self.rate = rate
        self.office, self.clerks = office, clerks
        self.counts: Counter[Outcome] = Counter()
        self._chance = chance
        self._going = asyncio.Event()
        self._hands: set[asyncio.Task[None]] = set()
        self.left: dict[UUID, Step] = {}  # nobody knows yet what came of them
        self._answered: deque[Asked] = deque(maxlen=KEPT)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, paused."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End; what is in hand is dropped."""
        tasks = [task for task in (self._task, *self._hands) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def pause(self) -> None:
        """Ask nothing new."""
        self._going.clear()

    def resume(self) -> None:
        """Go on."""
        self._going.set()

    async def burst(self, factor: float, seconds: float) -> None:
        """Ask so many times as much, for so long."""
        usual, self.rate = self.rate, self.rate * factor
        try:
            await asyncio.sleep(seconds)
        finally:
            self.rate = usual

    async def until(self, more: int, within: float = 30.0) -> None:
        """Wait until *more* commands than now were answered OK. Raises `StuckLoadError`."""
        wanted = self.counts[Outcome.OK] + more
        loop = asyncio.get_running_loop()
        give_up = loop.time() + within
        while (missing := wanted - self.counts[Outcome.OK]) > 0:
            if loop.time() > give_up:
                raise StuckLoadError(f"{missing} of {more} are missing")
            await asyncio.sleep(LOOK_SECONDS)

    async def rested(self) -> None:
        """Ask nothing new, and wait until nothing is in hand."""
        self.pause()
        while self._hands:
            await asyncio.wait(set(self._hands))

    async def converged(self, within: float) -> int:
        """Send again what nobody knows the end of, until it is known; return what is left.

        Some of what was answered OK is sent again as well: it must be answered alike.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while left := list(self.left.values())[:AT_ONCE]:
                    await asyncio.gather(
                        *(self._once(step, self.clerks.send) for step in left)
                    )
                    if self.left:
                        await asyncio.sleep(AGAIN_SECONDS)
                count = min(AGAIN_AT_END, len(self._answered))
                for asked in self._chance.sample(list(self._answered), count):
                    await self.clerks.send(asked)
        return len(self.left)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if not self._going.is_set():
                await self._going.wait()
                due = loop.time()
            if len(self._hands) < MOST_AT_ONCE:
                steps = self.office.next()
                for step in steps:
                    self._hand_out(step)
            else:
                steps = []
            due = max(due + max(1, len(steps)) / self.rate, loop.time() - 1.0)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _hand_out(self, step: Step) -> None:
        task = asyncio.create_task(self._once(step, self.clerks.perform))
        self._hands.add(task)
        task.add_done_callback(self._hands.discard)

    async def _once(self, step: Step, send: Callable[[Asked], Awaitable[Outcome]]) -> None:
        self.left[step.asked.key] = step
        outcome = await send(step.asked)
        if outcome is not Outcome.UNKNOWN:
            del self.left[step.asked.key]
        self.counts[outcome] += 1
        if outcome is Outcome.OK:
            step.done()
            self._answered.append(step.asked)
            if self._chance.random() < REPEATED:
                await self.clerks.perform(step.asked)
