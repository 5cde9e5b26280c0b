"""Publishing to Kafka, in batches laid out here.

Every await of a producer is bounded: an idempotent producer never recovers from a sequence
error and can hang for ever, so it is thrown away after any error.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis.log.kafka_waiting import quietly, within
from chassis.log.placing import partition_of
from chassis.log.port import Place, Record

MAX_BATCH_BYTES = 262_144
MAX_RECORD_BYTES = 1_000_000


class KafkaProducer:
    """An idempotent producer: all acknowledged, in order per key."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def publish(self, records: Sequence[Record]) -> None:
        """Publish *records*; raises what Kafka says when any of them is not acknowledged."""
        topics = {record.topic for record in records}
        wide = {t: len(await within(self._producer.partitions_for(t))) for t in topics}
        queues: dict[Place, list[Record]] = defaultdict(list)
        for record in records:
            partition = partition_of(record.key, wide[record.topic])
            queues[record.topic, partition].append(record)
        sent = [
            await within(self._producer.send_batch(batch, topic, partition=partition))
            for (topic, partition), queue in queues.items()
            for batch in self._batches(queue)
        ]
        await within(asyncio.gather(*sent))

    def _batches(self, records: Sequence[Record]) -> Iterator[BatchBuilder]:
        """Lay out *records* as the log keeps them, in as few batches as hold them."""
        batch = self._producer.create_batch()
        for record in records:
            laid = _lay(record, batch)
            if laid is None:
                yield batch
                batch = self._producer.create_batch()
                laid = _lay(record, batch)
            if laid is None or laid.size > MAX_RECORD_BYTES:
                raise MessageSizeTooLargeError(f"a record on {record.topic} is too large")
        yield batch

    async def close(self) -> None:
        """Stop, or give up stopping."""
        await quietly(self._producer.stop())


def _lay(record: Record, batch: BatchBuilder) -> Any:
    """Append *record* to *batch*; None where it is full."""
    headers = [(name, value.encode()) for name, value in record.headers.items()]
    return batch.append(timestamp=None, key=record.key, value=record.value, headers=headers)


class FencingKafkaProducer(KafkaProducer):
    """Publishes each batch whole, unless a later producer of its name was started."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Publish *records* in one transaction; see `KafkaProducer`.

        After an error the transaction stays open: whoever comes next, or time, aborts it.
        """
        if records:
            await within(self._producer.begin_transaction())
            await super().publish(records)
            await within(self._producer.commit_transaction())
