"""Reading Kafka: one member of a consumer group, told by its owner where to read from."""

import asyncio
import contextlib
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaError

from chassis.log.port import Place, Received, Taken

CALL_SECONDS = 30.0
CLOSE_SECONDS = 10.0
PEEK_SECONDS = 10.0

T = TypeVar("T")
logger = structlog.get_logger(__name__)


class KafkaSubscriber(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """One member of a Kafka consumer group."""

    def __init__(
        self, bootstrap: str, group: str, topics: Sequence[str], taken: Taken
    ) -> None:
        self._bootstrap = bootstrap
        self._topics = list(topics)
        self._taken = taken
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            rebalance_timeout_ms=60_000,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            metadata_max_age_ms=10_000,
        )
        self._places: frozenset[Place] = frozenset()
        self._fresh: frozenset[Place] = frozenset()
        self._assigned = asyncio.Event()

    async def start(self) -> None:
        """Join the group. A topic that is not there yet holds nothing up."""
        try:
            await within(self._consumer.start())
            self._consumer.subscribe(self._topics, listener=self)
            await within(self._assigned.wait())
        except BaseException:
            await self.close()
            raise

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Nothing to hand over: what is applied is in the database."""
        gone = {(p.topic, p.partition) for p in revoked}
        self._places, self._fresh = self._places - gone, self._fresh - gone

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Read nothing until `fetch` has let the owner say where to read from.

        Not asked here: no heartbeat is sent before this returns, and what it raised would
        be lost. Without any position aiokafka would take the group's committed one.
        """
        for partition in assigned:
            self._consumer.seek(partition, 0)
            self._consumer.pause(partition)
        self._places = self._fresh = frozenset((p.topic, p.partition) for p in assigned)
        self._assigned.set()

    @property
    def places(self) -> frozenset[Place]:
        """What is assigned to this member now."""
        return self._places

    async def fetch(self, most: int, seconds: float) -> Mapping[Place, Sequence[Received]]:
        """Return the next records."""
        if self._fresh:
            fresh, self._fresh = self._fresh, frozenset()
            await self._taken(self, fresh)
            return {}
        try:
            async with asyncio.timeout(seconds + 1):  # a rebalance would hold it up longer
                batches = await self._consumer.getmany(
                    timeout_ms=int(seconds * 1000), max_records=most
                )
        except TimeoutError:
            return {}
        return {
            (place.topic, place.partition): [_received(record) for record in records]
            for place, records in batches.items()
        }

    async def seek(self, place: Place, offset: int) -> None:
        """Read *place* from *offset* on."""
        partition = TopicPartition(*place)
        if place in self._places:
            self._consumer.seek(partition, offset)
            self._consumer.resume(partition)

    async def pause(self, place: Place) -> None:
        """Read nothing of *place*."""
        if place in self._places:
            self._consumer.pause(TopicPartition(*place))

    async def bounds(self, place: Place) -> tuple[int, int]:
        """Return the first and the next offset."""
        partition = TopicPartition(*place)
        first = await within(self._consumer.beginning_offsets([partition]))
        ends = await within(self._consumer.end_offsets([partition]))
        return first[partition], ends[partition]

    async def before(self, place: Place, offset: int) -> Received | None:
        """Read the record before *offset* with a consumer of its own."""
        first, end = await self.bounds(place)
        if not first < offset <= end:
            return None
        partition = TopicPartition(*place)
        peek = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            isolation_level="read_committed",
        )
        try:
            await within(peek.start())
            peek.assign([partition])
            peek.seek(partition, offset - 1)
            async with asyncio.timeout(PEEK_SECONDS):
                found = _received(await peek.getone(partition))
            return found if found.offset < offset else None
        finally:
            await quietly(peek.stop())

    async def committed(self, place: Place, offset: int) -> None:
        """Commit the group's offset, for lag tools."""
        with contextlib.suppress(KafkaError, TimeoutError):
            await within(self._consumer.commit({TopicPartition(*place): offset}))

    async def close(self) -> None:
        """Leave the group, or give up leaving."""
        await quietly(self._consumer.stop())


async def within(awaitable: Awaitable[T]) -> T:
    """Await, but never for ever."""
    async with asyncio.timeout(CALL_SECONDS):
        return await awaitable


async def quietly(stopping: Awaitable[Any]) -> None:
    """Stop something, or give up stopping it."""
    task = asyncio.current_task()
    cancelling = task.cancelling() if task else 0
    try:
        # aiokafka awaits tasks that it cancels: one that has not begun yet would cancel us.
        await asyncio.sleep(0)
        async with asyncio.timeout(CLOSE_SECONDS):
            await stopping
    except (KafkaError, TimeoutError, OSError) as error:
        logger.info("kafka.close", error=type(error).__name__)
    except asyncio.CancelledError:
        if task is None or task.cancelling() > cancelling:
            raise
        logger.info("kafka.close", error="CancelledError")


def _received(record: Any) -> Received:
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
