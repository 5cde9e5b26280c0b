"""While nothing fails the relay publishes once: what is opened anew in between costs no repeat."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import StringValue

from chassis.feed.cursor import Step
from chassis.log import Log
from chassis.relay import Relay
from chassis.store import Stored
from tests.support.logs import EMBEDDED, LogHome, Member, log_home, new_group
from tests.support.samples import COUNTER, CounterRaised, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase

SOURCE = "/shuniu/tests/counters"
EVENTS = 8


@pytest.fixture(params=[EMBEDDED])
async def home(request: pytest.FixtureRequest) -> AsyncIterator[LogHome]:
    async with log_home(request) as home:
        yield home


@pytest.fixture
async def process(service_database: ServiceDatabase) -> AsyncIterator[Process]:
    async with service_database.process(COUNTER) as process:
        yield process


def to_public(event: Any) -> Message | None:
    return StringValue(value=event.remark) if isinstance(event, CounterRaised) else None


class AmongNewSessions(Relay):
    """A relay whose every batch finds the sessions of its engine closed once."""

    def __init__(self, log: Log, topic: str) -> None:
        super().__init__(log, {"counter": topic}, to_public, "counters", SOURCE)
        self.closed: set[int] = set()

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Publish *batch*."""
        if batch[0].position not in self.closed:
            self.closed.add(batch[0].position)
            await step.engine.dispose()
        await super().handle(batch, step)


async def test_a_session_too_young_for_the_checkpoint_is_noticed_before_publishing(
    home: LogHome, process: Process
) -> None:
    topic, item = await home.topic(), uuid4()
    relay = AmongNewSessions(home.log, topic)
    process.follow(relay)
    async with Member(home.log).of(new_group(), topic) as member:
        for n in range(EVENTS):
            raised = RaiseCounter(counter_id=item, remark=f"{n}")
            await process.store.execute(COUNTER, item, raised, cause())
            await member.until(lambda n=n: len(member.read) > n)  # type: ignore[misc] # n is bound
        await member.once()
    assert len(relay.closed) == EVENTS, "every batch met it"
    published = Counter(record.headers["ce_id"] for record in member.read)
    assert len(published) == EVENTS
    assert set(published.values()) == {1}
