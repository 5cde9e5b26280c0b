"""F6: Kafka is restarted, killed, frozen; one of three brokers is away."""

import asyncio
from collections.abc import Sequence
from random import Random

from tests.faults.fault import Fault, Inject
from tests.faults.lab import Lab

INVARIANTS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7"})
AWAY_SECONDS = 3.0
BROKERS = 3


async def _restarted(lab: Lab, _: Random) -> None:
    await lab.kafka.restart()


async def _killed(lab: Lab, chance: Random) -> None:
    await lab.kafka.kill()
    await asyncio.sleep(chance.uniform(0, AWAY_SECONDS))
    await lab.kafka.start()


def _frozen(seconds: float, *, alone: bool = False) -> Inject:
    async def inject(lab: Lab, chance: Random) -> None:
        broker = chance.randrange(BROKERS) if alone else None
        await lab.kafka.freeze(seconds, broker)

    return inject


async def _one_after_another_killed(lab: Lab, chance: Random) -> None:
    for broker in chance.sample(range(BROKERS), k=2):
        await lab.kafka.kill(broker)
        await asyncio.sleep(chance.uniform(5, 10))
        await lab.kafka.start(broker)
        await asyncio.sleep(AWAY_SECONDS)  # until its copies have caught up


async def _two_killed(lab: Lab, chance: Random) -> None:
    gone = chance.sample(range(BROKERS), k=2)
    for broker in gone:
        await lab.kafka.kill(broker)
    await asyncio.sleep(chance.uniform(5, 10))
    await lab.kafka.start()


FAULTS: Sequence[Fault] = (
    Fault(
        id="F6",
        variant="restarted",
        told="Kafka is stopped in order and started again",
        invariants=INVARIANTS,
        inject=_restarted,
    ),
    Fault(
        id="F6",
        variant="killed",
        told="Kafka gets SIGKILL and comes back within three seconds",
        invariants=INVARIANTS,
        inject=_killed,
    ),
    Fault(
        id="F6",
        variant="frozen_briefly",
        told="Kafka stands still for 8 s, with its connections open",
        invariants=INVARIANTS,
        inject=_frozen(8),
    ),
    Fault(
        id="F6",
        variant="frozen",
        told="Kafka stands still for 60 s, with its connections open",
        invariants=INVARIANTS,
        inject=_frozen(60),
    ),
    Fault(
        id="F6",
        variant="one_of_three_killed",
        told="of three brokers one, and then another, gets SIGKILL",
        invariants=INVARIANTS,
        inject=_one_after_another_killed,
        brokers=BROKERS,
    ),
    Fault(
        id="F6",
        variant="one_of_three_frozen",
        told="one of three brokers stands still for 20 s",
        invariants=INVARIANTS,
        inject=_frozen(20, alone=True),
        brokers=BROKERS,
    ),
    Fault(
        id="F6",
        variant="two_of_three_killed",
        told="two of three brokers get SIGKILL: too few are left to acknowledge anything",
        invariants=INVARIANTS,
        inject=_two_killed,
        brokers=BROKERS,
    ),
)
