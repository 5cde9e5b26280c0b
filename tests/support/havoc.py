"""Things die while a scenario is played: each in the middle of what it does."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.client import Client
from suite.scenario import Step

LOOK_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class Blow:
    """What *dies* once it is seen *doing* something; it says what, or nothing."""

    name: str
    doing: Callable[[], Awaitable[str]]
    dies: Callable[[], Awaitable[None]]


class Busy(Client):
    """A client that can tell which of its commands are not answered yet."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._asked: Counter[str] = Counter()

    async def send(
        self, method: str, person: str, path: str, *given: Any, **more: Any
    ) -> dict[str, Any]:
        """Ask for a command, and remember it until it is answered."""
        self._asked[path] += 1
        try:
            return await super().send(method, person, path, *given, **more)
        finally:
            self._asked[path] -= 1

    def unanswered(self, service: str = "") -> str:
        """Return a command, to *service* or to anybody, that is not answered yet."""
        begins = f"/{service}/" if service else "/"
        found = (p for p, count in self._asked.items() if count and p.startswith(begins))
        return next(found, "")


class Havoc:
    """A stage on which blows are dealt from chosen steps on, each once it hits something."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self.hits: dict[str, str] = {}
        self.arrived: dict[str, int] = {}
        self._tasks = tasks
        self._planned: dict[int, list[Blow]] = {}
        self._dealt: dict[str, asyncio.Task[None]] = {}

    def plan(self, number: int, blow: Blow) -> None:
        """Let *blow* fall at the first moment it hits something from this step on."""
        self._planned.setdefault(number, []).append(blow)

    def end(self) -> None:
        """Look no longer for what was not hit; what died comes back before the tasks end."""
        for name, task in self._dealt.items():
            if name not in self.hits:
                task.cancel()

    def step(self, number: int, of: int, step: Step) -> None:
        """Begin to look for what is planned."""
        del of, step
        for blow in self._planned.pop(number, ()):
            self._dealt[blow.name] = self._tasks.create_task(self._deal(blow))

    def alert(self, person: str, alert: pb.Alert) -> None:
        """Remember how far each mailbox was told."""
        self.arrived[person] = alert.sequence

    def differs(self, where: str, differences: Any) -> None:
        """Show nothing: the result tells of it."""

    async def _deal(self, blow: Blow) -> None:
        while True:
            if doing := await blow.doing():
                self.hits[blow.name] = doing
                return await blow.dies()
            await asyncio.sleep(LOOK_SECONDS)
