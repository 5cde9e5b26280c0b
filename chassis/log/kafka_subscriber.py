"""Reading Kafka: one member of a consumer group, told by its owner where to read from."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from chassis.log.kafka_looking import KafkaLooking, received
from chassis.log.kafka_waiting import quietly, within
from chassis.log.port import Place, Received, Taken

METADATA_SECONDS = 10.0
POLL_MS = 50  # a place that was just read is asked again when the poll under way has ended
COMMIT_SECONDS = 1.0
LEFT = ("_heartbeat_task", "_coordination_task", "_commit_refresh_task")  # aiokafka's names


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
            metadata_max_age_ms=int(METADATA_SECONDS * 1000),
            fetch_max_wait_ms=POLL_MS,
        )
        self._places: frozenset[Place] = frozenset()
        self._fresh: frozenset[Place] = frozenset()
        self._assigned = asyncio.Event()
        self._uncommitted: dict[Place, OffsetAndMetadata] = {}
        self._committing: asyncio.Task[None] | None = None
        self._looking = KafkaLooking(bootstrap)

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
        if self._consumer._fetcher.error_future.done():  # noqa: SLF001 nobody else says it
            raise ConnectionError("aiokafka has stopped to fetch")
        try:
            async with asyncio.timeout(seconds + 1):  # a rebalance would hold it up longer
                batches = await self._consumer.getmany(
                    timeout_ms=int(seconds * 1000), max_records=most
                )
        except TimeoutError:
            return {}
        return {
            (place.topic, place.partition): [received(record) for record in records]
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
        return await self._looking.bounds(place)

    async def before(self, place: Place, offset: int) -> Received | None:
        """Read the record before *offset*."""
        return await self._looking.before(place, offset)

    async def at(self, offsets: Mapping[Place, int]) -> Mapping[Place, Received]:
        """Read the record at each of *offsets*."""
        return await self._looking.at(offsets)

    async def reached(self, place: Place) -> int | None:
        """Return where `fetch` goes on from: behind the markers of transactions, too."""
        partition = TopicPartition(*place)
        if place not in self._places or partition in self._consumer.paused():
            return None
        position: int = await within(self._consumer.position(partition))
        return position

    async def committed(self, place: Place, offset: int, note: str) -> None:
        """Commit the group's offset: soon, and with others."""
        self._uncommitted[place] = OffsetAndMetadata(offset, note)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit())

    async def _commit(self) -> None:
        await asyncio.sleep(COMMIT_SECONDS)
        said, self._uncommitted = self._uncommitted, {}
        with contextlib.suppress(KafkaError, TimeoutError):
            if ours := {
                TopicPartition(*p): n for p, n in said.items() if p in self._places
            }:
                await within(self._consumer.commit(ours))

    async def close(self) -> None:
        """Leave the group, or give up leaving."""
        if self._committing is not None:
            self._committing.cancel()
        await self._looking.close()
        if not await quietly(self._consumer.stop()):
            await _end(self._consumer)


async def _end(consumer: AIOKafkaConsumer) -> None:
    """End what is left of a consumer that could not be stopped: it would go on for minutes."""
    coordinator, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001 no other way
    for name in LEFT:
        if (task := getattr(coordinator, name, None)) is not None:
            task.cancel()
    if fetcher is not None:
        await quietly(fetcher.close())
    await quietly(consumer._client.close())  # noqa: SLF001 as above
