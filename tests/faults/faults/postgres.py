"""F7: PostgreSQL is restarted, killed, frozen; single sessions are terminated."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random

from tests.faults.fault import Fault, Inject
from tests.faults.faults.drawing import drawn_past_a_boundary
from tests.faults.lab import Lab

INVARIANTS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6"})
AWAY_SECONDS = 2.0
TERMINATED_A_SECOND = 5
SERVICES = ("documents", "supervision")
KILLS = 3
LAST_VALUE = "select last_value from store.event_position_seq"


async def _restarted(lab: Lab, _: Random) -> None:
    await lab.postgres.restart()


async def _killed(lab: Lab, chance: Random) -> None:
    await lab.postgres.kill()
    await asyncio.sleep(chance.uniform(0, AWAY_SECONDS))
    await lab.postgres.start()


async def _killed_past_a_boundary(lab: Lab, chance: Random) -> None:
    for _ in range(KILLS):
        service = chance.choice(SERVICES)
        await _all(lab.processes.freeze, lab)  # whose commits would keep what is drawn
        async with drawn_past_a_boundary(lab.postgres.dsn(service)) as drawn:
            strike = await asyncio.to_thread(lab.postgres.server.poised)
            await _all(lab.processes.thaw, lab)
            await asyncio.sleep(
                chance.choice([0, 0.003, 0.01, 0.03])
            )  # to see it takes less
            await asyncio.to_thread(strike)
        lab.note("postgres got SIGKILL")
        await lab.postgres.start()
        left = await asyncio.to_thread(lab.postgres.server.asked, LAST_VALUE, service)
        lab.note(f"{service} drew {drawn}, and is at {left} after the crash")
        await lab.load.until(5)


async def _all(do: Callable[[str], Awaitable[None]], lab: Lab) -> None:
    for name in lab.processes.names:
        await do(name)


def _frozen(seconds: float) -> Inject:
    async def inject(lab: Lab, _: Random) -> None:
        await lab.postgres.freeze(seconds)

    return inject


def _terminated(seconds: float) -> Inject:
    async def inject(lab: Lab, chance: Random) -> None:
        ended, until = 0, lab.now + seconds
        lab.note(f"{TERMINATED_A_SECOND} sessions a second are terminated")
        while lab.now < until:
            chosen = chance.random()
            ended += await asyncio.to_thread(lab.postgres.server.terminate_one, chosen)
            await asyncio.sleep(1 / TERMINATED_A_SECOND)
        lab.note(f"{ended} sessions were terminated")

    return inject


FAULTS: Sequence[Fault] = (
    Fault(
        id="F7",
        variant="restarted",
        told="PostgreSQL is stopped in order and started again",
        invariants=INVARIANTS,
        inject=_restarted,
    ),
    Fault(
        id="F7",
        variant="killed",
        told="PostgreSQL gets SIGKILL and comes back within two seconds",
        invariants=INVARIANTS,
        inject=_killed,
    ),
    Fault(
        id="F7",
        variant="killed_past_a_boundary",
        told="PostgreSQL gets SIGKILL with an open append just past a boundary of its "
        "sequence: positions that were drawn are drawn again",
        invariants=INVARIANTS,
        inject=_killed_past_a_boundary,
    ),
    Fault(
        id="F7",
        variant="frozen_briefly",
        told="PostgreSQL stands still for 6 s, with its connections open",
        invariants=INVARIANTS,
        inject=_frozen(6),
    ),
    Fault(
        id="F7",
        variant="frozen",
        told="PostgreSQL stands still for 30 s, with its connections open",
        invariants=INVARIANTS,
        inject=_frozen(30),
    ),
    Fault(
        id="F7",
        variant="sessions_terminated_briefly",
        told="five sessions a second are terminated, for 6 s",
        invariants=INVARIANTS,
        inject=_terminated(6),
    ),
    Fault(
        id="F7",
        variant="sessions_terminated",
        told="five sessions a second are terminated, for 60 s",
        invariants=INVARIANTS,
        inject=_terminated(60),
    ),
)
