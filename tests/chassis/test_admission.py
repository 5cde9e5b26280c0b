"""A service takes only so much in hand: what comes beyond is sent away at once, with a hint."""

import asyncio

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from chassis.database import WAIT_SECONDS, open_engine, open_pool, retryable
from chassis.http.admission import Admitting
from tests.support.service import ServiceDatabase, eventually
from tests.support.suite import CHINESE

MOST = 3


class Slow:
    """An application that answers once it is let go."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        del scope, receive
        self.taken += 1
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def test_what_comes_beyond_the_most_is_sent_away_with_a_hint_and_the_rest_served() -> (
    None
):
    slow = Slow()
    transport = httpx.ASGITransport(Admitting(slow, MOST))
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        asked = [asyncio.create_task(client.get("/")) for _ in range(MOST)]
        await eventually(lambda: slow.taken == MOST)
        for language in ("zh", "en"):
            headers = {"Accept-Language": language}
            answer = await client.get("/", headers=headers)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "1"
            problem = answer.json()
            assert problem["type"] == "urn:shuniu:problem:unavailable"
            assert bool(CHINESE.search(problem["detail"])) == (language == "zh")
        slow.go_on.set()
        assert {(await one).status_code for one in asked} == {204}
        assert (await client.get("/")).status_code == 204
    assert slow.taken == MOST + 1


@pytest.mark.postgres
async def test_nobody_waits_long_for_a_session_that_others_keep(
    service_database: ServiceDatabase,
) -> None:
    pool = await open_pool(service_database.dsn, 2)
    loop = asyncio.get_running_loop()
    async with pool.acquire(), pool.acquire():
        began = loop.time()
        with pytest.raises(TimeoutError) as caught:
            await pool.fetchval("select 1")
        assert retryable(caught.value)
        assert loop.time() - began < WAIT_SECONDS + 2
    assert await pool.fetchval("select 1") == 1
    await pool.close()


@pytest.mark.postgres
async def test_a_session_whose_statement_was_given_up_can_be_used_again(
    service_database: ServiceDatabase,
) -> None:
    pool = await open_pool(service_database.dsn, 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await pool.fetchval("select pg_sleep(10)")
    assert await pool.fetchval("select 1") == 1
    await pool.close()


@pytest.mark.postgres
async def test_sessions_that_the_read_models_lack_are_worth_another_try(
    service_database: ServiceDatabase,
) -> None:
    with pytest.raises(Exception, match="QueuePool") as caught:
        await _exhaust(service_database.dsn)
    assert retryable(caught.value)


async def _exhaust(dsn: str) -> None:
    engine = open_engine(dsn, 1)
    try:
        async with engine.connect(), engine.connect(), engine.connect():
            pytest.fail("a third session of two")
    finally:
        await engine.dispose()
