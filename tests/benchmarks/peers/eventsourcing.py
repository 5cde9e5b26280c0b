"""The eventsourcing library beside our append: on the same server, in processes of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from tests.benchmarks.alert_processes import Child
from tests.benchmarks.cpu import Meter
from tests.benchmarks.figures import Run, Tally
from tests.benchmarks.lab import Lab
from tests.benchmarks.peers.environment import NOT_HERE, peer, peers_are_here

LOCKING = "eventsourcing"
UNLOCKED = "eventsourcing, no lock"
WAYS = {LOCKING: "lock", UNLOCKED: "function"}
LAST = "select coalesce(max(notification_id), 0) from application_events"
COUNTED = """
select count(*) as found, count(distinct (originator_id, originator_version)) as different
from application_events where notification_id > $1
"""


class Library:
    """Its writers, on a database of its own."""

    def __init__(
        self, lab: Lab, child: Child, owner: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        self._lab = lab
        self._child = child
        self._owner = owner

    async def append(
        self, writers: int, per_transaction: int, seconds: float | None = None
    ) -> Run:
        """Let so many writers save for a while, then count what is in its table."""
        before = await self._owner.fetchval(LAST)
        python = {"python": self._child.pid}
        with Meter(python, self._lab.postgres.pid, "generator") as meter:
            done = await self._child.ask(
                seconds=seconds or self._lab.sizes.seconds,
                writers=writers,
                events=per_transaction,
            )
        events = done["times"] * per_transaction
        row = await self._owner.fetchrow(COUNTED, before)
        if row is None:
            raise AssertionError("a count is always one row")
        return Run(
            measures={"rate": events / done["seconds"]},
            events=events,
            tally=Tally(expected=events, found=row["found"], distinct=row["different"]),
            cpu=meter.cpu,
        )


@asynccontextmanager
async def eventsourcing_on(lab: Lab, writers: int) -> AsyncIterator[Mapping[str, Library]]:
    """Start the library both ways, for so many writers at most; nothing where it is not."""
    if not peers_are_here():
        lab.skipped.append(f"append beside eventsourcing: {NOT_HERE}")
        yield {}
        return
    async with AsyncExitStack() as stack:
        libraries = {}
        for name, way in WAYS.items():
            dsn = await lab.postgres.create_database(f"bench_eventsourcing_{way}")
            starting = peer("eventsourcing_writers", dsn, str(writers), way)
            child = await stack.enter_async_context(starting)
            owner = await asyncpg.connect(dsn)
            stack.push_async_callback(owner.close)
            libraries[name] = Library(lab, child, owner)
        yield libraries
