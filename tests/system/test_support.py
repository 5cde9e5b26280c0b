"""The servers that tests stand on do what the tests take for granted."""

import asyncio
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.support.kafka import KafkaBroker
from tests.support.postgres import Postgres


async def test_postgres_keeps_what_was_committed_through_a_crash(
    postgres: Postgres,
) -> None:
    address = await postgres.create_database(f"crash_{uuid4().hex}")
    connection = await asyncpg.connect(address)
    await connection.execute("CREATE TABLE fact (n int)")
    await connection.execute("INSERT INTO fact VALUES (1), (2)")
    connection.terminate()
    await asyncio.to_thread(postgres.kill)
    with pytest.raises(OSError, match=r"No such file|refused"):
        await asyncpg.connect(address)
    await asyncio.to_thread(postgres.start)
    connection = await asyncpg.connect(address)
    try:
        assert await connection.fetchval("SELECT count(*) FROM fact") == 2
    finally:
        await connection.close()


async def test_kafka_keeps_what_was_acknowledged_through_a_crash(
    kafka: KafkaBroker,
) -> None:
    topic = f"crash-{uuid4().hex}"
    await create_topic(kafka, topic)
    await produce(kafka, topic, b"before")
    assert await read(kafka, topic, 1) == [b"before"]
    if not kafka.is_ours:
        pytest.skip("the broker is somebody else's: not for this test to kill")
    address = kafka.bootstrap
    await asyncio.to_thread(kafka.kill)
    await asyncio.to_thread(kafka.start)
    assert kafka.bootstrap == address
    await produce(kafka, topic, b"after")
    assert await read(kafka, topic, 2) == [b"before", b"after"]


def test_a_run_without_kafka_says_so_and_fails_where_it_must_not_happen(
    tmp_path: Path,
) -> None:
    bare = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    lenient, said = run_kafka_tests(bare)
    assert (lenient, said.count("NOT TESTED: 1 tests on Kafka")) == (0, 1)
    strict, said = run_kafka_tests(bare | {"CI": "true"})
    assert (strict, said.count("NOT TESTED: 1 tests on Kafka")) == (1, 1)


def run_kafka_tests(environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", "-q", "-m", "kafka", __file__],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    return done.returncode, done.stdout


async def create_topic(kafka: KafkaBroker, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def produce(kafka: KafkaBroker, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        await asyncio.wait_for(producer.send_and_wait(topic, value), 20)
    finally:
        await producer.stop()


async def read(kafka: KafkaBroker, topic: str, count: int) -> list[bytes | None]:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        async with asyncio.timeout(20):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()
