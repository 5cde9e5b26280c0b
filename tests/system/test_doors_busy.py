"""Doors of a service that cannot do its work just now: an answer soon, and a hint."""

import asyncio
import time
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.support.office import RECEIPT
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOON_SECONDS = 6.0  # on a machine that does much else; the door gives up after 2.5
ASKED = 12  # more than there are sessions


async def test_commands_that_wait_for_a_long_transaction_are_answered_soon_and_done_once(
    suite: Suite,
) -> None:
    keys = [str(uuid4()) for _ in range(ASKED)]
    owner = await asyncpg.connect(suite.hosted.settings.owner_dsn("documents"))

    async def received(key: str) -> tuple[float, httpx.Response]:
        began = time.monotonic()
        answer = await suite.do(
            "li.juan", "/documents/v1/incoming", RECEIPT, Idempotency_Key=key
        )
        return time.monotonic() - began, answer

    try:
        async with owner.transaction():
            await owner.execute("lock table store.stream in exclusive mode")
            for took, answer in await asyncio.gather(*map(received, keys)):
                problem = expect_problem(answer, 503, "unavailable")
                assert answer.headers["Retry-After"] == "1", problem
                assert took < SOON_SECONDS
            elsewhere = await suite.as_(OPERATOR).get("/directory/v1/organs")
            assert elsewhere.status_code == 200
    finally:
        await owner.close()
    answers = [(await received(key))[1] for key in keys]
    assert {answer.status_code for answer in answers} == {201}
    rows = await suite.rows(
        "documents",
        "select count(*) from store.event where type = 'incoming.Received'",
    )
    assert rows[0]["count"] == ASKED
