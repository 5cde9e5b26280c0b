"""What an operator does by hand in some faults, recorded and counted as any other act."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

from suite.client import RefusedCallError
from suite.issuer import OPERATOR
from tests.faults.clerk import command_id
from tests.faults.lab import Lab

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.2
Place = tuple[str, str, int]
"""A service, a topic that it takes, and one of its partitions."""


class BrokenPromiseError(Exception):
    """What the suite promises under this fault did not come; the message says what."""


async def act(lab: Lab, path: str, body: Any = None) -> None:
    """Act as the operator at *path*, until it is done."""
    key, service = uuid4(), path.split("/", 2)[1]
    until = lab.now + PATIENCE_SECONDS
    while True:
        try:
            await lab.resting.client.post(OPERATOR, path, body, key=str(key))
        except (httpx.TransportError, RefusedCallError):
            if lab.now > until:
                raise
            await asyncio.sleep(LOOK_SECONDS)
        else:
            break
    lab.office.admin_acts.append(command_id(service, OPERATOR, key))
    lab.note(f"the operator asked for {path} {body or ''}".rstrip())


async def gaps(lab: Lab) -> dict[Place, str]:
    """Return the partitions that stand still because the log does not continue the story."""
    return {
        (service, place.topic, place.partition): place.gap
        for service, lag in (await lab.resting.lags()).items()
        if lag is not None
        for place in lag.consumers
        if place.gap is not None
    }


async def resolve(lab: Lab, place: Place) -> None:
    """Let a partition be read from its beginning."""
    service, topic, partition = place
    body = {"topic": topic, "partition": partition}
    await act(lab, f"/{service}/admin/v1/consumers/gap-resolution", body)


async def resolve_all(lab: Lab, quiet: float = 3.0) -> int:
    """Let every gap be read over, until none has shown for *quiet* seconds; return how many."""
    resolved, seen = 0, lab.now
    while lab.now - seen < quiet:
        for place in await gaps(lab):
            await resolve(lab, place)
            resolved, seen = resolved + 1, lab.now
        await asyncio.sleep(LOOK_SECONDS)
    return resolved


async def expect(
    lab: Lab, what: str, true: Callable[[], Awaitable[bool]], within: float = 30.0
) -> None:
    """Wait until it is *true*. Raises `BrokenPromiseError`."""
    until = lab.now + within
    while not await true():
        if lab.now > until:
            lab.note(f"broken: {what}")
            raise BrokenPromiseError(f"{what}, not within {within:g} s")
        await asyncio.sleep(LOOK_SECONDS)
    lab.note(f"as promised: {what}")
