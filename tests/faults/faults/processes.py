"""F1, F2, F3, F5: processes killed at any time and at every crash point, and ended in order."""

import asyncio
from collections.abc import Sequence
from random import Random

from tests.faults.fault import Fault, Inject
from tests.faults.lab import Lab

INVARIANTS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6"})
KILLED = 137
POINT_SECONDS = 60.0  # within which a process comes to its crash point
MOST_PASSINGS = 40
ROLLING = ("documents", "supervision", "notifier-decider", "notifier-streamer")


def killed(*names: str, times: int = 2) -> Inject:
    """Kill each at random moments, and let it come back at once."""

    async def inject(lab: Lab, chance: Random) -> None:
        for _ in range(times):
            for name in names:
                await asyncio.sleep(chance.uniform(0.1, 1.0))
                await lab.processes.restart(name)
            await lab.load.until(15)

    return inject


def crashed(name: str, point: str, most: int = MOST_PASSINGS) -> Inject:
    """Let a process die at a crash point, after a number of passings that the seed chooses."""

    async def inject(lab: Lab, chance: Random) -> None:
        crash = f"{point}:{chance.randint(1, most)}"
        await lab.processes.kill(name)
        await lab.processes.start(name, crash=crash, ready=False)
        code = await lab.processes.ended(name, POINT_SECONDS)
        if code != KILLED:
            raise AssertionError(f"{name} ended with {code} instead of dying at {crash}")

    return inject


async def _rolling(lab: Lab, chance: Random) -> None:
    """Replace every process by its second instance, and that by the first, under load."""
    del chance
    for name in ROLLING:
        await lab.processes.start(f"{name}-2")
        code = await lab.processes.stop(name)
        if code != 0:
            raise AssertionError(f"{name} ended with {code} when it was asked to")
        await lab.processes.start(name)
        code = await lab.processes.stop(f"{name}-2")
        if code != 0:
            raise AssertionError(f"{name}-2 ended with {code} when it was asked to")


async def _terminated(lab: Lab, chance: Random) -> None:
    """End each in order under load, and start it again: in order is code 0."""
    for name in ROLLING:
        await asyncio.sleep(chance.uniform(0, 0.5))
        code = await lab.processes.stop(name)
        if code != 0:
            raise AssertionError(f"{name} ended with {code} when it was asked to")
        await lab.processes.start(name)


def _crash(
    number: str, variant: str, told: str, name: str, point: str, **more: int
) -> Fault:
    return Fault(
        id=number,
        variant=variant,
        told=f"{name} dies {told}",
        invariants=INVARIANTS,
        inject=crashed(name, point, **more),
    )


def _kill(number: str, name: str, told: str) -> Fault:
    return Fault(
        id=number,
        variant=f"{name}_killed".replace("-", "_"),
        told=f"{told} gets SIGKILL twice at random moments",
        invariants=INVARIANTS,
        inject=killed(name),
    )


FAULTS: Sequence[Fault] = (
    _kill("F1", "documents", "the command API of documents"),
    _kill("F1", "supervision", "the command API of supervision"),
    _crash(
        "F1",
        "append_open",
        "with an append open, before its commit",
        "documents",
        "after_append_before_commit",
    ),
    _crash(
        "F1",
        "reply_lost",
        "after a commit, before its reply",
        "documents",
        "after_commit_before_reply",
    ),
    _crash(
        "F2",
        "checkpoint_lost",
        "after Kafka's acknowledgement, before the checkpoint",
        "documents",
        "after_kafka_ack_before_checkpoint",
        most=15,
    ),
    _crash(
        "F3",
        "handlers_done",
        "with handlers done, before the offset's commit",
        "supervision",
        "after_handlers_before_commit",
        most=15,
    ),
    _crash(
        "F3",
        "mailboxes_filled",
        "with mailboxes filled, before the offset's commit",
        "notifier-decider",
        "after_handlers_before_commit",
        most=15,
    ),
    _crash(
        "F3",
        "projection_cut",
        "with rows of a batch written, before its commit",
        "supervision",
        "mid_projection_batch",
    ),
    _kill("F3", "notifier-decider", "the decider"),
    _kill("F3", "notifier-streamer", "the streamer"),
    Fault(
        id="F5",
        variant="terminated",
        told="each process gets SIGTERM under load, and comes back",
        invariants=frozenset({"I1", "I6"}),
        inject=_terminated,
    ),
    Fault(
        id="F5",
        variant="rolling",
        told="each process is replaced by another instance, and back, under load",
        invariants=frozenset({"I1", "I6"}),
        inject=_rolling,
    ),
)
