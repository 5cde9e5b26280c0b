"""An office that is reminded of its tasks: timers to try, and what they fired."""

import asyncio
from typing import Any
from uuid import UUID

from chassis.timers import Fired, Setting, Timers
from tests.support.samples import cause
from tests.support.service import Process
from tests.support.tasks import (
    TASK,
    HandClock,
    RemindTask,
    TaskCommand,
    TaskOpened,
    TaskReminded,
    arming,
)

ITEM = UUID(int=1)


class Office:
    """The timers of one process, their clock, and what they fired."""

    def __init__(self, process: Process, clock: HandClock) -> None:
        self.process = process
        self.store = process.store
        self.fired: list[Fired] = []
        self.trouble: list[Exception] = []
        self.timers = Timers({"task": arming}, {"remind": self.remind}, clock)
        self.running: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Let the timers run."""
        self.running = self.process.follow(self.timers)

    async def close(self) -> None:
        """Stop the timers."""
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)

    async def remind(self, fired: Fired) -> None:
        """Fire, or run into trouble."""
        if self.trouble:
            raise self.trouble.pop()
        self.fired.append(fired)
        command = RemindTask(task_id=fired.item_id, at=fired.due_at)
        await self.store.execute(TASK, fired.item_id, command, fired.cause)

    async def do(self, command: TaskCommand) -> None:
        """Execute *command* on its task."""
        await self.store.execute(TASK, command.task_id, command, cause())

    async def reminded(self, item: UUID = ITEM) -> int:
        """Return how often it was reminded of a task."""
        return (await self.store.read(TASK, item)).state.reminded

    async def timers_in(self, state: str) -> list[Any]:
        """Return the rows of timers of which the SQL condition *state* is true."""
        return await self.store.pool.fetch(f"select * from feed.timer where {state}")  # noqa: S608

    async def has_none(self, state: str) -> bool:
        """Say whether of no timer the SQL condition *state* is true."""
        return not await self.timers_in(state)

    def has_fired(self, times: int) -> bool:
        """Say whether so many timers fired."""
        return len(self.fired) == times


def only_armed(event: Any) -> list[Setting]:
    """Arm, and take nothing back."""
    return arming(event) if isinstance(event, TaskOpened) else []


def never_disarmed(event: Any) -> list[Setting]:
    """Arm as usual, and take nothing back."""
    return [] if isinstance(event, TaskReminded) else arming(event)
