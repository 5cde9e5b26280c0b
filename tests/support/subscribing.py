"""Clients of the notifier, as tests use them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from shuniu_client import (
    AlertClient,
    Begin,
    Cursor,
    Delivery,
    Gap,
    Item,
    MemoryPlace,
    Patience,
)
from tests.support.recording import Recorder
from tests.support.service import eventually
from tests.support.streaming import Streamer

QUICK = Patience(
    ack_deadline=10, progress_interval=5, probe_timeout=1.0, ack_delay=0.02, open_timeout=5
)
WAIT_SECONDS = 30.0


def client_of(
    streamer: Streamer,
    person: str,
    *,
    name: str = "one",
    recorder: Recorder | None = None,
    target: str | None = None,
    **more: Any,
) -> AlertClient:
    """Return a client that calls as *person*; *name* is its device."""
    written = recorder or Recorder()
    given: dict[str, Any] = {
        "token": lambda: streamer.token(person),
        "device_id": name,
        "patience": QUICK,
        "seen": written.seeing(name),
        "ended": partial(written.ended, name),
    }
    return AlertClient(target or streamer.address, **(given | more))


async def next_of(client: AlertClient) -> Item:
    """Return what comes next."""
    async with asyncio.timeout(WAIT_SECONDS):
        return await anext(client)


async def next_alert(client: AlertClient) -> Delivery:
    """Return the alert that comes next."""
    item = await next_of(client)
    assert isinstance(item, Delivery), item
    return item


async def next_gap(client: AlertClient) -> Gap:
    """Return the gap that comes next."""
    item = await next_of(client)
    assert isinstance(item, Gap), item
    return item


async def handled(client: AlertClient, up_to: int) -> list[int]:
    """Finish everything up to a sequence; return the sequences in the order they came."""
    came: list[int] = []
    while not came or max(came) < up_to:
        delivery = await next_alert(client)
        await delivery.done()
        came.append(delivery.alert.sequence)
    return came


async def nothing_comes(client: AlertClient, seconds: float = 0.7) -> bool:
    """Say whether nothing comes for a while."""
    try:
        async with asyncio.timeout(seconds):
            await anext(client)
    except TimeoutError:
        return True
    return False


@asynccontextmanager
async def handling(
    client: AlertClient, recorder: Recorder, name: str
) -> AsyncIterator[list[int]]:
    """Let a client finish whatever comes, beside the block; give the sequences it finished."""
    came: list[int] = []

    async def work() -> None:
        async with client:
            async for item in client:
                if isinstance(item, Gap):
                    kept = [alert.sequence async for alert in item.kept()]
                    recorder.left(name, item.first, item.last, kept)
                    came.extend(kept)
                else:
                    came.append(item.alert.sequence)
                await item.done()

    task = asyncio.create_task(work())
    try:
        yield came
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if not task.cancelled() and task.exception() is not None:
        raise AssertionError(name) from task.exception()


async def place_at(streamer: Streamer, person: str, sequence: int) -> Cursor:
    """Return a place of *person* in the mailbox as it is."""
    place = MemoryPlace()
    async with client_of(streamer, person, name="epoch", begin=Begin.NOW, place=place):
        cursor = await eventually(place.load)
    return Cursor(cursor.epoch, sequence)
