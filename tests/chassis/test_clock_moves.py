"""Whoever waits for business time is told when the virtual clock moves, in every process."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.clock import VirtualClock, listen
from chassis.database import open_pool
from chassis.migrate import migrate
from chassis.settings import Settings
from tests.support.postgres import Postgres

WITHIN_SECONDS = 10.0
NOON = datetime.fromisoformat("2025-04-25T12:00:00+08:00")


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    settings = Settings(
        profile="demo",
        database_url=postgres.dsn("{database}", "{role}"),
        owner_database_url=postgres.dsn("{database}"),
    )
    await migrate(settings, "clock", "clock")
    return settings.dsn("clock")


async def test_a_move_is_told_at_once_and_again_after_the_connection_was_lost(
    dsn: str,
) -> None:
    pool = await open_pool(dsn, 2)
    clock = VirtualClock(pool)
    await clock.begin(NOON)
    told: asyncio.Queue[datetime] = asyncio.Queue()

    async def moved() -> None:
        await told.put(await clock.now())

    listening = asyncio.create_task(listen(dsn, moved))
    try:
        for hour in (1, 2):
            later = NOON + timedelta(hours=hour)
            async with asyncio.timeout(WITHIN_SECONDS):
                while not told.qsize():  # until it listens, nothing is promised
                    await clock.move(later)
                    await asyncio.sleep(0.02)
                assert await told.get() == later
            await _cut(pool)
            while told.qsize():
                told.get_nowait()
    finally:
        listening.cancel()
        pool.terminate()


async def _cut(pool: Any) -> None:
    """End every other session of the clock's role."""
    await pool.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and usename = current_user "
        "and pid <> pg_backend_pid()"
    )
