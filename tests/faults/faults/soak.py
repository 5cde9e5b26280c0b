"""F28: an hour of faults that chance chooses.

I7 is asked of it while no fault lasts that is not held to it: a frozen process says nothing.
"""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from tests.faults.evidence import Spell
from tests.faults.fault import Fault

if TYPE_CHECKING:
    from tests.faults.lab import Lab

ALL = frozenset(f"I{n}" for n in range(1, 12))
DAY = 86_400.0
NOT_BY_CHANCE = frozenset({"F27", "F28"})
ONE_SECONDS = 180.0
CALM_SECONDS = (5.0, 20.0)
AFTER_EACH = 20


def _fitting() -> list[Fault]:
    """Return the faults that leave a world in which others can be run."""
    from tests.faults.known import all_faults  # noqa: PLC0415 we are among them

    return [
        fault
        for fault in all_faults()
        if fault.brokers == 1 and not fault.ends_lab and fault.id not in NOT_BY_CHANCE
    ]


async def _soak(lab: "Lab", chance: Random) -> None:
    """Do one after another, with calm in between, until the time is over."""
    end = lab.now + lab.soak_seconds
    failed: list[str] = []
    while lab.now < end:
        fault, begin = chance.choice(_fitting()), lab.now
        lab.note(f"{fault.name}: {fault.told}")
        try:
            async with asyncio.timeout(max(ONE_SECONDS, fault.seconds)):
                await fault.inject(lab, Random(chance.random()))  # noqa: S311 repeatable
        except Exception as error:  # noqa: BLE001 told at the end, with all others
            failed.append(f"{fault.name}: {type(error).__name__}: {error}")
            lab.note(failed[-1])
        await lab.healed()
        await lab.load.until(AFTER_EACH, ONE_SECONDS)
        held = "I7" in fault.invariants
        lab.timeline.spells.append(Spell(begin, lab.now, held, fault.cut_off))
        await asyncio.sleep(chance.uniform(*CALM_SECONDS))
    if failed:
        raise AssertionError("; ".join(failed))


FAULTS: Sequence[Fault] = (
    Fault(
        id="F28",
        variant="soak",
        told="random faults, one after another, for an hour",
        invariants=ALL,
        inject=_soak,
        seconds=DAY,
    ),
)
