"""From one service's store over Kafka into another's table, while the broker is killed."""

import asyncio
from uuid import UUID, uuid4

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.consumer import consumer
from chassis.feed import follower
from chassis.relay import Relay
from tests.support.consuming import office_in
from tests.support.kafka import KafkaBroker
from tests.support.logs import kafka_home
from tests.support.samples import COUNTER, CounterRaised, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase


async def raise_counters(
    process: Process, items: list[UUID], since: int, times: int
) -> None:
    for n in range(since, since + times):
        for item in items:
            command = RaiseCounter(counter_id=item, remark=f"{item} {n:03}")
            await process.store.execute(COUNTER, item, command, cause())


def to_public(event: object) -> StringValue | None:
    return StringValue(value=event.remark) if isinstance(event, CounterRaised) else None


async def test_a_killed_broker_delays_everything_and_loses_or_repeats_nothing(
    kafka: KafkaBroker,
    service_database: ServiceDatabase,
    process: Process,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not kafka.is_ours:
        pytest.skip("the broker is somebody else's: not for this test to kill")
    monkeypatch.setattr(follower, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(consumer, "RETRY_SECONDS", 0.1)
    items = [uuid4() for _ in range(6)]
    async with (
        kafka_home(kafka) as home,
        office_in(home, service_database, process) as office,
    ):
        topic = await home.topic(3)
        process.follow(Relay(home.log, {"counter": topic}, to_public, "counters", "/tests"))
        async with office.consuming(office.viewing(topic)):
            await raise_counters(process, items, 0, 10)
            await office.is_applied(30)
            await asyncio.to_thread(kafka.kill)
            await raise_counters(process, items, 10, 10)  # the store does not mind
            await asyncio.to_thread(kafka.start)
            await raise_counters(process, items, 20, 10)
            seen = await office.is_applied(180, within=60)
            await asyncio.sleep(0.5)
        assert await office.seen() == seen
        assert not await office.parked()
        assert await office.never_went_back()
    for item in items:
        own = [value for value in seen if value.startswith(str(item))]
        assert own == [f"{item} {n:03}" for n in range(30)]
