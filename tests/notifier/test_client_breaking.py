"""Lines that break, tokens that run out, servers that are full: the client goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import grpc
import pytest
import pytest_asyncio

from services.notifier.rpc import Limits
from shuniu_client import (
    AlertsRefusedError,
    Patience,
    ReplacedError,
)
from tests.support.line import BreakableLine
from tests.support.postgres import Postgres
from tests.support.recording import Mailer
from tests.support.service import eventually
from tests.support.streaming import HOUR, Streamer, streamer_on
from tests.support.subscribing import (
    QUICK,
    client_of,
    handled,
    next_alert,
    nothing_comes,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def streamer(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Streamer]:
    """Give a streamer with empty mailboxes."""
    async with streamer_on(postgres, tmp_path_factory.mktemp("issuer")) as running:
        yield running


@pytest.fixture(scope="module")
def mailer(streamer: Streamer) -> Mailer:
    """Give what fills mailboxes."""
    return Mailer(streamer)


async def test_a_line_that_is_cut_again_and_again_loses_and_repeats_nothing(
    streamer: Streamer, mailer: Mailer
) -> None:
    head, came = mailer.head("sun.li"), []
    async with BreakableLine(streamer.port) as line:
        client = client_of(streamer, "sun.li", name="cut", target=line.address)
        async with client:
            for _ in range(6):
                await mailer.put("sun.li", count=10)
                for _ in range(5):
                    delivery = await next_alert(client)
                    came.append(delivery.alert.sequence)
                    await delivery.done()
                await line.cut()
            came += await handled(client, head + 60)
    assert came == [*range(1, head + 61)]
    assert line.connections > 6


@pytest.mark.parametrize(
    ("patience", "why"),
    [
        (QUICK, "the probe was not answered"),
        (replace(QUICK, probe_timeout=60.0), "3 progress frames were missed"),
    ],
)
async def test_a_dead_line_is_noticed_and_left_for_another(
    streamer: Streamer, mailer: Mailer, patience: Patience, why: str
) -> None:
    ended: list[str] = []
    head = mailer.head("wang.lei")
    async with BreakableLine(streamer.port) as line:
        client = client_of(
            streamer, "wang.lei", target=line.address, ended=ended.append, patience=patience
        )
        async with client:
            await mailer.put("wang.lei")
            delivery = await next_alert(client)
            line.freeze()
            await eventually(lambda: ended, within=25)
            line.thaw()
            await mailer.put("wang.lei")
            await delivery.done()  # what was in hand is not handed out twice
            assert await handled(client, head + 2) == [head + 2]
            assert ended[0] in {why, "UNAVAILABLE: Stream removed (ping timeout)"}
            assert line.connections == 2


async def test_a_token_that_runs_out_is_replaced_before_it_does(
    streamer: Streamer, mailer: Mailer
) -> None:
    ended: list[str] = []
    client = client_of(
        streamer,
        "wang.lei",
        token=lambda: streamer.token("wang.lei", seconds=4),
        ended=ended.append,
    )
    async with client:
        await eventually(lambda: ended == ["AUTH_EXPIRING"])
        await mailer.put("wang.lei")
        assert (await next_alert(client)).alert.sequence == mailer.head("wang.lei")


async def test_who_is_turned_away_waits_as_long_as_the_server_asks(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("fan.lin")
    ended: list[str] = []
    async with streamer.beside(Limits(opens_at_once=1, opens_a_second=0.4)) as address:
        first = client_of(streamer, "sun.li", name="first", target=address)
        second = client_of(
            streamer, "fan.lin", name="second", target=address, ended=ended.append
        )
        async with first:
            await next_alert(first)
            began = asyncio.get_running_loop().time()
            async with second:
                assert (await next_alert(second)).alert.sequence == 1
            assert ended[0].startswith("RESOURCE_EXHAUSTED")
            assert asyncio.get_running_loop().time() - began >= len(ended)  # 1 s at least


async def test_one_device_has_one_stream_and_the_older_one_is_told_so(
    streamer: Streamer,
) -> None:
    async with client_of(streamer, "liu.min", name="same") as older:
        while not await nothing_comes(older, seconds=0.3):
            pass
        async with client_of(streamer, "liu.min", name="same"):
            with pytest.raises(
                ReplacedError, match="device same receives alerts elsewhere"
            ):
                async with asyncio.timeout(10):
                    await anext(older)


async def test_a_refused_token_is_asked_for_anew_until_that_does_not_help(
    streamer: Streamer,
) -> None:
    tokens = iter(
        ["garbage", streamer.token("sun.li", seconds=-HOUR), streamer.token("sun.li")]
    )
    async with client_of(
        streamer, "sun.li", name="token", token=lambda: next(tokens)
    ) as client:
        assert (await next_alert(client)).alert.sequence == 1
    asked: list[str] = []

    def garbage() -> str:
        asked.append("garbage")
        return asked[-1]

    client = client_of(streamer, "sun.li", token=garbage)
    async with client:
        with pytest.raises(AlertsRefusedError) as caught:
            await next_alert(client)
    assert caught.value.code is grpc.StatusCode.UNAUTHENTICATED
    assert len(asked) == 3


async def test_a_token_may_be_awaited(streamer: Streamer) -> None:
    async def token() -> str:
        return streamer.token("sun.li")

    async with client_of(streamer, "sun.li", name="awaited", token=token) as client:
        assert (await next_alert(client)).alert.sequence == 1
