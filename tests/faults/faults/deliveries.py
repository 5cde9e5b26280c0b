"""F11: the same is delivered again: read again, published again, asked ten times at once."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

import asyncpg
from aiokafka import AIOKafkaProducer

from chassis.log import Place, Received
from chassis.log.kafka_looking import KafkaLooking
from chassis.log.port import PARTITIONS
from tests.faults.checkers.topics import records
from tests.faults.fault import Fault
from tests.faults.history import Outcome

if TYPE_CHECKING:
    from tests.faults.files import Step
    from tests.faults.lab import Lab

TOPICS = (
    "public.documents.incoming.v1",
    "public.documents.outgoing.v1",
    "public.supervision.matter.v1",
)
READERS = ("supervision", "notifier", "documents")
REWOUND = 3
MOST_REPLAYED = 5_000
REWIND = """
update feed.consumer_offset o
set next = k.first + (random() * greatest(o.next - k.first, 0) * $4)::bigint, last_id = null
from unnest($1::text[], $2::integer[], $3::bigint[]) as k (topic, partition, first)
where o.topic = k.topic and o.partition = k.partition
"""
STEPS, AT_ONCE = 30, 10
UNCOUNTED = {"denied", "resume_follower"}  # each of these is a fact of its own


async def _rewind(lab: "Lab", rng: Random) -> None:
    """Let every consumer read from earlier on, under way: once from the very beginning.

    That is what the log still keeps: before it there is a gap, which an operator would see.
    """
    kept = await _firsts(lab.kafka.bootstrap)
    places = [topic for topic, _ in kept], [n for _, n in kept], list(kept.values())
    for turn in range(REWOUND):
        for database in READERS:
            connection = await asyncpg.connect(lab.postgres.dsn(database))
            try:
                done = await connection.execute(REWIND, *places, float(bool(turn)))
            finally:
                await connection.close()
            lab.note(f"{database}: offsets are rewound ({done})")
        await lab.load.until(30)
        await asyncio.sleep(rng.uniform(0.1, 1.0))


async def _firsts(bootstrap: str) -> dict[Place, int]:
    looking = KafkaLooking(bootstrap)
    try:
        every = [(topic, n) for topic in TOPICS for n in range(PARTITIONS)]
        return {place: (await looking.bounds(place))[0] for place in every}
    finally:
        await looking.close()


async def _replay(lab: "Lab", rng: Random) -> None:
    """Publish again what the topics hold, each record where it was, in its order."""
    producer = AIOKafkaProducer(bootstrap_servers=lab.kafka.bootstrap, acks="all")
    await producer.start()
    told = 0
    try:
        async for batch in records(lab.kafka.bootstrap, TOPICS):
            for record in filter(_is_ours, batch):
                headers = [(name, said.encode()) for name, said in record.headers.items()]
                given = {"key": record.key, "partition": record.partition}
                await producer.send(record.topic, record.value, headers=headers, **given)
            told += len(batch)
            if told >= MOST_REPLAYED:
                break
            await asyncio.sleep(rng.uniform(0, 0.05))
        await producer.flush()
    finally:
        await producer.stop()
    lab.note(f"{told} records are published again")
    await lab.load.until(30)


def _is_ours(record: Received) -> bool:
    return record.headers.get("ce_source", "").endswith(("/documents", "/supervision"))


async def _ask_at_once(lab: "Lab", rng: Random) -> None:
    """Ask for the same under the same key, ten times at once."""
    del rng
    done = 0
    while done < STEPS:
        for step in lab.office.next():
            if step.asked.act not in UNCOUNTED:
                await _ask(lab, step)
                done += 1
    lab.note(f"{done} commands were asked for {AT_ONCE} times at once")


async def _ask(lab: "Lab", step: "Step") -> None:
    lab.load.left[step.asked.key] = step
    sent = (lab.clerks.send(step.asked) for _ in range(AT_ONCE))
    outcomes = set(await asyncio.gather(*sent))
    if outcomes != {Outcome.UNKNOWN}:
        del lab.load.left[step.asked.key]
    if Outcome.OK in outcomes:
        step.done()


TWICE = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I10"})

FAULTS: Sequence[Fault] = [
    Fault(
        id="F11",
        variant="rewound",
        told="the consumers' offsets are set back, under way",
        invariants=TWICE,
        inject=_rewind,
    ),
    Fault(
        id="F11",
        variant="replayed",
        told="all records of the topics are published again",
        invariants=TWICE,
        inject=_replay,
    ),
    Fault(
        id="F11",
        variant="ten_at_once",
        told="the same command is asked for ten times at once, under one key",
        invariants=TWICE,
        inject=_ask_at_once,
    ),
]
