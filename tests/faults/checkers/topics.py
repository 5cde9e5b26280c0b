"""Topics as anybody can read them: every committed record, from the beginning to the end."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from chassis.log import Received
from chassis.log.kafka import KafkaLog
from chassis.log.kafka_looking import received
from chassis.log.kafka_waiting import quietly, within

MOST_AT_ONCE = 2_000
PATIENCE_SECONDS = 30.0


def is_of(record: Received, *services: str) -> bool:
    """Say whether *record* claims to be of one of *services*: what is poison does not."""
    return record.headers.get("ce_source", "").endswith(tuple(f"/{s}" for s in services))


async def records(
    bootstrap: str, topics: Sequence[str]
) -> AsyncIterator[Sequence[Received]]:
    """Return all there is in *topics*, in order within each partition, some at a time.

    A topic that is not there holds nothing. Raises `TimeoutError` where nothing more comes
    though there must be more.
    """
    places = [TopicPartition(*place) for place in await _places(bootstrap, topics)]
    if not places:
        return
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        fetch_max_wait_ms=50,
    )
    await within(consumer.start())
    try:
        consumer.assign(places)
        ends = await within(consumer.end_offsets(places))
        for place, first in (await within(consumer.beginning_offsets(places))).items():
            consumer.seek(place, first)
        moved = time.monotonic()
        while [p for p in places if await consumer.position(p) < ends[p]]:
            batches = await consumer.getmany(timeout_ms=200, max_records=MOST_AT_ONCE)
            for batch in batches.values():
                moved = time.monotonic()
                yield [received(record) for record in batch]
            if time.monotonic() - moved > PATIENCE_SECONDS:
                raise TimeoutError(f"Kafka gives nothing more of {', '.join(topics)}")
    finally:
        await quietly(consumer.stop())


async def ends_of(bootstrap: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return, of every partition, the offset that the next record will get."""
    log, found = KafkaLog(bootstrap), {}
    try:
        for topic in topics:
            with suppress(UnknownTopicOrPartitionError):
                found.update(await log.ends([topic]))
    except KafkaError as error:
        raise TimeoutError(f"Kafka does not say where its topics end: {error}") from error
    finally:
        await log.close()
    return found


async def _places(bootstrap: str, topics: Sequence[str]) -> Sequence[tuple[str, int]]:
    return sorted(await ends_of(bootstrap, topics))
