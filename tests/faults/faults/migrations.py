"""F23: the next version's migration under traffic, twice at once, and killed on its way.

The next version is this one with another migration: it adds a column to the table of events,
a table and an index. Processes of this version go on working, and new ones are started.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import TYPE_CHECKING

import asyncpg

from tests.faults.crash_points import KILLED
from tests.faults.fault import Fault

if TYPE_CHECKING:
    from tests.faults.lab import Lab

SERVICES = ("documents", "supervision")
NEXT = "service_next_of_tests"
COMMAND_SECONDS = 60.0
REVISION = "select version_num from alembic_service"
BACK = """
alter table store.event drop column if exists noted;
drop table if exists store.noted;
drop index if exists feed.inbox_noted;
"""


class MigrationError(AssertionError):
    """A migration did not end as it should."""


async def _under_traffic(lab: "Lab", chance: Random) -> None:
    """Migrate twice at once; let new processes work beside the old ones; go back."""
    async with _taken_back(lab):
        await asyncio.sleep(chance.uniform(0, 1))
        codes = await asyncio.gather(_migrate(lab), _migrate(lab))
        _expect(codes, [0, 0])
        await _expect_revision(lab, NEXT)
        await lab.processes.start("documents-2")
        await lab.processes.start("supervision-2")
        await lab.load.until(40)
    await lab.load.until(20)


async def _killed(lab: "Lab", chance: Random) -> None:
    """Kill the migration before its commit, and run it again."""
    async with _taken_back(lab):
        number = chance.randint(1, len(SERVICES))
        before = await _revision(lab, SERVICES[number - 1])
        _expect([await _migrate(lab, f"mid_migration:{number}")], [KILLED])
        if await _revision(lab, SERVICES[number - 1]) != before:
            raise MigrationError("what was killed before its commit was committed")
        await lab.load.until(20)
        _expect([await _migrate(lab)], [0])
        await _expect_revision(lab, NEXT)
        await lab.load.until(20)


async def _migrate(lab: "Lab", crash: str = "") -> int:
    """Run the next version's migration of all services; return its exit code."""
    words = [sys.executable, "-m", "tests.faults.migrating", "migrate", *SERVICES]
    given = lab.processes.spawning.environment() | {"SHUNIU_CRASH": crash}
    lab.note(f"the next version migrates {crash}".rstrip())
    done = await asyncio.to_thread(
        subprocess.run,
        words,
        env=given,
        capture_output=True,
        check=False,
        timeout=COMMAND_SECONDS,
    )
    said = done.stderr.decode("utf-8", "replace").strip()[-300:]
    lab.note(f"the migration ended with {done.returncode} {said}".rstrip())
    return done.returncode


@contextlib.asynccontextmanager
async def _taken_back(lab: "Lab") -> AsyncIterator[None]:
    """Take back what the next version added: other runs know nothing of it."""
    known = await _revision(lab, SERVICES[0])
    try:
        yield
    finally:
        for service in SERVICES:
            connection = await asyncpg.connect(lab.postgres.dsn(service))
            try:
                async with connection.transaction():
                    await connection.execute(BACK)
                    await connection.execute(
                        "update alembic_service set version_num = $1", known
                    )
            finally:
                await connection.close()
        lab.note("the next version is taken back")


async def _revision(lab: "Lab", service: str) -> str:
    connection = await asyncpg.connect(lab.postgres.dsn(service))
    try:
        return str(await connection.fetchval(REVISION))
    finally:
        await connection.close()


async def _expect_revision(lab: "Lab", revision: str) -> None:
    for service in SERVICES:
        if (found := await _revision(lab, service)) != revision:
            raise MigrationError(f"{service} is at {found}, and not at {revision}")


def _expect(codes: Sequence[int], wanted: Sequence[int]) -> None:
    if list(codes) != list(wanted):
        raise MigrationError(
            f"migrations ended with {list(codes)}, not with {list(wanted)}"
        )


WHOLE = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I9"})

FAULTS: Sequence[Fault] = [
    Fault(
        id="F23",
        variant="under_traffic",
        told="the next version migrates, twice at once, and both versions work",
        invariants=WHOLE,
        inject=_under_traffic,
    ),
    Fault(
        id="F23",
        variant="killed",
        told="the next version's migration is killed before its commit, and run again",
        invariants=WHOLE,
        inject=_killed,
    ),
]
