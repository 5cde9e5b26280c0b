"""Business time. Leases, tokens and retries use machine time instead."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import asyncpg

from chassis.database import connect, retryable

AGAIN_SECONDS = 0.25
FRESH_SECONDS = 5.0


class Clock(Protocol):
    """Tells what time it is in the office."""

    async def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock: for one process that shares its time with nobody."""

    async def now(self) -> datetime:
        """Return the machine's time."""
        return datetime.now(UTC)  # noqa: TID251 the one place that asks the machine


class DatabaseClock:
    """PostgreSQL's clock, which every instance asks: what production uses.

    A machine whose own clock is wrong fires no deadline early and dates nothing wrongly.
    The answer is carried on for a few seconds by a count that nobody can set; while the
    database is away, for as long as that takes. It never goes back.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._known: tuple[datetime, float] | None = None
        self._asked = -math.inf
        self._last = datetime.min.replace(tzinfo=UTC)

    async def now(self) -> datetime:
        """Return the database's time. Raises what the driver raises until it once answered."""
        if self._known is None or time.monotonic() - self._asked > FRESH_SECONDS:
            await self._ask()
        if self._known is None:
            raise AssertionError("it was asked, and answered")
        moment, since = self._known
        elapsed = timedelta(seconds=time.monotonic() - since)
        self._last = max(self._last, moment + elapsed)
        return self._last

    async def _ask(self) -> None:
        self._asked = time.monotonic()
        try:
            moment: datetime = await self._pool.fetchval("select clock_timestamp()")
        except Exception as error:
            if self._known is None or not retryable(error):
                raise
        else:
            self._known = moment.astimezone(UTC), time.monotonic()


class VirtualClock:
    """The demo's clock: one row that every process reads.

    It stands still while a scenario is played and its driver moves it; after `run` it goes
    on at the machine's pace from where it stood.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def now(self) -> datetime:
        """Return the virtual time."""
        moment: datetime = await self._pool.fetchval(
            "select case when running then virtual + (clock_timestamp() - real) else virtual end "
            "from clock"
        )
        return moment.astimezone(UTC)

    async def known(self) -> bool:
        """Say whether the clock was ever set."""
        return bool(await self._pool.fetchval("select exists (select from clock)"))

    async def begin(self, moment: datetime) -> None:
        """Stand still at *moment*, wherever the clock stood: only before anything happened."""
        await self._pool.execute(
            "insert into clock as c (virtual) values ($1) on conflict (only_row) do update "
            "set virtual = excluded.virtual, real = clock_timestamp(), running = false",
            moment,
        )

    async def move(self, moment: datetime) -> None:
        """Stand still at *moment*. Time never goes back: an earlier one changes nothing."""
        await self._pool.execute(
            "with moved as (insert into clock as c (virtual) values ($1) "
            "on conflict (only_row) do update set virtual = greatest(excluded.virtual, "
            "c.virtual), real = clock_timestamp(), running = false returning 1) "
            "select pg_notify('clock', '') from moved",
            moment,
        )

    async def run(self) -> None:
        """Go on at the machine's pace."""
        await self._pool.execute(
            "update clock set running = true, real = clock_timestamp() where not running"
        )

    async def stop(self) -> None:
        """Stand still at the present virtual time."""
        await self._pool.execute(
            "update clock set virtual = virtual + (clock_timestamp() - real), "
            "real = clock_timestamp(), running = false where running"
        )


async def listen(dsn: str, moved: Callable[[], Awaitable[None]]) -> None:
    """Call *moved* whenever the virtual clock in the database *dsn* is moved, until cancelled.

    What is missed while the database is away is nothing but a moment's delay: whoever waits
    for a time looks at the clock now and then anyway.
    """
    told = asyncio.Event()
    while True:
        try:
            session = await connect(dsn)
            try:
                await session.add_listener("clock", lambda *_: told.set())
                session.add_termination_listener(lambda *_: told.set())
                while not session.is_closed():
                    await told.wait()
                    told.clear()
                    await moved()
            finally:
                session.terminate()
        except Exception as error:
            if not retryable(error):
                raise
        await asyncio.sleep(AGAIN_SECONDS)
