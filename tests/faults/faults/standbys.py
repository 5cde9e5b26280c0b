"""F8: the primary dies and its standby is promoted, at the primary's address."""

import asyncio
from collections.abc import Sequence
from random import Random

from tests.faults.fault import Fault, Inject
from tests.faults.faults.histories import (
    BringBack,
    flagged_at_a_start,
    flagged_while_running,
)
from tests.faults.lab import Lab
from tests.faults.servers.postgres import Postgres
from tests.faults.servers.standby import promote, standby_of

INVARIANTS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6"})
LOST = frozenset({"I3", "I6"})
"""What still holds where commands that were answered OK are lost, as they are bound to be."""


async def _synchronous(lab: Lab, chance: Random) -> None:
    standby = await asyncio.to_thread(standby_of, lab.postgres.server, synchronous=True)
    lab.note("a synchronous standby follows")
    await lab.load.until(20)
    await asyncio.sleep(chance.uniform(0, 1))
    await lab.postgres.kill()
    await _promoted(lab, standby)


async def _falls_behind(lab: Lab) -> BringBack:
    """Let an asynchronous standby be told nothing any more, and be promoted in the end."""
    standby = await asyncio.to_thread(standby_of, lab.postgres.server, synchronous=False)
    await lab.load.until(20)
    await asyncio.to_thread(standby.stop)
    lab.note("the standby is told nothing any more")

    async def bring_back() -> None:
        await lab.postgres.kill()
        await asyncio.to_thread(standby.start)
        await _promoted(lab, standby)

    return bring_back


async def _promoted(lab: Lab, standby: Postgres) -> None:
    primary = lab.postgres.server
    await asyncio.to_thread(promote, standby, primary.address)
    lab.postgres.replace(standby)
    await asyncio.to_thread(primary.close)


def _asynchronous(*, running: bool) -> Inject:
    flagged = flagged_while_running if running else flagged_at_a_start

    async def inject(lab: Lab, _: Random) -> None:
        await flagged(lab, _falls_behind)

    return inject


FAULTS: Sequence[Fault] = (
    Fault(
        id="F8",
        variant="synchronous",
        told="PostgreSQL gets SIGKILL, and its synchronous standby is promoted",
        invariants=INVARIANTS,
        inject=_synchronous,
    ),
    Fault(
        id="F8",
        variant="asynchronous",
        told="an asynchronous standby that lacks commands is promoted, and the services "
        "started on it: they refuse until an operator has declared a new epoch",
        invariants=LOST,
        inject=_asynchronous(running=False),
        ends_lab=True,
    ),
    Fault(
        id="F8",
        variant="asynchronous_while_running",
        told="an asynchronous standby that lacks commands is promoted under services "
        "that run: they refuse to go on",
        invariants=LOST,
        inject=_asynchronous(running=True),
        ends_lab=True,
    ),
)
