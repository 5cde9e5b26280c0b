"""The client over a real line to a real notifier: what its user never has to think of."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shuniu_client import (
    AlertsRefusedError,
    Begin,
    FilePlace,
    MemoryPlace,
)
from tests.support.postgres import Postgres
from tests.support.recording import Mailer
from tests.support.service import eventually
from tests.support.streaming import Streamer, streamer_on
from tests.support.subscribing import (
    client_of,
    handled,
    next_alert,
    nothing_comes,
    place_at,
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


async def test_everything_comes_in_order_and_nothing_that_was_done_comes_again(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("deng.jie", count=120)
    async with client_of(streamer, "deng.jie") as client:
        assert await handled(client, 120) == [*range(1, 121)]
        await mailer.put("deng.jie")
        assert await handled(client, 121) == [121]
    async with client_of(streamer, "deng.jie") as client:
        assert await nothing_comes(client)
        await mailer.put("deng.jie")
        assert (await next_alert(client)).alert.sequence == 122
    async with client_of(streamer, "deng.jie") as client:
        delivery = await next_alert(client)
        assert (delivery.alert.sequence, delivery.redelivered) == (122, True)


async def test_what_was_done_out_of_order_stays_done_and_the_rest_comes_again(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("jiang.xin", count=6)
    async with client_of(streamer, "jiang.xin") as client:
        deliveries = [await next_alert(client) for _ in range(6)]
        for index in (0, 2, 4):
            await deliveries[index].done()
    async with client_of(streamer, "jiang.xin") as client:
        assert await handled(client, 6) == [2, 4, 6]


async def test_a_place_in_a_file_is_where_the_next_run_goes_on(
    streamer: Streamer, mailer: Mailer, tmp_path: Path
) -> None:
    await mailer.put("shen.fang", count=4)
    path = tmp_path / "place.json"
    async with client_of(streamer, "shen.fang", place=FilePlace(path)) as client:
        for _ in range(3):
            await (await next_alert(client)).done()
        await eventually(lambda: path.exists() and json.loads(path.read_text())["sequence"])
    assert json.loads(path.read_text())["sequence"] == 3
    # Another device, of which the server knows nothing: the place alone counts.
    other = client_of(streamer, "shen.fang", name="two", place=FilePlace(path))
    async with other as client:
        assert await handled(client, 4) == [4]


async def test_who_begins_now_hears_of_nothing_before_and_of_all_that_comes(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("sun.li", count=3)
    place = MemoryPlace()
    async with client_of(streamer, "sun.li", begin=Begin.NOW, place=place) as client:
        assert await nothing_comes(client)
        await mailer.put("sun.li")
        assert await handled(client, 4) == [4]
    cursor = await place.load()
    assert cursor is not None
    assert cursor.sequence == 4


async def test_a_slow_application_keeps_what_it_has_in_hand(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("zhao.lei", count=4)
    async with client_of(streamer, "zhao.lei", name="slow") as client:
        deliveries = [await next_alert(client) for _ in range(4)]
        assert await nothing_comes(client, seconds=12)  # the deadline is 10 s
        for delivery in deliveries:
            await delivery.done()
    assert await streamer.rows(REDELIVERED, "slow") == []


REDELIVERED = "select sequence from notifier.delivery where device = $1 and attempt > 1"
PARKED = "select reason from notifier.delivery where device = $1 and state = 'parked'"


async def test_what_is_to_be_tried_later_comes_again_and_what_is_left_does_not(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("li.juan", count=4)
    async with client_of(streamer, "li.juan", name="later") as client:
        deliveries = [await next_alert(client) for _ in range(4)]
        await deliveries[0].retry_later(seconds=1.0, reason="busy")
        await deliveries[1].skip()
        await deliveries[2].park("no such number")
        await deliveries[3].done()
        assert await nothing_comes(client)
        again = await next_alert(client)
        assert (again.alert.sequence, again.alert.attempt) == (1, 2)
        assert again.redelivered
        await again.done()
    parked = await eventually(lambda: streamer.rows(PARKED, "later"))
    assert [row["reason"] for row in parked] == ["no such number"]
    async with client_of(streamer, "li.juan", name="later") as client:
        assert await nothing_comes(client)


async def test_what_fails_five_times_is_parked_and_the_place_goes_on(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("li.juan")
    place = MemoryPlace(await place_at(streamer, "li.juan", 4))
    async with client_of(streamer, "li.juan", name="failing", place=place) as client:
        for attempt in range(1, 6):
            delivery = await next_alert(client)
            assert (delivery.alert.sequence, delivery.alert.attempt) == (5, attempt)
            await delivery.retry_later()
        await mailer.put("li.juan")
        assert await handled(client, 6) == [6]
    assert await place.load() == await place_at(streamer, "li.juan", 6)
    await eventually(lambda: streamer.rows(PARKED, "failing"))


async def test_what_nothing_would_change_is_said_in_both_languages(
    streamer: Streamer, mailer: Mailer
) -> None:
    ahead = MemoryPlace(await place_at(streamer, "sun.li", mailer.head("sun.li") + 1))
    nobody = streamer.token("operator", unit="")
    wrong = [
        (
            client_of(streamer, "sun.li", token=lambda: nobody),
            "PERMISSION_DENIED",
            "无权接收提醒",
        ),
        (client_of(streamer, "sun.li", name="a b"), "INVALID_ARGUMENT", "核对设备标识"),
        (client_of(streamer, "sun.li", place=ahead), "OUT_OF_RANGE", "超出信箱末尾"),
    ]
    for client, code, zh in wrong:
        async with client:
            with pytest.raises(AlertsRefusedError, match=code) as caught:
                await next_alert(client)
        assert zh in str(caught.value)


async def test_whoever_iterates_is_let_go_when_the_client_closes(
    streamer: Streamer,
) -> None:
    async with client_of(streamer, "sun.li", name="idle", begin=Begin.NOW) as client:
        waiting = asyncio.create_task(anext(client, None))
        await asyncio.sleep(0.2)
    assert await waiting is None
