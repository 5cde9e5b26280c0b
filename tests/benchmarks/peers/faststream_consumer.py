"""A consumer of FastStream's: `… faststream_consumer BOOTSTRAP DSN view|commands`.

Runs in the peers' environment. Asked for a topic and a count, it handles so many messages in
a group of its own, at least once, and answers how many it handled and how long it took from
the first.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvloop
from faststream import AckPolicy  # type: ignore[import-not-found] # peers only
from faststream.kafka import KafkaBroker, KafkaMessage  # type: ignore[import-not-found] # the same
from google.protobuf.wrappers_pb2 import StringValue

from chassis.collecting import settle
from tests.benchmarks.by_hand import insert

BATCH = "insert into counted (value) select unnest($1::text[])"
MOST = 500
SECONDS = 120.0

Handle = Callable[[list[bytes]], Awaitable[None]]


async def whole(message: KafkaMessage) -> KafkaMessage:
    """Leave the bytes as they are: the library would look for JSON in them."""
    return message


async def consumed(
    bootstrap: str, topic: str, count: int, handle: Handle
) -> dict[str, Any]:
    """Handle *count* messages of *topic*; return how many, and the seconds from the first."""
    handled, began = 0, 0.0
    done = asyncio.Event()
    broker = KafkaBroker(bootstrap, apply_types=False, logger=None, graceful_timeout=5)

    @broker.subscriber(  # type: ignore[untyped-decorator] # the library is not here
        topic,
        group_id=f"bench.{uuid4().hex}",
        auto_offset_reset="earliest",
        batch=True,
        max_records=MOST,
        ack_policy=AckPolicy.MANUAL,
        decoder=whole,
    )
    async def _batch(message: KafkaMessage) -> None:
        nonlocal handled, began
        began = began or time.perf_counter()
        await handle(message.body)
        await message.ack()
        handled += len(message.body)
        if handled >= count:
            done.set()

    await broker.start()
    try:
        async with asyncio.timeout(SECONDS):
            await done.wait()
        seconds = time.perf_counter() - began
    finally:
        await broker.stop()
    return {"handled": handled, "seconds": seconds}


async def main(bootstrap: str, dsn: str, how: str) -> None:
    """Answer each line with a line, until nobody asks."""
    session = await asyncpg.connect(dsn)

    async def note(values: list[bytes]) -> None:
        await session.execute(BATCH, [StringValue.FromString(v).value for v in values])

    async def raise_counters(values: list[bytes]) -> None:
        for value in values:
            item_id = UUID(StringValue.FromString(value).value)
            await insert(session, uuid4(), item_id, 1)

    settle()
    say(ready=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked = json.loads(line)
        handle = note if how == "view" else raise_counters
        say(**await consumed(bootstrap, asked["topic"], asked["count"], handle))


def say(**said: Any) -> None:
    """Answer."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*sys.argv[1:]))
