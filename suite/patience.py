"""A database asked from outside, by whoever plays a scenario: it may be away for a while."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from chassis.database import open_pool, retryable

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.1

T = TypeVar("T")


class PatientPool:
    """A pool whose statements are tried again: only for those that may be repeated."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def fetch(self, query: str, *args: Any) -> Any:
        """Return rows."""
        return await _patiently(lambda: self._pool.fetch(query, *args))

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Return the first value of the first row."""
        return await _patiently(lambda: self._pool.fetchval(query, *args))

    async def execute(self, query: str, *args: Any) -> Any:
        """Execute."""
        return await _patiently(lambda: self._pool.execute(query, *args))


@contextlib.asynccontextmanager
async def open_patient(dsn: str) -> AsyncIterator[PatientPool]:
    """Open a small pool until the block ends."""
    pool = await open_pool(dsn, 2)
    try:
        yield PatientPool(pool)
    finally:
        pool.terminate()  # `close` would wait for sessions that may be dead


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await ask()
        except Exception as error:
            if not retryable(error) or time.monotonic() > until:
                raise
            await asyncio.sleep(PAUSE_SECONDS)
