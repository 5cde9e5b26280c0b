"""Gaps, restored mailboxes and filters, through the client, on a real notifier."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shuniu_client import (
    AlertFilter,
    Cursor,
    MemoryPlace,
)
from tests.support.line import BreakableLine
from tests.support.postgres import Postgres
from tests.support.recording import Mailer
from tests.support.service import eventually
from tests.support.streaming import Streamer, streamer_on
from tests.support.subscribing import (
    client_of,
    handled,
    next_alert,
    next_gap,
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


async def test_a_gap_is_said_with_what_is_left_of_it_and_not_again_once_dealt_with(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("gao.yan", count=450)
    await mailer.forget("gao.yan", up_to=20)
    place = MemoryPlace(await place_at(streamer, "gao.yan", 10))
    async with client_of(streamer, "gao.yan", place=place) as client:
        gap = await next_gap(client)
        assert (gap.first, gap.reason) == (11, "RETENTION")
        kept = [alert.sequence async for alert in gap.kept()]
        assert kept == [*range(21, 451)]  # three pages of it
        await mailer.put("gao.yan")
        assert (await next_alert(client)).alert.sequence == 451
    async with client_of(streamer, "gao.yan", place=place) as client:
        gap = await next_gap(client)  # nobody has dealt with it
        assert gap.last == 451
        await gap.done()
    async with client_of(streamer, "gao.yan", place=place) as client:
        assert await nothing_comes(client)


async def test_what_is_left_of_a_gap_is_asked_for_again_where_the_line_breaks(
    streamer: Streamer, mailer: Mailer
) -> None:
    head = mailer.head("gao.yan")
    async with BreakableLine(streamer.port) as line:
        place = MemoryPlace(await place_at(streamer, "gao.yan", 10))
        client = client_of(
            streamer, "gao.yan", name="broken", target=line.address, place=place
        )
        async with client:
            gap = await next_gap(client)
            kept = []
            async for alert in gap.kept():
                kept.append(alert.sequence)
                if len(kept) == 150:
                    await line.cut()
            assert kept == [*range(21, head + 1)]


async def test_a_place_in_a_mailbox_that_was_restored_is_a_gap_until_it_is_dealt_with(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("tang.yong", count=3)
    place = MemoryPlace(Cursor("another", 7))
    for _ in range(2):
        async with client_of(streamer, "tang.yong", place=place) as client:
            gap = await next_gap(client)
            assert (gap.first, gap.last, gap.reason) == (1, 3, "EPOCH")
    async with client_of(streamer, "tang.yong", place=place) as client:
        gap = await next_gap(client)
        assert [alert.sequence async for alert in gap.kept()] == [1, 2, 3]
        await gap.done()
        await mailer.put("tang.yong")
        assert await handled(client, 4) == [4]
    assert await place.load() == await place_at(streamer, "tang.yong", 4)


async def test_a_filter_lets_the_place_pass_what_it_leaves_out(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("liu.min", count=3)
    await mailer.put("liu.min", kind="deadline.approaching")
    await mailer.put("liu.min", count=2)
    place = MemoryPlace()
    wanted = AlertFilter(kinds=["deadline.*"])
    async with client_of(streamer, "liu.min", filter=wanted, place=place) as client:
        assert await handled(client, 4) == [4]
        at_the_end = Cursor((await place_at(streamer, "liu.min", 0)).epoch, 6)
        await eventually(lambda: place_is(place, at_the_end))


async def place_is(place: MemoryPlace, cursor: Cursor) -> bool:
    return await place.load() == cursor
