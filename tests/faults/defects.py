# ruff: noqa: S608 every name in a statement is ours
"""Defects, seeded where only an owner can put them: what the checkers are there to find."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from tests.faults.evidence import Checker, Evidence


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that goes wrong, how it is put right again, and what is said of it."""

    checker: Checker
    service: str
    made: str
    undone: str
    said: Sequence[str]

    async def found(self, evidence: Evidence) -> Sequence[str]:
        """Return what its checker says."""
        return (await self.checker(evidence)).violations


def lost(table: str, where: str) -> tuple[str, str]:
    """Return what takes rows out of a table, and what brings them back."""
    taken = f"create table saved as select * from {table} where {where}"
    given = "overriding system value" if table == "store.event" else ""
    return (
        f"{taken}; delete from {table} where {where}",
        f"insert into {table} {given} select * from saved; drop table saved",
    )


def unguarded(statement: str) -> str:
    """Return a change of events, which are never changed."""
    guards = "alter table store.event {} trigger all"
    return f"{guards.format('disable')}; {statement}; {guards.format('enable')}"


def events_lost(where: str) -> tuple[str, str]:
    """Return what takes events out of a store, and what brings them back."""
    made, undone = lost("store.event", where)
    return unguarded(made), undone


def defect(checker: Checker, service: str, both: tuple[str, str], *said: str) -> Defect:
    """Return a defect of a service's database, which the checker calls so."""
    made, undone = both
    return Defect(checker, service, made, undone, said)


async def changed(dsn: str, *statements: str) -> None:
    """Tamper with a database as only its owner can."""
    db = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await db.execute(statement)
    finally:
        await db.close()
