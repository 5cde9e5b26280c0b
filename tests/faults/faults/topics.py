"""F25: the log does not continue what its readers have read. They say so, and skip nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from random import Random

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from chassis.feed.lease import LEASE_SECONDS
from chassis.log.kafka import KafkaLog
from chassis.log.port import PARTITIONS
from suite.spread import TOPICS
from tests.faults.fault import Fault
from tests.faults.faults.operating import act, expect, gaps, resolve_all
from tests.faults.lab import Lab

INVARIANTS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6"})
TOLD_BY = {
    "documents": "public.documents.incoming.v1",
    "supervision": "public.supervision.matter.v1",
}
DELETED_SECONDS = 20.0
LONGEST_SECONDS = 400.0  # a partition after another is read from its beginning by hand
READ = "select count(*) > 3 from feed.consumer_offset where topic = '{topic}' and next > 0"
FORGET = "delete from feed.consumer_offset where topic = $1"


async def _recreated(lab: Lab, chance: Random) -> None:
    service, topic = chance.choice(sorted(TOLD_BY.items()))
    await expect(lab, f"{topic} was read", lambda: _is_read(lab, topic))
    await _made_anew(lab, topic, chance.uniform(0, 3))
    await expect(lab, f"{topic} made anew is shown as a gap", lambda: _stands(lab, topic))
    await _tell_again(lab, service, partial(_made_anew, lab, topic, 0))


async def _expired(lab: Lab, chance: Random) -> None:
    topic, reader = TOLD_BY["documents"], chance.choice(["supervision", "notifier-decider"])
    await lab.processes.stop(reader)
    await lab.load.until(40)  # there is something that it has not read
    await _expire(lab, topic)
    await lab.processes.start(reader)
    await expect(lab, "expired records are shown as a gap", lambda: _stands(lab, topic))
    await _tell_again(lab, "documents", partial(_expire, lab, topic))


async def _offsets_lost(lab: Lab, chance: Random) -> None:
    """Lose a reader's own offsets, which matter, and let Kafka's for it be nonsense."""
    process = chance.choice(["supervision", "notifier-decider"])
    service = process.removesuffix("-decider")
    await lab.processes.kill(process)
    await _commit_nonsense(lab, f"{service}.main", chance)
    owner = await asyncpg.connect(lab.postgres.dsn(service))
    lost = await owner.execute(FORGET, TOLD_BY["documents"])
    await owner.close()
    lab.note(f"{service} has lost its offsets: {lost}")
    await lab.processes.start(process)


FAULTS: Sequence[Fault] = (
    Fault(
        id="F25",
        variant="recreated",
        told="a topic is deleted and made again while it is written and read; after a "
        "gap was shown, its records are told again and it is read from its beginning",
        invariants=INVARIANTS,
        inject=_recreated,
        seconds=LONGEST_SECONDS,
    ),
    Fault(
        id="F25",
        variant="expired",
        told="records expire before a reader that was away has read them; after a gap "
        "was shown, they are told again",
        invariants=INVARIANTS,
        inject=_expired,
        seconds=LONGEST_SECONDS,
    ),
    Fault(
        id="F25",
        variant="offsets_lost",
        told="a reader's offsets are lost, Kafka's and its own: it reads a topic again",
        invariants=INVARIANTS,
        inject=_offsets_lost,
    ),
)


async def _tell_again(lab: Lab, service: str, empty: Callable[[], Awaitable[None]]) -> None:
    """Refill a topic: what was told since the loss must not stand before what is told again."""
    await act(lab, f"/{service}/admin/v1/followers/relay/pause")
    await asyncio.sleep(LEASE_SECONDS)  # who publishes notices it when its lease is renewed
    await empty()
    await act(lab, f"/{service}/admin/v1/relay/rewind")
    await act(lab, f"/{service}/admin/v1/followers/relay/resumption")
    await resolve_all(lab)


async def _made_anew(lab: Lab, topic: str, after: float) -> None:
    """Delete *topic*, and create it again some seconds after it is gone."""
    admin = AIOKafkaAdminClient(bootstrap_servers=lab.kafka.bootstrap)
    log = KafkaLog(lab.kafka.bootstrap, lab.brokers)
    await admin.start()
    try:
        async with asyncio.timeout(DELETED_SECONDS):
            await admin.delete_topics([topic])
            while topic in await admin.list_topics():  # noqa: ASYNC110 nobody tells us
                await asyncio.sleep(0.05)
            lab.note(f"{topic} is deleted")
            await asyncio.sleep(after)
            while topic not in await admin.list_topics():
                await log.create([one for one in TOPICS if one.name == topic])
            lab.note(f"{topic} is made again")
    finally:
        await log.close()
        await admin.close()


async def _expire(lab: Lab, topic: str) -> None:
    """Delete all its records, as retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=lab.kafka.bootstrap)
    log = KafkaLog(lab.kafka.bootstrap)
    await admin.start()
    try:
        ends = await log.ends([topic])
        upto = {
            TopicPartition(*place): RecordsToDelete(before_offset=end)
            for place, end in ends.items()
            if end
        }
        await admin.delete_records(upto)
    finally:
        await log.close()
        await admin.close()
    lab.note(f"{topic} has lost {sum(ends.values())} records")


async def _commit_nonsense(lab: Lab, group: str, chance: Random) -> None:
    """Let Kafka say of a group, none of whose members lives, that it is anywhere."""
    places = [TopicPartition(TOLD_BY["documents"], n) for n in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=lab.kafka.bootstrap, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(places)
        while True:
            try:
                await consumer.commit({p: chance.choice([0, 10**9]) for p in places})
            except KafkaError:  # until the dead member's session has run out
                await asyncio.sleep(0.5)
            else:
                return
    finally:
        await consumer.stop()


async def _is_read(lab: Lab, topic: str) -> bool:
    told = READ.format(topic=topic)
    return await asyncio.to_thread(lab.postgres.server.asked, told, "notifier") == "t"


async def _stands(lab: Lab, topic: str) -> bool:
    return any(place[1] == topic for place in await gaps(lab))
