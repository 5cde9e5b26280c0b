"""The floors of publishing and consuming: aiokafka alone, in batches."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.partitioner import murmur2

from chassis.log import Record
from chassis.log.kafka import KafkaLog
from chassis.log.port import PARTITIONS, Topic
from tests.benchmarks.figures import Tally
from tests.benchmarks.servers import BenchBroker

BATCH_BYTES = 262_144
MOST = 500
QUIET_MS = 2000


async def new_topic(broker: BenchBroker) -> str:
    """Create a topic of the run's own, as the suite creates its topics."""
    name = f"bench.{uuid4().hex}.v1"
    await KafkaLog(broker.bootstrap).create([Topic(name)])
    await ended_at(broker, name)  # answered once every partition has its leader
    return name


async def ended_at(broker: BenchBroker, topic: str) -> int:
    """Return how many records *topic* has."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker.bootstrap, enable_auto_commit=False
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, n) for n in range(PARTITIONS)]
        return sum((await consumer.end_offsets(places)).values())
    finally:
        await consumer.stop()


async def produce(broker: BenchBroker, topic: str, records: Sequence[Record]) -> None:
    """Publish *records*, idempotent and acknowledged by all, in batches built by hand."""
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap,
        enable_idempotence=True,
        acks="all",
        max_batch_size=BATCH_BYTES,
    )
    await producer.start()
    try:
        queues: dict[int, list[Record]] = defaultdict(list)
        for record in records:
            queues[(murmur2(record.key) & 0x7FFFFFFF) % PARTITIONS].append(record)
        sent = [_send(producer, topic, place, queue) for place, queue in queues.items()]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def _send(
    producer: Any, topic: str, partition: int, records: Sequence[Record]
) -> None:
    acknowledged = []
    batch = producer.create_batch()
    for record in records:
        headers = [(name, value.encode()) for name, value in record.headers.items()]
        given = {"key": record.key, "value": record.value, "headers": headers}
        if batch.append(timestamp=None, **given) is None:
            acknowledged.append(
                await producer.send_batch(batch, topic, partition=partition)
            )
            batch = producer.create_batch()
            batch.append(timestamp=None, **given)
    acknowledged.append(await producer.send_batch(batch, topic, partition=partition))
    await asyncio.gather(*acknowledged)


@asynccontextmanager
async def consuming(broker: BenchBroker, topic: str) -> AsyncIterator[Any]:
    """Join a group of its own that reads *topic* from its beginning."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap,
        group_id=f"bench.{uuid4().hex}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def published(broker: BenchBroker, topic: str, expected: int) -> Tally:
    """Read all of *topic* and count its events."""
    return tally_of(await arrived(broker, topic), expected)


def tally_of(records: Sequence[tuple[str, float]], expected: int) -> Tally:
    """Count records by their ids."""
    ids = {key for key, _ in records}
    return Tally(expected=expected, found=len(records), distinct=len(ids))


async def arrived(
    broker: BenchBroker, topic: str, header: str = "ce_id"
) -> list[tuple[str, float]]:
    """Return the id of each record of *topic*, and when the broker took it."""
    return [
        (dict(record.headers)[header].decode(), record.timestamp / 1000)
        for record in await _all(broker, topic)
    ]


async def stamped(broker: BenchBroker, topic: str) -> dict[str, float]:
    """Return when the broker took the first record of each item of *topic*."""
    found: dict[str, float] = {}
    for record in await _all(broker, topic):
        found.setdefault(
            dict(record.headers)["ce_subject"].decode(), record.timestamp / 1000
        )
    return found


async def _all(broker: BenchBroker, topic: str) -> list[Any]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker.bootstrap, enable_auto_commit=False
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, n) for n in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.seek_to_beginning()
        left = await consumer.end_offsets(places)
        found: list[Any] = []
        while any([await consumer.position(p) < left[p] for p in places]):
            batches = await consumer.getmany(timeout_ms=QUIET_MS)
            if not batches:
                break
            for records in batches.values():
                found += records
    finally:
        await consumer.stop()
    return found
