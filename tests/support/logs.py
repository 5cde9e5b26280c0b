"""Both logs for tests, members that read them, and wrappers that misbehave on purpose."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from chassis.database import connect
from chassis.log import Log, Place, Received, Record, Subscriber, Topic
from chassis.log.embedded import EmbeddedLog
from chassis.log.kafka import KafkaLog
from chassis.migrate import migrate
from chassis.settings import Settings
from tests.support.kafka import KafkaBroker
from tests.support.postgres import Postgres

DATABASE = "embedded_log"
EMBEDDED = pytest.param("embedded", marks=pytest.mark.postgres)
KAFKA = pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.postgres])
BOTH = [EMBEDDED, KAFKA]


def new_group() -> str:
    """Return the name of a consumer group that nobody else is in."""
    return f"tests.{uuid4().hex}"


class LogHome(Protocol):
    """A log, and what only an operator does to it."""

    @property
    def log(self) -> Log:
        """The log itself."""
        ...

    async def topic(
        self, partitions: int = 12, name: str | None = None, *, compacted: bool = False
    ) -> str:
        """Create a topic of the test's own and return its name."""
        ...

    async def delete(self, topic: str) -> None:
        """Delete *topic* with all its records."""
        ...


class EmbeddedHome:
    """The embedded log in the run's own PostgreSQL."""

    def __init__(self, log: EmbeddedLog, settings: Settings) -> None:
        self.log = log
        self.dsn = settings.owner_dsn(DATABASE)

    async def topic(
        self, partitions: int = 12, name: str | None = None, *, compacted: bool = False
    ) -> str:
        """Create a topic of the test's own and return its name."""
        name = name or f"public.tests.{uuid4().hex}.v1"
        await self.log.create([Topic(name, partitions, compacted)])
        return name

    async def delete(self, topic: str) -> None:
        """Delete *topic* with all its records."""
        await self.log.pool.execute("delete from log.topic where name = $1", topic)

    async def cut_connections(self) -> None:
        """Terminate every session of the log."""
        session = await connect(self.dsn)
        await session.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        await session.close()


class KafkaHome:
    """A log in the run's own broker."""

    def __init__(self, broker: KafkaBroker) -> None:
        self.broker = broker
        self.log = KafkaLog(broker.bootstrap)

    async def topic(
        self, partitions: int = 12, name: str | None = None, *, compacted: bool = False
    ) -> str:
        """Create a topic of the test's own and return its name, once it has leaders."""
        name = name or f"public.tests.{uuid4().hex}.v1"
        until = time.monotonic() + 20
        while time.monotonic() < until:
            await self.log.create([Topic(name, partitions, compacted)])
            if len(await self.log.ends([name])) == partitions:
                return name
            await asyncio.sleep(0.1)
        raise AssertionError(f"{name} was not created")

    async def delete(self, topic: str) -> None:
        """Delete *topic* with all its records, and wait until it is gone."""
        async with self._admin() as admin:
            await admin.delete_topics([topic])
            while topic in await admin.list_topics():  # noqa: ASYNC110 nothing signals it
                await asyncio.sleep(0.05)

    async def expire(self, place: Place, before: int) -> None:
        """Delete the records of *place* before an offset, as retention does."""
        async with self._admin() as admin:
            upto = RecordsToDelete(before_offset=before)
            await admin.delete_records({TopicPartition(*place): upto})

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[Any]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
        await admin.start()
        try:
            yield admin
        finally:
            await admin.close()


@asynccontextmanager
async def embedded_home(postgres: Postgres) -> AsyncIterator[EmbeddedHome]:
    """Open the embedded log."""
    settings = Settings(
        profile="demo",
        database_url=postgres.dsn("{database}", "{role}"),
        owner_database_url=postgres.dsn("{database}"),
    )
    await migrate(settings, DATABASE, "log")
    log = EmbeddedLog(settings.dsn(DATABASE))
    await log.start()
    try:
        yield EmbeddedHome(log, settings)
    finally:
        await log.close()


@asynccontextmanager
async def kafka_home(broker: KafkaBroker) -> AsyncIterator[KafkaHome]:
    """Open a log in *broker*."""
    home = KafkaHome(broker)
    try:
        yield home
    finally:
        await home.log.close()


@asynccontextmanager
async def log_home(request: pytest.FixtureRequest) -> AsyncIterator[LogHome]:
    """Open the log that a fixture's parameter names."""
    if request.param == "embedded":
        async with embedded_home(request.getfixturevalue("postgres")) as home:
            yield home
    else:
        async with kafka_home(request.getfixturevalue("kafka")) as home:
            yield home


def records(topic: str, keys: list[bytes], each: int, tag: str = "") -> list[Record]:
    """Return *each* records of every key, dealt in turn, with values that say their order."""
    return [
        Record(topic=topic, key=key, value=f"{tag}{n:05}".encode())
        for n in range(each)
        for key in keys
    ]


async def publish(log: Log, records: Sequence[Record]) -> None:
    """Publish *records* with a producer of their own."""
    producer = await log.producer("tests")
    try:
        await producer.publish(records)
    finally:
        await producer.close()


class Member:
    """A member of a group that reads every place from its beginning and remembers all."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.taken: list[frozenset[Place]] = []
        self.read: list[Received] = []
        self.subscriber: Subscriber

    @asynccontextmanager
    async def of(self, group: str, *topics: str) -> AsyncIterator["Member"]:
        """Join *group*, and leave it at the end."""
        self.subscriber = await self._log.subscriber(group, topics, self._from_the_start)
        try:
            yield self
        finally:
            await self.subscriber.close()

    async def _from_the_start(
        self, subscriber: Subscriber, places: frozenset[Place]
    ) -> None:
        self.taken.append(places)
        for place in places:
            first, _ = await subscriber.bounds(place)
            await subscriber.seek(place, first)

    async def once(self, seconds: float = 0.2) -> list[Received]:
        """Fetch once; return what came."""
        batches = await self.subscriber.fetch(500, seconds)
        came = [record for records in batches.values() for record in records]
        self.read += came
        return came

    async def until(self, true: Callable[[], Any], within: float = 20) -> None:
        """Fetch until *true* answers so."""
        give_up = time.monotonic() + within
        while not true():
            assert time.monotonic() < give_up, f"only {len(self.read)} records came"
            await self.once()

    async def count(self, number: int, within: float = 20) -> list[Received]:
        """Fetch until *number* records came, and none more; return them all."""
        await self.until(lambda: len(self.read) >= number, within)
        await self.once()
        assert len(self.read) == number
        return self.read

    async def quiet(self, seconds: float = 0.6) -> None:
        """Expect that nothing comes."""
        before = len(self.read)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await self.once()
        assert len(self.read) == before


def by_key(records: Sequence[Received]) -> dict[bytes, list[bytes | None]]:
    """Return the values of each key, in the order of *records*."""
    found: dict[bytes, list[bytes | None]] = defaultdict(list)
    for record in records:
        found[record.key].append(record.value)
    return dict(found)
