"""Whatever a foreign program writes to a topic stops its own key at most."""

from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka import AIOKafkaProducer

from tests.support.consuming import Office, event, headers_of, office_in
from tests.support.kafka import KafkaBroker
from tests.support.logs import kafka_home
from tests.support.service import Process, ServiceDatabase

Headers = Sequence[tuple[str, bytes | None]]
NAME = "google.protobuf.StringValue"
PLAIN: Headers = [
    (name, value.encode()) for name, value in headers_of(NAME, "item").items()
]


def with_header(name: str, value: bytes | None) -> Headers:
    return [*(pair for pair in PLAIN if pair[0] != name), (name, value)]


@pytest.fixture
async def office(
    kafka: KafkaBroker, service_database: ServiceDatabase, process: Process
) -> AsyncIterator[Office]:
    async with (
        kafka_home(kafka) as home,
        office_in(home, service_database, process) as office,
    ):
        yield office


@pytest.mark.parametrize(
    ("key", "headers"),
    [
        pytest.param(b"item", with_header("ce_time", None), id="a header without a value"),
        pytest.param(
            b"item", with_header("ce_time", b"\xff\xfe"), id="a header in no text"
        ),
        pytest.param(b"item", [*with_header("ce_type", b"\0"), ("\0", b"\0")], id="zeros"),
        pytest.param(b"item", with_header("ce_id", None), id="an id without a value"),
        pytest.param(b"\0\xff\0", [], id="a key of bytes, no header"),
        pytest.param(None, [], id="neither key nor header"),
    ],
)
async def test_a_record_of_any_bytes_is_parked_or_passes_by_and_the_partition_goes_on(
    office: Office, kafka: KafkaBroker, key: bytes | None, headers: Headers
) -> None:
    topic = await office.home.topic(1)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    await producer.send_and_wait(topic, b"\xff\0", key=key, headers=headers)
    await producer.stop()
    for n in range(2):  # the second time it is the record before the stored offset
        await office.publish(event(topic, "healthy", f"{n}"))
        async with office.consuming(office.viewing(topic)):
            await office.is_at_the_end(topic)
    assert await office.seen() == ["0", "1"]
    assert len(await office.parked()) <= 1
