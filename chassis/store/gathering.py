"""Calls that come while others are under way wait for each other, and go as one.

Whoever is alone goes at once. Under load a round trip, and a commit, carries as many as came
meanwhile: what each costs falls as there are more.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from typing import Any, Generic, TypeVar

import asyncpg

from chassis.database import retryable

G = TypeVar("G")
R = TypeVar("R")

HELD_UP = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
LANES = 2
MOST = 64
PATIENT_SECONDS = (
    0.1  # a call that takes longer waits for somebody's lock: the others go by
)


class Gathering(Generic[G, R]):
    """Gathers what is given one by one for *work*, which answers each in order.

    What has the same *place* never goes together. Where *work* fails for several, each is
    tried alone, unless the database was away: what is wrong with one concerns no other.
    """

    def __init__(
        self,
        work: Callable[[Sequence[G]], Awaitable[Sequence[R]]],
        place: Callable[[G], Hashable],
    ) -> None:
        self._work = work
        self._place = place
        self._waiting: deque[tuple[G, asyncio.Future[R]]] = deque()
        self._lanes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def do(self, given: G) -> R:
        """Return the answer to *given*; raises what its work raises.

        Who stops waiting does not take it back: it may be on its way.
        """
        answered: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, answered))
        if self._lanes < LANES:
            self._lanes += 1
            self._start(self._go())
        return await answered

    async def _go(self) -> None:
        try:
            while self._waiting:
                call = self._start(self._answer(self._together()))
                await asyncio.wait({call}, timeout=PATIENT_SECONDS)
        finally:
            self._lanes -= 1

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself keeps none
        task.add_done_callback(self._tasks.discard)
        return task

    def _together(self) -> list[tuple[G, "asyncio.Future[R]"]]:
        """Take what may go as one; leave the rest in its order."""
        taken: dict[Hashable, tuple[G, asyncio.Future[R]]] = {}
        left: list[tuple[G, asyncio.Future[R]]] = []
        while self._waiting and len(taken) < MOST:
            one = self._waiting.popleft()
            if one[1].done():
                continue  # nobody waits any more
            if taken.setdefault(self._place(one[0]), one) is not one:
                left.append(one)
        self._waiting.extendleft(reversed(left))
        return list(taken.values())

    async def _answer(self, together: Sequence[tuple[G, "asyncio.Future[R]"]]) -> None:
        if not together:
            return
        try:
            answers = await self._work([given for given, _ in together])
        except Exception as error:  # noqa: BLE001 whoever asked is told
            if len(together) > 1 and (isinstance(error, HELD_UP) or not retryable(error)):
                await asyncio.gather(*(self._answer([one]) for one in together))
                return
            for answered in _waiting(together):
                answered.set_exception(error)
        except BaseException:  # we are ended: nobody is left waiting
            for answered in _waiting(together):
                answered.cancel()
            raise
        else:
            for (_, answered), answer in zip(together, answers, strict=True):
                if not answered.done():
                    answered.set_result(answer)


def _waiting(
    together: Sequence[tuple[G, "asyncio.Future[R]"]],
) -> list["asyncio.Future[R]"]:
    return [answered for _, answered in together if not answered.done()]
