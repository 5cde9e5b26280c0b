"""The servers that faults are done to: what each can suffer, and that it comes back."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from aiokafka.errors import KafkaError

from chassis.log import Record, Topic
from chassis.log.kafka import KafkaLog
from tests.faults.servers.broker import brokers_known
from tests.faults.servers.disk import NotHereError
from tests.faults.servers.installation import PostgresError
from tests.faults.servers.kafka import Kafka
from tests.faults.servers.postgres import Postgres
from tests.faults.servers.standby import promote, standby_of
from tests.support.kafka import kafka_available

TOPIC = "public.tests.servers.v1"
NUMBERS = "select coalesce(string_agg(n::text, ',' order by n), '') from number"


@pytest.fixture
def server() -> Iterator[Postgres]:
    with Postgres() as cluster:
        cluster.asked("create table number (n integer)")
        insert(cluster, 1)
        yield cluster


@pytest.fixture(scope="module")
def three() -> Iterator[Kafka]:
    if (reason := kafka_available()) is not None:
        pytest.skip(reason)
    with Kafka(3) as cluster:
        yield cluster


def insert(server: Postgres, number: int) -> None:
    server.asked(f"insert into number values ({number})")  # noqa: S608 a number of ours


pytestmark = pytest.mark.postgres


def test_what_was_committed_outlives_a_kill(server: Postgres) -> None:
    server.kill()
    assert not server.alive
    server.start()
    assert server.asked(NUMBERS) == "1"


async def test_frozen_it_answers_nobody_and_thawed_it_goes_on(server: Postgres) -> None:
    session = await asyncpg.connect(server.dsn("postgres"))
    await asyncio.to_thread(server.freeze)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await asyncpg.connect(server.dsn("postgres"))
    waiting = asyncio.create_task(session.fetchval("select 1"))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await asyncio.to_thread(server.thaw)
    assert await asyncio.wait_for(waiting, 5) == 1
    await session.close()


async def test_one_session_is_terminated_and_no_other(server: Postgres) -> None:
    assert not server.terminate_one(0.5)
    sessions = [await asyncpg.connect(server.dsn("postgres")) for _ in range(3)]
    assert server.terminate_one(0.99)
    await asyncio.sleep(0.1)
    assert sum(session.is_closed() for session in sessions) == 1
    for session in sessions:
        await session.close()


def test_a_synchronous_standby_has_everything_once_it_is_promoted(server: Postgres) -> None:
    standby = standby_of(server, synchronous=True)
    try:
        insert(server, 2)
        server.kill()
        promote(standby, server.address)
        insert(standby, 3)
        assert standby.asked(NUMBERS) == "1,2,3"
    finally:
        standby.close()


def test_an_asynchronous_standby_lacks_what_it_was_not_told(server: Postgres) -> None:
    standby = standby_of(server, synchronous=False)
    try:
        standby.stop()
        insert(server, 2)
        server.kill()
        standby.start()
        promote(standby, server.address)
        assert standby.asked(NUMBERS) == "1"
    finally:
        standby.close()


def test_restored_it_is_as_it_was_when_it_was_copied(server: Postgres) -> None:
    backup: Path = server.folder / "backup"
    server.copy(backup)
    insert(server, 2)
    with pytest.raises(PostgresError):
        server.restore(backup)
    server.kill()
    server.restore(backup)
    server.start()
    assert server.asked(NUMBERS) == "1"


def test_without_room_for_data_it_says_so_and_goes_on_once_there_is_room(
    server: Postgres,
) -> None:
    filled(server, "disk")
    with pytest.raises(PostgresError, match="No space left on device"):
        server.asked("insert into number select generate_series(1, 100000)")
    assert server.asked(NUMBERS) == "1"
    server.disk.free()
    insert(server, 2)


def test_without_room_for_its_write_ahead_log_it_dies_and_loses_nothing(
    server: Postgres,
) -> None:
    filled(server, "wal_disk")
    with pytest.raises(PostgresError, match="No space left on device"):
        server.asked("insert into number select generate_series(1, 2000000)")
    until = time.monotonic() + 10
    while server.alive and time.monotonic() < until:
        time.sleep(0.05)
    server.wal_disk.free()
    server.start()
    assert server.asked(NUMBERS) == "1"


def filled(server: Postgres, which: str) -> None:
    try:
        getattr(server, which).fill()
    except NotHereError as why:
        pytest.skip(str(why))


@pytest.mark.kafka
async def test_two_brokers_of_three_take_records_while_one_is_away(three: Kafka) -> None:
    async with log_of(three) as log:
        three.kill(2)
        await published(log, b"1")
        await asyncio.to_thread(three.start, 2)
        await published(log, b"2")


@pytest.mark.kafka
def test_a_frozen_broker_says_nothing_until_it_is_thawed(three: Kafka) -> None:
    three.freeze()
    assert brokers_known(three.brokers[0].port) == 0
    three.thaw()
    assert brokers_known(three.brokers[0].port) > 0


@pytest.mark.kafka
async def test_a_broker_without_room_ends_and_comes_back_once_there_is_room(
    three: Kafka,
) -> None:
    async with log_of(three) as log:
        try:
            three.fill_disk(1)
        except NotHereError as why:
            pytest.skip(str(why))
        sending = asyncio.create_task(published(log, b"x" * 500_000))
        while three.alive(1):  # noqa: ASYNC110 a process tells nobody that it ended
            await asyncio.sleep(0.05)
        assert three.alive(0)
        three.free_disk(1)
        await asyncio.to_thread(three.start, 1)
        await sending
        assert sum((await log.ends([TOPIC])).values()) > 0


@asynccontextmanager
async def log_of(kafka: Kafka) -> AsyncIterator[KafkaLog]:
    log = KafkaLog(kafka.bootstrap, replication=len(kafka.brokers))
    await log.create([Topic(TOPIC, 3)])
    yield log
    await log.close()


async def published(log: KafkaLog, value: bytes) -> None:
    """Publish a record, with a new producer after every error, as the relay does."""
    while True:
        producer = await log.producer("tests")
        try:
            await producer.publish([Record(topic=TOPIC, key=value[:9], value=value)])
        except (KafkaError, TimeoutError):
            continue
        finally:
            await producer.close()
        return
