"""Production's clock is the database's: a machine's own may be wrong, or away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from chassis import clock as clocks
from chassis.clock import DatabaseClock
from chassis.database import open_pool
from tests.support.service import ServiceDatabase

pytestmark = pytest.mark.postgres

CLOSE = timedelta(seconds=2)


@pytest.fixture
async def clock(
    service_database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DatabaseClock]:
    monkeypatch.setattr(clocks, "FRESH_SECONDS", 0.0)
    async with await open_pool(service_database.dsn, 1) as pool:
        yield DatabaseClock(pool)


async def test_it_tells_the_database_s_time(
    service_database: ServiceDatabase, clock: DatabaseClock
) -> None:
    theirs = await service_database.owner.fetchval("select clock_timestamp()")
    assert abs(await clock.now() - theirs) < CLOSE
    assert (await clock.now()).tzinfo is UTC


async def test_it_goes_on_while_the_database_is_away(clock: DatabaseClock) -> None:
    before = await clock.now()
    await clock._pool.close()  # noqa: SLF001 as if the server were gone
    await asyncio.sleep(0.02)
    assert timedelta(0) < await clock.now() - before < CLOSE
    with pytest.raises(Exception, match="closed"):
        await DatabaseClock(clock._pool).now()  # noqa: SLF001 the same, never answered


async def test_it_never_goes_back(clock: DatabaseClock) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251 a server that was ahead
    clock._last = ahead  # noqa: SLF001 what it told then
    assert await clock.now() == ahead
