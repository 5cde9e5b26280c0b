"""Kafka through aiokafka: the log, its topics, and questions about where they end."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaError,
    TopicAlreadyExistsError,
)

from chassis.log.kafka_looking import last_between, received
from chassis.log.kafka_producer import (
    MAX_BATCH_BYTES,
    MAX_RECORD_BYTES,
    FencingKafkaProducer,
    KafkaProducer,
)
from chassis.log.kafka_subscriber import KafkaSubscriber
from chassis.log.kafka_waiting import quietly, within
from chassis.log.port import Place, Received, Subscriber, Taken, Topic

REQUEST_SECONDS = 10.0
COORDINATOR_SECONDS = 0.25
TRANSACTION_SECONDS = 15.0  # nobody reads past one that was left open
DAY_MS = 86_400_000


async def _group_offsets(admin: AIOKafkaAdminClient, group: str) -> Any:
    while True:
        try:
            return await admin.list_consumer_group_offsets(group)
        except GroupCoordinatorNotAvailableError:  # a new cluster makes its topic first
            await asyncio.sleep(COORDINATOR_SECONDS)


class KafkaLog:
    """A log in Apache Kafka."""

    def __init__(self, bootstrap: str, replication: int = 1) -> None:
        self._bootstrap = bootstrap
        self._replication = replication
        self._asking: tuple[AIOKafkaAdminClient, AIOKafkaConsumer] | None = None
        self._one_question = asyncio.Lock()

    async def create(self, topics: Sequence[Topic]) -> None:
        """Create the topics that are missing. Event time is `ce_time`: the log stamps its own."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        await within(admin.start())
        try:
            known = set(await within(admin.list_topics()))
            missing = [self._new(t) for t in topics if t.name not in known]
            if missing:
                answer = await within(admin.create_topics(missing, timeout_ms=20_000))
                for name, code, *rest in answer.topic_errors:
                    if code not in (0, TopicAlreadyExistsError.errno):
                        raise KafkaError(f"topic {name} was not created: {code} {rest}")
        finally:
            await quietly(admin.close())

    def _new(self, topic: Topic) -> NewTopic:
        configs = {
            "message.timestamp.type": "LogAppendTime",
            "max.message.bytes": str(MAX_RECORD_BYTES + 100_000),
            "cleanup.policy": "compact" if topic.compacted else "delete",
        }
        if not topic.compacted:
            configs["retention.ms"] = str(topic.retention_days * DAY_MS)
        return NewTopic(
            topic.name, topic.partitions, self._replication, topic_configs=configs
        )

    async def producer(self, name: str, *, fencing: bool = False) -> KafkaProducer:
        """Return a started producer; a fencing one publishes each batch in a transaction."""
        transactional = {
            "transactional_id": name,
            "transaction_timeout_ms": int(TRANSACTION_SECONDS * 1000),
        }
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            client_id=name,
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            max_batch_size=MAX_BATCH_BYTES,
            max_request_size=MAX_RECORD_BYTES,
            request_timeout_ms=int(REQUEST_SECONDS * 1000),
            **(transactional if fencing else {}),
        )
        try:
            await within(producer.start())
        except BaseException:
            await quietly(producer.stop())
            raise
        return FencingKafkaProducer(producer) if fencing else KafkaProducer(producer)

    async def subscriber(
        self, group: str, topics: Sequence[str], taken: Taken
    ) -> Subscriber:
        """Join *group*."""
        subscriber = KafkaSubscriber(self._bootstrap, group, topics, taken)
        await subscriber.start()
        return subscriber

    async def ends(self, topics: Sequence[str]) -> dict[Place, int]:
        """Return where each partition ends."""
        async with self._one_question:
            try:
                admin, consumer = await self._asked()
                described = await within(admin.describe_topics(list(topics)))
                places = [
                    TopicPartition(topic["topic"], partition["partition"])
                    for topic in described
                    for partition in topic["partitions"]
                ]
                ends = await within(consumer.end_offsets(places))
            except BaseException:
                await self.close()
                raise
        return {(p.topic, p.partition): offset for p, offset in ends.items()}

    async def told(self, group: str) -> dict[Place, tuple[int, str]]:
        """Return the group's committed offsets, and the note beside each."""
        async with self._one_question:
            try:
                admin, _ = await self._asked()
                said = await within(_group_offsets(admin, group))
            except BaseException:
                await self.close()
                raise
        return {(p.topic, p.partition): (o.offset, o.metadata) for p, o in said.items()}

    async def lasts(self, topics: Sequence[str]) -> list[Received]:
        """Return the last record of every partition that has one."""
        ends = await self.ends(topics)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            isolation_level="read_committed",
        )
        await within(consumer.start())
        try:
            filled = [TopicPartition(*place) for place, end in ends.items() if end > 0]
            firsts = await within(consumer.beginning_offsets(filled))
            stable = await within(consumer.end_offsets(filled))
            found = []
            for partition in filled:
                consumer.assign([partition])
                span = firsts[partition], stable[partition]
                last = await within(last_between(consumer, partition, *span))
                found += [received(last)] if last else []
            return found
        finally:
            await quietly(consumer.stop())

    async def close(self) -> None:
        """Let go of the clients that questions are asked with."""
        if self._asking is not None:
            (admin, consumer), self._asking = self._asking, None
            await quietly(consumer.stop())
            await quietly(admin.close())

    async def _asked(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._asking is None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap, enable_auto_commit=False
            )
            self._asking = admin, consumer
            await within(admin.start())
            await within(consumer.start())
        return self._asking
