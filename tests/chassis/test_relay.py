"""The relay publishes every public event at least once, in order per item, and never skips."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka.errors import KafkaConnectionError
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import StringValue

from chassis.feed import follower
from chassis.log import Log, Producer, Received, Record
from chassis.public import Envelope, message_of
from chassis.relay import Relay
from tests.support.logs import EMBEDDED, LogHome, Member, new_group
from tests.support.samples import (
    COUNTER,
    NOTE,
    CounterRaised,
    RaiseCounter,
    ResetCounter,
    WriteNote,
    cause,
)
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.zombies import EveryoneOwnsAll

SOURCE = "/shuniu/tests/counters"
embedded_only = pytest.mark.parametrize("home", [EMBEDDED], indirect=True)


@pytest.fixture
async def process(
    service_database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Process]:
    monkeypatch.setattr(follower, "RETRY_SECONDS", 0.05)
    async with service_database.process(COUNTER, NOTE) as process:
        yield process


def to_public(event: Any) -> Message | None:
    """Others may know that a counter was raised, and nothing else."""
    return StringValue(value=event.remark) if isinstance(event, CounterRaised) else None


def relay_to(log: Log, topic: str) -> Relay:
    return Relay(log, {"counter": topic}, to_public, "counters", SOURCE)


async def act(process: Process, items: Sequence[UUID], times: int) -> None:
    """Raise each item so often, with resets and notes in between."""
    for n in range(times):
        await asyncio.gather(*(_act(process, item, n) for item in items))


async def _act(process: Process, item: UUID, n: int) -> None:
    raised = RaiseCounter(counter_id=item, remark=f"{item} {n:03}")
    await process.store.execute(COUNTER, item, raised, cause())
    if n % 4 == 3:
        await process.store.execute(COUNTER, item, ResetCounter(counter_id=item), cause())
        await process.store.execute(
            NOTE, item, WriteNote(note_id=item, text="note"), cause()
        )


async def expected(database: ServiceDatabase) -> dict[str, list[str]]:
    """Return the ids of all public events by item, in the order of the store."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in await database.owner.fetch(
        "select stream_id, event_id from store.event where type = 'counter.Raised' "
        "order by stream_id, version"
    ):
        found[row["stream_id"].removeprefix("counter-")].append(str(row["event_id"]))
    return dict(found)


def first_occurrences(read: Sequence[Received]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for record in read:
        ids = found[record.key.decode()]
        if record.headers["ce_id"] not in ids:
            ids.append(record.headers["ce_id"])
    return dict(found)


async def all_of(home: LogHome, database: ServiceDatabase, topic: str) -> list[Received]:
    """Wait until everything public is in the log; return all that is there."""
    wanted = await expected(database)
    async with Member(home.log).of(new_group(), topic) as member:
        await member.until(lambda: first_occurrences(member.read).keys() == wanted.keys())
        await member.until(
            lambda: (
                sum(map(len, first_occurrences(member.read).values()))
                >= sum(map(len, wanted.values()))
            )
        )
        await member.once()
        return member.read


async def checkpoint(database: ServiceDatabase) -> int:
    at: int = await database.owner.fetchval(
        "select coalesce(sum(position), 0)::bigint from feed.checkpoint where name = 'relay'"
    )
    return at


async def test_all_public_events_reach_the_log_in_order_per_item(
    home: LogHome, process: Process, service_database: ServiceDatabase
) -> None:
    topic, items = await home.topic(), [uuid4() for _ in range(12)]
    await act(process, items, 10)
    process.follow(relay_to(home.log, topic))
    await act(process, items, 10)
    read = await all_of(home, service_database, topic)
    assert first_occurrences(read) == await expected(service_database)
    assert len({record.headers["ce_id"] for record in read}) == 240
    for record in read:
        message = message_of(record.value, StringValue)
        assert record.value == message.SerializeToString(deterministic=True)
        assert str(message).startswith(f'value: "{record.key.decode()}')


@embedded_only
async def test_a_published_event_says_where_it_stands_in_its_store(
    home: LogHome, process: Process, service_database: ServiceDatabase
) -> None:
    topic, item = await home.topic(), uuid4()
    await act(process, [item], 4)
    process.follow(relay_to(home.log, topic))
    read = await all_of(home, service_database, topic)
    rows = await service_database.owner.fetch(
        "select * from store.event where type = 'counter.Raised'"
    )
    stored = {str(row["event_id"]): row for row in rows}
    for record in read:
        headers, envelope = record.headers, Envelope.read(record.headers)
        row = stored[envelope.id]
        assert headers["ce_position"] == str(row["position"])
        assert headers["ce_shard"] == str(row["shard"])
        assert headers["ce_epoch"] == process.store.epoch
        assert envelope.sequence == row["version"]
        assert (envelope.source, envelope.type) == (SOURCE, "google.protobuf.StringValue")
        assert envelope.subject == str(item)


class FailingLog(EveryoneOwnsAll):
    """A log whose producers break after half a batch, or cannot be had at all."""

    def __init__(self, log: Log, failures: int) -> None:
        super().__init__(log)
        self.failures = failures
        self.reachable = True
        self.made = self.closed = 0

    async def producer(self, name: str, *, fencing: bool = False) -> Producer:
        """Return a producer that may break."""
        if not self.reachable:
            raise KafkaConnectionError("nobody answers")
        self.made += 1
        return _Failing(await super().producer(name, fencing=fencing), self)


class _Failing:
    def __init__(self, producer: Producer, log: FailingLog) -> None:
        self._producer = producer
        self._log = log

    async def publish(self, records: Sequence[Record]) -> None:
        if self._log.failures or not self._log.reachable:
            self._log.failures -= bool(self._log.failures)
            if self._log.reachable:
                await self._producer.publish(records[: len(records) // 2])
            raise KafkaConnectionError("the link broke")
        await self._producer.publish(records)

    async def close(self) -> None:
        self._log.closed += 1
        await self._producer.close()


async def test_after_a_producer_broke_midway_nothing_is_missing(
    home: LogHome, process: Process, service_database: ServiceDatabase
) -> None:
    topic, items = await home.topic(), [uuid4() for _ in range(8)]
    await act(process, items, 8)
    log = FailingLog(home.log, failures=3)
    process.follow(relay_to(log, topic))
    read = await all_of(home, service_database, topic)
    assert first_occurrences(read) == await expected(service_database)
    assert len(read) > 64  # at least once: the halves came again
    assert (log.made, log.closed) == (4, 3)


@embedded_only
async def test_while_the_log_is_away_the_relay_stands_still_and_then_catches_up(
    home: LogHome, process: Process, service_database: ServiceDatabase
) -> None:
    topic, items = await home.topic(), [uuid4() for _ in range(5)]
    log = FailingLog(home.log, failures=0)
    process.follow(relay_to(log, topic))
    await act(process, items, 4)
    await all_of(home, service_database, topic)
    log.reachable = False
    await asyncio.sleep(0.1)
    stood = await checkpoint(service_database)
    await act(process, items, 4)

    async def says_why() -> bool:
        return "KafkaConnectionError" in (await service_database.error_of("relay") or "")

    await eventually(says_why)
    assert await checkpoint(service_database) == stood
    log.reachable = True
    read = await all_of(home, service_database, topic)
    assert first_occurrences(read) == await expected(service_database)

    async def says_nothing() -> bool:
        return await service_database.error_of("relay") is None

    await eventually(says_nothing)


@embedded_only
async def test_a_relay_that_ends_lets_go_of_its_producer(
    home: LogHome, process: Process, service_database: ServiceDatabase
) -> None:
    topic = await home.topic()
    log = FailingLog(home.log, failures=0)
    task = process.follow(relay_to(log, topic))
    await act(process, [uuid4()], 1)
    await all_of(home, service_database, topic)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (log.made, log.closed) == (1, 1)
