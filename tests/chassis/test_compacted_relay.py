"""The relay of compacted topics: what is gone is said, and nothing comes behind its successor."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.feed import follower
from chassis.log import Log, Producer, Record
from chassis.public import Deleted
from chassis.relay import Relay
from tests.support.consuming import SOURCE
from tests.support.logs import EMBEDDED, LogHome, Member, new_group
from tests.support.samples import (
    COUNTER,
    CounterRaised,
    RaiseCounter,
    ResetCounter,
    cause,
)
from tests.support.service import Process, ServiceDatabase, eventually
from tests.support.zombies import EveryoneOwnsAll

embedded_only = pytest.mark.parametrize("home", [EMBEDDED], indirect=True)


def to_public(told: Any) -> StringValue | Deleted:
    return (
        StringValue(value=told.remark)
        if isinstance(told, CounterRaised)
        else Deleted(StringValue)
    )


def relay_to(log: Log, topic: str, service: str, *, compacted: bool = True) -> Relay:
    return Relay(log, {"counter": topic}, to_public, service, SOURCE, compacted=compacted)


async def test_what_is_deleted_is_published_as_an_empty_value(
    home: LogHome, process: Process
) -> None:
    topic, item = await home.topic(1, compacted=True), uuid4()
    process.follow(relay_to(home.log, topic, new_group()))
    raised = RaiseCounter(counter_id=item, remark="raised")
    await process.store.execute(COUNTER, item, raised, cause())
    await process.store.execute(COUNTER, item, ResetCounter(counter_id=item), cause())
    async with Member(home.log).of(new_group(), topic) as member:
        there, gone = await member.count(2)
    assert there.value == StringValue(value="raised").SerializeToString()
    assert gone.value is None
    assert there.key == gone.key == str(item).encode()
    assert gone.headers["ce_type"] == there.headers["ce_type"]
    assert gone.headers["ce_sequence"] == "2"


@embedded_only
async def test_nothing_is_deleted_on_a_plain_topic(
    home: LogHome,
    process: Process,
    service_database: ServiceDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follower, "RETRY_SECONDS", 0.05)
    topic, item = await home.topic(1), uuid4()
    process.follow(relay_to(home.log, topic, new_group(), compacted=False))
    raised = RaiseCounter(counter_id=item)
    await process.store.execute(COUNTER, item, raised, cause())
    await process.store.execute(COUNTER, item, ResetCounter(counter_id=item), cause())

    async def says_why() -> bool:
        return "no empty values" in (await service_database.error_of("relay") or "")

    await eventually(says_why)
    assert all(last.value is not None for last in await home.log.lasts([topic]))


class FrozenOnce(EveryoneOwnsAll):
    """A log whose producer stops, as a process does, between reading and publishing."""

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self.holds = asyncio.Event()
        self.thaw = asyncio.Event()
        self.ended: BaseException | None = None

    async def producer(self, name: str, *, fencing: bool = False) -> Producer:
        """Return a producer that keeps back its first batch until `thaw`."""
        return _Held(await super().producer(name, fencing=fencing), self)


class _Held:
    def __init__(self, producer: Producer, log: FrozenOnce) -> None:
        self._producer = producer
        self._log = log

    async def publish(self, records: Sequence[Record]) -> None:
        self._log.holds.set()
        await self._log.thaw.wait()
        try:
            await self._producer.publish(records)
        except BaseException as error:
            self._log.ended = error
            raise

    async def close(self) -> None:
        await self._producer.close()


async def test_a_thawed_owner_publishes_nothing_behind_its_successor(
    home: LogHome, service_database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "RETRY_SECONDS", 0.05)
    topic, item, service = await home.topic(1, compacted=True), uuid4(), new_group()
    frozen = FrozenOnce(home.log)

    async def raise_to(process: Process, *totals: int) -> None:
        for total in totals:
            command = RaiseCounter(counter_id=item, remark=str(total))
            await process.store.execute(COUNTER, item, command, cause())

    async with (
        service_database.process(COUNTER, owner="old") as old,
        service_database.process(COUNTER, owner="new") as new,
    ):
        await raise_to(old, 1, 2)
        old.follow(relay_to(frozen, topic, service))
        await asyncio.wait_for(frozen.holds.wait(), 20)
        await service_database.owner.execute(
            "update feed.follower set lease_until = '-infinity' where name = 'relay'"
        )
        new.follow(relay_to(home.log, topic, service))
        await raise_to(new, 3)
        async with Member(home.log).of(new_group(), topic) as member:
            await member.until(lambda: len(member.read) >= 3)
            frozen.thaw.set()
            await eventually(lambda: frozen.ended, within=40)
            await member.quiet(1.0)
            told = [StringValue.FromString(r.value or b"").value for r in member.read]
        assert told == ["1", "2", "3"]
        assert "enced" in type(frozen.ended).__name__
