"""F27: two faults at once, drawn by the seed from different grounds.

I7 is asked of each of them alone: of a pair one may well leave nobody who could answer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.faults.fault import Fault

if TYPE_CHECKING:
    from tests.faults.lab import Lab

GROUNDS: Mapping[str, frozenset[str]] = {
    "processes": frozenset({"F1", "F2", "F3", "F5"}),
    "kafka": frozenset({"F6"}),
    "postgres": frozenset({"F7"}),
    "links": frozenset({"F9", "F10"}),
    "deliveries": frozenset({"F11", "F12", "F15", "F19", "F20"}),
}
"""What can be struck at the same time: two of one ground would stand in each other's way."""

PAIRS = 6
LATER_SECONDS = 3.0
PAIR_SECONDS = 300.0


class NeitherError(AssertionError):
    """Neither of a pair was done."""


async def _pair(lab: "Lab", chance: Random) -> None:
    """Do both, the second a moment after the first.

    One may keep the other from what it waits for, which is noted; what must hold is judged.
    """
    drawn = draw(chance)
    lab.note(f"a pair: {' and '.join(fault.name for fault in drawn)}")
    later = [0.0, chance.uniform(0, LATER_SECONDS)]
    chances = [Random(chance.getrandbits(64)) for _ in drawn]  # noqa: S311 repeatable
    ends = await asyncio.gather(
        *map(partial(_one, lab), drawn, chances, later), return_exceptions=True
    )
    for fault, end in zip(drawn, ends, strict=True):
        if isinstance(end, Exception):
            lab.note(f"{fault.name} was kept from its end: {type(end).__name__}: {end}")
        elif end is not None:
            raise end
    if all(isinstance(end, Exception) for end in ends):
        raise NeitherError(f"neither was done: {ends}")


def draw(chance: Random) -> list[Fault]:
    """Return two faults of different grounds."""
    from tests.faults.known import all_faults  # noqa: PLC0415 it reads this file as well

    fit = [fault for fault in all_faults() if fault.brokers == 1 and not fault.ends_lab]
    grounds = chance.sample(list(GROUNDS), 2)
    return [chance.choice([f for f in fit if f.id in GROUNDS[one]]) for one in grounds]


async def _one(lab: "Lab", fault: Fault, chance: Random, later: float) -> None:
    await asyncio.sleep(later)
    await fault.inject(lab, chance)


FAULTS: Sequence[Fault] = [
    Fault(
        id="F27",
        variant=f"pair_{number}",
        told="two faults of different grounds at once, drawn by the seed",
        invariants=frozenset(
            {"I1", "I2", "I3", "I4", "I5", "I6", "I8", "I9", "I10", "I11"}
        ),
        inject=_pair,
        seconds=PAIR_SECONDS,
    )
    for number in range(1, PAIRS + 1)
]
