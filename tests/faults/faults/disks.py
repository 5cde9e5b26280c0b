"""F14: a disk is full: it says so at once, loses nothing, and goes on once there is room."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from tests.faults.fault import Fault, Inject
from tests.faults.faults.operating import BrokenPromiseError
from tests.faults.lab import Lab
from tests.faults.servers.disk import Disk
from tests.faults.servers.installation import PostgresError

INVARIANTS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7"})
FULL_SECONDS = 6.0
DIES_SECONDS = 20.0
BUSY = 503
WRITE_A_LITTLE = "select pg_logical_emit_message(false, 'tests', repeat('x', 4000000))"
MOST_WRITTEN = 100  # times that
CONSUMERS = ("documents", "supervision", "notifier")


def _postgres(which: Callable[[Lab], Disk], *, dies: bool) -> Inject:
    async def inject(lab: Lab, chance: Random) -> None:
        disk, before = which(lab), len(lab.history)
        await asyncio.to_thread(disk.fill)
        lab.note(f"postgres has no room left for its {disk.folder.name}")
        try:
            if dies:
                await _write_until_it_ends(lab)
            await asyncio.sleep(chance.uniform(FULL_SECONDS / 2, FULL_SECONDS))
        finally:
            await asyncio.to_thread(disk.free)
            lab.note("postgres has room again")
        await lab.postgres.start()
        _expect_busy(lab, before)
        await _expect_nothing_parked(lab)

    return inject


async def _kafka(lab: Lab, chance: Random) -> None:
    servers = lab.kafka.servers
    await asyncio.to_thread(servers.fill_disk)
    lab.note("kafka has no room left")
    try:
        await _ends(lab, servers.alive, "kafka")
        await asyncio.sleep(chance.uniform(0, FULL_SECONDS / 2))
    finally:
        await asyncio.to_thread(servers.free_disk)
        lab.note("kafka has room again")
    await lab.kafka.start()
    await _expect_nothing_parked(lab)


async def _write_until_it_ends(lab: Lab) -> None:
    """Write more than the room it has still to itself: what it keeps to use again."""
    server = lab.postgres.server
    with contextlib.suppress(PostgresError):  # it died of it
        for _ in range(MOST_WRITTEN):
            await asyncio.to_thread(server.asked, WRITE_A_LITTLE)
    await _ends(lab, lambda: server.alive, "postgres")


def _expect_busy(lab: Lab, since: int) -> None:
    """Expect that commands were told to come again, and told nothing worse."""
    told = Counter(attempt.status for attempt in list(lab.history)[since:])
    worse = {status for status in told if status and status >= 500} - {BUSY}
    if worse or not told[BUSY]:
        raise BrokenPromiseError(f"a full disk was answered so: {dict(told)}")


async def _expect_nothing_parked(lab: Lab) -> None:
    """Expect that no record was taken for a poisonous one."""
    for service in CONSUMERS:
        parked = await asyncio.to_thread(
            lab.postgres.server.asked, "select count(*) from feed.parked", service
        )
        if parked != "0":
            raise BrokenPromiseError(f"{service} has parked {parked} records")


async def _ends(lab: Lab, alive: Callable[[], bool], name: str) -> None:
    """Wait until a server has ended by itself, for want of room. Raises `BrokenPromiseError`."""
    until = lab.now + DIES_SECONDS
    while alive():
        if lab.now > until:
            raise BrokenPromiseError(f"{name} goes on living on a full disk: load it more")
        await asyncio.sleep(0.05)
    lab.note(f"{name} has ended by itself")


FAULTS: Sequence[Fault] = (
    Fault(
        id="F14",
        variant="postgres_data",
        told="PostgreSQL's disk of data is full for some seconds",
        invariants=INVARIANTS,
        inject=_postgres(lambda lab: lab.postgres.server.disk, dies=False),
    ),
    Fault(
        id="F14",
        variant="postgres_wal",
        told="PostgreSQL's disk of its write-ahead log is full: it dies of it, and "
        "comes back once there is room",
        invariants=INVARIANTS,
        inject=_postgres(lambda lab: lab.postgres.server.wal_disk, dies=True),
    ),
    Fault(
        id="F14",
        variant="kafka",
        told="Kafka's disk is full: it dies of it, and comes back once there is room",
        invariants=INVARIANTS,
        inject=_kafka,
    ),
)
