"""Looking at single records of Kafka, and at how far a place goes, beside the reading itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from chassis.log.kafka_waiting import quietly, within
from chassis.log.port import Place, Received

PEEK_SECONDS = 10.0
READ_MS = 500
LOOK_BYTES = (
    256 * 1024
)  # of each place: one record is looked for, and its batch comes whole


class KafkaLooking:
    """A consumer of its own: on the one that reads, a question waits behind the long poll.

    Between questions it is assigned nothing; `unsubscribe` would say the same, but aiokafka's
    fetcher dies of it when it comes too soon.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._look: AIOKafkaConsumer | None = None
        self._look_lock = asyncio.Lock()
        self._closed = False

    async def bounds(self, place: Place) -> tuple[int, int]:
        """Return the first and the next offset."""
        partition = TopicPartition(*place)
        async with self._looking() as looking:
            first = await within(looking.beginning_offsets([partition]))
            ends = await within(looking.end_offsets([partition]))
            return first[partition], ends[partition]

    async def before(self, place: Place, offset: int) -> Received | None:
        """Read the record before *offset*."""
        first, end = await self.bounds(place)
        if not first < offset <= end:
            return None
        partition = TopicPartition(*place)
        async with self._looking() as looking:
            looking.assign([partition])
            async with asyncio.timeout(PEEK_SECONDS):
                found = await last_between(looking, partition, first, offset)
            looking.assign([])
            return received(found) if found else None

    async def at(self, offsets: Mapping[Place, int]) -> Mapping[Place, Received]:
        """Read the record at each of *offsets*; say nothing of one that is not there soon."""
        wanted = {TopicPartition(*place): offset for place, offset in offsets.items()}
        found: dict[Place, Received] = {}
        if not wanted:
            return found
        async with self._looking() as looking:
            looking.assign(list(wanted))
            for partition, offset in wanted.items():
                looking.seek(partition, offset)
            try:
                async with asyncio.timeout(READ_MS / 1000):
                    while wanted:
                        for record in await self._next_of(looking, wanted):
                            found[record.place] = record
            except TimeoutError:
                pass
            finally:
                looking.assign([])
        return found

    async def _next_of(
        self, looking: AIOKafkaConsumer, wanted: dict[TopicPartition, int]
    ) -> list[Received]:
        """Return what has come of *wanted*, and take out whatever was decided."""
        try:
            batches = await looking.getmany(
                *wanted, timeout_ms=READ_MS, max_records=len(wanted)
            )
        except OffsetOutOfRangeError as error:
            for partition in error.args[0]:
                wanted.pop(partition, None)
            return []
        firsts = {partition: records[0] for partition, records in batches.items()}
        return [received(r) for p, r in firsts.items() if r.offset == wanted.pop(p)]

    @contextlib.asynccontextmanager
    async def _looking(self) -> AsyncIterator[AIOKafkaConsumer]:
        async with self._look_lock:
            if self._look is None:
                look = AIOKafkaConsumer(
                    bootstrap_servers=self._bootstrap,
                    enable_auto_commit=False,
                    auto_offset_reset="none",
                    isolation_level="read_committed",
                    fetch_max_wait_ms=10,
                    max_partition_fetch_bytes=LOOK_BYTES,
                )
                try:
                    await within(look.start())
                except BaseException:
                    await quietly(look.stop())
                    raise
                if self._closed:
                    await quietly(look.stop())
                    raise ConnectionError("closed while it was opened")
                self._look = look
            yield self._look

    async def close(self) -> None:
        """Let go of it. Never raises."""
        self._closed = True
        if self._look is not None:
            await quietly(self._look.stop())


async def last_between(
    consumer: AIOKafkaConsumer, partition: TopicPartition, first: int, end: int
) -> Any:
    """Return the last record from *first* on and before *end*, or None.

    Neither markers of transactions nor what was compacted away are records.
    """
    back, last = 1, None
    while last is None and first < end:
        start = max(first, end - back)
        consumer.seek(partition, start)
        while await consumer.position(partition) < end:
            batches = await consumer.getmany(partition, timeout_ms=READ_MS)
            for record in batches.get(partition, ()):
                last = record if record.offset < end else last
        if start == first:
            break
        back *= 16
    return last


def received(record: Any) -> Received:
    """Return a row or record as the port gives it."""
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key or b"",
        value=record.value,
        headers={name: _text(value) for name, value in record.headers},
    )


def _text(value: bytes | None) -> str:
    """Read a header of anybody's making: never fails, and PostgreSQL can hold it."""
    return (value or b"").decode("utf-8", "replace").replace("\0", "\ufffd")
