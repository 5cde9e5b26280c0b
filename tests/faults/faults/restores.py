"""F24: PostgreSQL is restored from an older backup, while Kafka kept what came later."""

import asyncio
from collections.abc import Sequence
from random import Random

from tests.faults.fault import Fault
from tests.faults.faults.histories import (
    BringBack,
    flagged_at_a_start,
    flagged_to_readers,
    flagged_while_running,
)
from tests.faults.lab import Lab

INVARIANTS = frozenset({"I3", "I6"})
"""Commands since the backup are lost, answered or not; nothing else may be wrong."""


async def _backed_up(lab: Lab) -> BringBack:
    backup = lab.postgres.server.folder / "backup"
    await asyncio.to_thread(lab.postgres.server.copy, backup)
    lab.note("postgres is backed up")

    async def bring_back() -> None:
        await lab.postgres.kill()
        await asyncio.to_thread(lab.postgres.server.restore, backup)
        lab.note("postgres is restored from the backup")
        await lab.postgres.start()

    return bring_back


async def _restored(lab: Lab, _: Random) -> None:
    await flagged_at_a_start(lab, _backed_up)


async def _mailboxes_restored(lab: Lab, _: Random) -> None:
    await flagged_to_readers(lab, _backed_up)


async def _restored_while_running(lab: Lab, _: Random) -> None:
    await flagged_while_running(lab, _backed_up)


FAULTS: Sequence[Fault] = (
    Fault(
        id="F24",
        variant="restored",
        told="PostgreSQL is restored from an older backup, and the services started on "
        "it: they refuse until an operator has declared a new epoch",
        invariants=INVARIANTS,
        inject=_restored,
        ends_lab=True,
    ),
    Fault(
        id="F24",
        variant="restored_while_running",
        told="PostgreSQL is restored from an older backup under services that run: they "
        "refuse to go on",
        invariants=INVARIANTS,
        inject=_restored_while_running,
        ends_lab=True,
    ),
    Fault(
        id="F24",
        variant="mailboxes",
        told="PostgreSQL is restored from an older backup, mailboxes among the rest: who "
        "had read beyond is told so, before another alert takes a number that was given",
        invariants=INVARIANTS,
        inject=_mailboxes_restored,
        ends_lab=True,
    ),
)
