"""The keys of personal data: one per subject, in a database of its own.

Erasing a subject's key erases what stored events say of that person, backups included,
while every hash still verifies (crypto-shredding).
"""

import os
import time
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

import asyncpg

CACHED_SECONDS = 60.0
CACHED_KEYS = 10_000


class SubjectErasedError(Exception):
    """New personal data of an erased subject: the person asked not to be recorded."""


class KeyRing(Protocol):
    """Gives the keys of subjects."""

    async def keys(self, subjects: Iterable[UUID], *, create: bool) -> dict[UUID, bytes]:
        """Return a 32-byte key for each subject that has one.

        With *create*, a missing key is made; an erased one raises `SubjectErasedError`.
        """
        ...

    async def erase(self, subject: UUID) -> None:
        """Forget the subject's key for good. Idempotent."""
        ...


class StoredKeyRing:
    """Keys in PostgreSQL, remembered for a minute, so that an erasure is soon obeyed."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._known: dict[UUID, tuple[float, bytes]] = {}

    async def keys(self, subjects: Iterable[UUID], *, create: bool) -> dict[UUID, bytes]:
        """Return the keys; see `KeyRing`."""
        now = time.monotonic()
        if len(self._known) > CACHED_KEYS:
            self._known.clear()
        wanted = set(subjects)
        found = {
            s: k for s in wanted for t, k in [self._known.get(s, (0.0, b""))] if t > now
        }
        if missing := wanted - found.keys():
            if create:
                await self._create(missing)
            rows = await self._pool.fetch(
                "select subject, key from subject_key k where subject = any($1) "
                "and not exists (select from subject_erased e where e.subject = k.subject)",
                list(missing),
            )
            for row in rows:
                found[row["subject"]] = row["key"]
                self._known[row["subject"]] = (now + CACHED_SECONDS, row["key"])
            if create and (gone := wanted - found.keys()):
                raise SubjectErasedError(f"erased: {sorted(map(str, gone))}")
        return found

    async def _create(self, subjects: set[UUID]) -> None:
        await self._pool.executemany(
            "insert into subject_key (subject, key) select $1, $2 "
            "where not exists (select from subject_erased where subject = $1) "
            "on conflict do nothing",
            [(subject, os.urandom(32)) for subject in subjects],
        )

    async def erase(self, subject: UUID) -> None:
        """Forget the subject's key; see `KeyRing`."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "insert into subject_erased (subject) values ($1) on conflict do nothing",
                subject,
            )
            await connection.execute("delete from subject_key where subject = $1", subject)
        self._known.pop(subject, None)
