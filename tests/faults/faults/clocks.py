"""F13: the wall clock of one process jumps, by an hour and by a day, forth and back.

The process's own clock is moved, whatever asks for it: Python, the drivers, gRPC's core. What
goes by the time since the machine began is left alone, as on a machine whose clock is set.
Tokens go by the wall clock: whoever comes to a clock that is a day ahead is refused there.
"""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from tests.faults.fault import Fault, Inject
from tests.faults.skew.clock import MovedClock

if TYPE_CHECKING:
    from tests.faults.lab import Lab

HOUR, DAY = 3_600, 86_400
JUMPS = (HOUR, -HOUR, DAY, -DAY)
STAY_SECONDS = 6.0  # longer than a lease
NAMES = ("documents", "supervision", "notifier-decider", "notifier-streamer")


def jumping(name: str, jumps: Sequence[int]) -> Inject:
    """Let the clock of *name* jump from one place to another while it works."""

    async def inject(lab: "Lab", chance: Random) -> None:
        folder = lab.folder / "clocks" / name
        folder.mkdir(parents=True, exist_ok=True)
        clock = await asyncio.to_thread(MovedClock, folder)
        await lab.processes.kill(name)
        await lab.processes.start(name, environment=clock.environment)
        for seconds in (*chance.sample(jumps, len(jumps)), 0):
            lab.note(f"the clock of {name} is {seconds} s off")
            clock.move(seconds)
            await asyncio.sleep(STAY_SECONDS + chance.uniform(0, 2))
        await lab.processes.restart(name)

    return inject


FAULTS: Sequence[Fault] = [
    Fault(
        id="F13",
        variant=name.replace("-", "_"),
        told=f"the clock of {name} jumps by an hour and by a day",
        invariants=frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I11"}),
        inject=jumping(name, JUMPS),
    )
    for name in NAMES
] + [
    Fault(
        id="F13",
        variant="an_hour",
        told="the clock of supervision jumps by an hour, forth and back",
        invariants=frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I11"}),
        inject=jumping("supervision", (HOUR, -HOUR)),
    )
]
