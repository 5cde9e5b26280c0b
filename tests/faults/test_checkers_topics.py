"""The checkers of topics, on a real Kafka: what is published, and what becomes of it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from chassis.log import Received, Record
from chassis.relay import Relay
from tests.faults.checkers.consuming import consumed_or_parked
from tests.faults.checkers.publishing import published_events
from tests.faults.checkers.topics import ends_of, records
from tests.faults.counting import SERVICE, SERVICES, counting, said_by, to_public
from tests.faults.defects import changed
from tests.faults.evidence import Evidence
from tests.support.consuming import NAME, Office, event, office_in
from tests.support.kafka import KafkaBroker
from tests.support.logs import KafkaHome, kafka_home, publish
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase, eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

SOURCE = f"/shuniu/tests/{SERVICE}"
ITEMS, TIMES = 3, 4

Published = Sequence[Record]


@pytest.fixture
async def home(kafka: KafkaBroker, evidence: Evidence) -> AsyncIterator[KafkaHome]:
    """Give a log in Kafka, where the checkers look as well."""
    evidence.bootstrap = kafka.bootstrap
    async with kafka_home(kafka) as home:
        yield home


@pytest.fixture
async def told(home: KafkaHome, process: Process, evidence: Evidence) -> Sequence[Received]:
    """Give what a relay published of some counters."""
    topic = await home.topic(3)
    for item in [uuid4() for _ in range(ITEMS)]:
        for n in range(TIMES):
            command = RaiseCounter(counter_id=item, remark=f"{n}")
            await process.store.execute(COUNTER, item, command, cause())
    process.follow(Relay(home.log, {COUNTER.name: topic}, to_public, SERVICE, SOURCE))

    async def all_of_it() -> bool:
        return sum((await home.log.ends([topic])).values()) >= ITEMS * TIMES

    await eventually(all_of_it, within=30)
    return [r async for batch in records(evidence.bootstrap, [topic]) for r in batch]


def changed_record(record: Record, *, key: bytes | None = None, **headers: str) -> Record:
    return Record(
        topic=record.topic,
        key=key or record.key,
        value=record.value,
        headers=dict(record.headers) | headers,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """What is on a topic instead of what the relay published, and what is said of it."""

    instead: Callable[[Published], Published]
    said: Sequence[str]
    compacted: bool = False


def newest(told: Published) -> Published:
    return list({record.key: record for record in told}.values())


CASES = {
    "the same": Case(lambda told: told, []),
    "everything twice": Case(lambda told: [*told, *told], []),
    "what others wrote": Case(
        lambda told: [*told, Record(topic="", key=b"", value=b"\x00", headers={})], []
    ),
    "one lost": Case(lambda told: told[1:], ["was never published"]),
    "a phantom": Case(
        lambda told: [*told, changed_record(told[0], ce_id=str(uuid4()))],
        ["which is in no store: a phantom"],
    ),
    "another order": Case(lambda told: told[::-1], ["reordered"]),
    "another key": Case(
        lambda told: [*told, changed_record(told[0], key=told[-1].key + b"0")],
        ["; its event has"],
    ),
    "another source": Case(
        lambda told: [*told, changed_record(told[0], ce_source=f"/shuniu/other/{SERVICE}")],
        ["name 2 sources"],
    ),
    "only what is newest": Case(newest, [], compacted=True),
    "an old owner's at the end": Case(
        lambda told: [*newest(told), *told[:1]], ["an old owner's"], compacted=True
    ),
    "nothing of one": Case(
        lambda told: newest(told)[1:], ["was never published"], compacted=True
    ),
}


async def test_what_differs_from_the_store_is_found_on_its_topic(
    home: KafkaHome, told: Sequence[Received], evidence: Evidence
) -> None:
    for name, case in CASES.items():
        topic = await home.topic(3)
        instead = [
            Record(topic=topic, key=r.key, value=r.value, headers=r.headers)
            for r in case.instead(told)
        ]
        await publish(home.log, instead)
        service = replace(counting(topic), compacted=case.compacted)
        verdict = await published_events(evidence, {SERVICE: service})
        assert verdict.counted["public events"] == ITEMS * TIMES
        assert bool(verdict.violations) == bool(case.said), (name, verdict)
        for said in case.said:
            assert any(said in one for one in verdict.violations), (name, verdict)
        if name == "everything twice":
            assert verdict.counted["repeats"] == ITEMS * TIMES


async def test_a_topic_that_is_not_there_holds_nothing(home: KafkaHome) -> None:
    gone = f"public.tests.{uuid4().hex}.v1"
    assert await ends_of(home.broker.bootstrap, [gone]) == {}
    assert [r async for r in records(home.broker.bootstrap, [gone])] == []


@pytest.fixture
async def consumed(
    home: KafkaHome, database: ServiceDatabase, process: Process
) -> AsyncIterator[str]:
    """Give a topic of which a service consumed all but a record and those behind it."""
    async with office_in(home, database, process) as office:
        topic = await home.topic(1)
        told = [event(topic, f"item-{n % 3}", f"{n}") for n in range(9)]
        poison = event(topic, "item-0", "boom")
        await consume(office, topic, *told[:3], poison, *told[3:], told[0])
        yield topic


async def consume(office: Office, topic: str, *told: Record) -> None:
    async with office.consuming(office.viewing(topic)):
        await office.publish(*told)
        await office.is_at_the_end(topic)


async def test_what_was_consumed_or_parked_is_all_there_is(
    consumed: str, evidence: Evidence
) -> None:
    verdict = await consumed_or_parked(evidence, SERVICES)
    assert not verdict.violations
    assert verdict.counted["records produced"] == 11
    assert verdict.counted["parked"] == 3
    assert verdict.counted["consumed"] + verdict.counted["parked"] == 10  # and a repeat
    assert consumed


TAKEN = f"insert into feed.inbox (consumer, source, id) select '{NAME}', "
BEHIND = 'feed.parked where "offset" > 3'
GONE = f"delete from {BEHIND}"  # noqa: S608 ours
LOSSES = {
    "delete from feed.inbox": "neither consumed nor parked",
    'delete from feed.parked where "offset" = 3': "neither consumed nor parked",
    f"{TAKEN} headers ->> 'ce_source', headers ->> 'ce_id' from {BEHIND}; {GONE}": (
        "it was overtaken"
    ),
    f"{TAKEN} 'nobody', 'nothing'": "which is on no topic: a phantom",
    "update feed.consumer_offset set next = next - 1": "which ends at 11",
}


@pytest.mark.parametrize("made", LOSSES)
async def test_what_is_lost_or_overtaken_is_found(
    consumed: str, evidence: Evidence, made: str
) -> None:
    await changed(evidence.databases[SERVICE], made)
    found = await said_by(consumed_or_parked, evidence)
    assert any(LOSSES[made] in sentence for sentence in found), (consumed, found)


async def test_what_a_stranger_told_goes_with_its_topic(
    consumed: str, evidence: Evidence
) -> None:
    await changed(evidence.databases[SERVICE], f"{TAKEN} 'nobody', 'nothing'")
    evidence = replace(evidence, strangers={"nothing"})
    verdict = await consumed_or_parked(evidence, SERVICES)
    assert not verdict.violations, consumed
    assert verdict.counted["consumed, and gone from the topics"] == 1


SKIPPED = f"""
insert into store.event (shard, stream_id, version, event_id, type, schema_version, data, meta,
    recorded_at, previous_hash, hash)
values (0, 'audit-1', 1, gen_random_uuid(), 'audit.AdminActed', 1,
    convert_to('{{"action": "parked.skip", "item": "{NAME}/1"}}', 'UTF8'), '', now(), '', '')
"""  # noqa: S608 ours


async def test_what_an_operator_let_go_is_not_lost(
    consumed: str, evidence: Evidence
) -> None:
    gone = 'delete from feed.parked where "offset" = 3'
    await changed(evidence.databases[SERVICE], gone, SKIPPED)
    verdict = await consumed_or_parked(evidence, SERVICES)
    assert not verdict.violations, consumed
    assert verdict.counted["skipped by an operator"] == 1
