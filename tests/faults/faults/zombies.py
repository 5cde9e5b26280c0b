"""F4 and F12: who was given up for dead comes back; members of a group come and go."""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import asyncpg
from aiokafka.errors import KafkaError

from chassis.log import Place, Subscriber
from chassis.log.kafka import KafkaLog
from tests.faults.fault import Fault
from tests.support.service import eventually

if TYPE_CHECKING:
    from tests.faults.lab import Lab

FROZEN_SECONDS = 13.0  # a lease runs out after 5 seconds, a session with Kafka after 10
TAKEN_OVER_SECONDS = 15.0
STORM_SECONDS = 20.0
GROUPS = {
    "supervision.main": ["public.documents.incoming.v1"],
    "notifier.main": ["public.documents.incoming.v1", "public.supervision.matter.v1"],
}
DATABASES = {"notifier-decider": "notifier"}
OWNERS = "select distinct owner from feed.follower where lease_until > now()"


async def _freeze(lab: "Lab", rng: Random, name: str, times: int) -> None:
    """Let one stand still while its second takes over, and the second while it does so itself."""
    second = f"{name}-2"
    await lab.processes.start(second)
    for turn in range(times):
        frozen = (name, second)[turn % 2]
        await asyncio.sleep(rng.uniform(0.5, 2.0))
        before = await _owners(lab, name)
        await lab.processes.freeze(frozen)
        try:
            await asyncio.sleep(FROZEN_SECONDS + rng.uniform(0, 1))
            await _await_other(lab, name, before)
        finally:
            await lab.processes.thaw(frozen)
        await lab.load.until(20)


async def _await_other(lab: "Lab", name: str, before: frozenset[str]) -> None:
    """Wait until somebody follows who did not: else nobody was given up, and nothing is shown."""
    after = await eventually(partial(_newcomers, lab, name, before), TAKEN_OVER_SECONDS)
    lab.note(f"{name}: {len(before)} had leases before, and {len(after)} others now")


async def _newcomers(lab: "Lab", name: str, before: frozenset[str]) -> frozenset[str]:
    return await _owners(lab, name) - before


async def _owners(lab: "Lab", name: str) -> frozenset[str]:
    connection = await asyncpg.connect(lab.postgres.dsn(DATABASES.get(name, name)))
    try:
        return frozenset(row["owner"] for row in await connection.fetch(OWNERS))
    finally:
        await connection.close()


async def _storm(lab: "Lab", rng: Random) -> None:
    """Let strangers join the consumers' groups, take partitions away, and leave."""
    log = KafkaLog(lab.kafka.bootstrap)
    turns = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STORM_SECONDS):
            while True:
                group, topics = rng.choice(list(GROUPS.items()))
                await _join(log, group, topics, rng.uniform(0.2, 1.0))
                turns += 1
    await log.close()
    lab.note(f"{turns} members joined and left")


async def _join(log: KafkaLog, group: str, topics: Sequence[str], seconds: float) -> None:
    with contextlib.suppress(KafkaError):
        member = await log.subscriber(group, topics, _took)
        try:
            await asyncio.sleep(seconds)
        finally:
            await member.close()


async def _took(_: Subscriber, __: frozenset[Place]) -> None:
    """Leave what was taken unread."""


async def _instances(lab: "Lab", rng: Random) -> None:
    """Let second instances of the consumers come and be killed."""
    for _ in range(2):
        for name in ("supervision-2", "notifier-decider-2"):
            await lab.processes.start(name, ready=rng.random() < 0.5)
            await asyncio.sleep(rng.uniform(1, 3))
        for name in ("supervision-2", "notifier-decider-2"):
            await lab.processes.kill(name)
        await asyncio.sleep(rng.uniform(0.5, 2))


ZOMBIE = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I11"})

FAULTS: Sequence[Fault] = [
    *(
        Fault(
            id="F4",
            variant=name.replace("-", "_"),
            told=f"{name} is frozen past its lease and its session, replaced, and thawed",
            invariants=ZOMBIE,
            inject=partial(_freeze, name=name, times=2),
        )
        for name in ("documents", "supervision", "notifier-decider")
    ),
    Fault(
        id="F12",
        variant="strangers",
        told="members join the consumers' groups and leave them, one a second",
        invariants=ZOMBIE | {"I10"},
        inject=_storm,
    ),
    Fault(
        id="F12",
        variant="instances",
        told="second instances of the consumers come and are killed",
        invariants=ZOMBIE | {"I10"},
        inject=_instances,
    ),
]
