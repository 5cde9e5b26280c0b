"""What one consumed message costs, among more and more partitions of its topic."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.wrappers_pb2 import StringValue
from sqlalchemy import Column, MetaData, Table, Text

from chassis.consumer import view
from chassis.log import Record
from chassis.log.kafka import KafkaLog
from chassis.log.port import Topic
from chassis.public import Envelope
from chassis.rows import Rows
from chassis.store import Store
from tests.benchmarks.consuming import HANDLED, consumer_on
from tests.benchmarks.curves import FLOOR, OURS, Curve, Growing
from tests.benchmarks.figures import Tally
from tests.benchmarks.kafka_by_hand import MOST, consuming
from tests.benchmarks.lab import Lab, ended, store_on
from tests.support.samples import NOON
from tests.support.service import ServiceDatabase

NAME = "grow-partitions"
PLACES = (1, 3, 10, 30, 100)
SECONDS = 120.0
WARMING = 200
"""So many messages are handled before time is taken: to join a group takes a while."""
TAKEN = Table("taken", MetaData(), Column("value", Text, nullable=False))
TABLE = "create table taken (value text not null); grant all on taken to public"
COUNT = "select count(*) as found, count(distinct value) as different from taken"
INSERT = "insert into taken (value) select unnest($1::text[])"
MICROSECONDS = 1e6


class Stopwatch:
    """Knows when the first few messages were handled, and when all were."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._times: dict[int, float] = {}
        self._done = 0
        self.finished = asyncio.Event()

    def note(self, count: int) -> None:
        """Note that so many more are handled."""
        self._done += count
        if WARMING <= self._done < self._count:
            self._times.setdefault(self._done, time.perf_counter())
        if self._done >= self._count and not self.finished.is_set():
            self._ended = time.perf_counter()
            self.finished.set()

    @property
    def cost(self) -> float:
        """The µs of each message after the first few."""
        first = min(self._times)
        return (self._ended - self._times[first]) / (self._count - first) * MICROSECONDS


async def measure(lab: Lab) -> Sequence[Curve]:
    """Consume a filled topic into a view, beside a loop by hand."""
    curve, count = Growing(), lab.sizes.viewed
    async with lab.database("bench_partitions") as database, store_on(database, 4) as store:
        await database.owner.execute(TABLE)
        for at in (place for place in PLACES if place <= lab.sizes.partitions):
            topic = await _filled(lab, at, count)
            for _ in range(lab.sizes.runs):
                for line, work in ((OURS, _consumed), (FLOOR, _by_hand)):
                    await database.owner.execute("truncate taken")
                    watch = Stopwatch(count)
                    await work(lab, database, store, topic, watch)
                    curve.add(line, at, watch.cost)
                    row = await database.owner.fetchrow(COUNT)
                    if row is None:
                        raise AssertionError("a count is always one row")
                    tally = Tally(
                        expected=count, found=row["found"], distinct=row["different"]
                    )
                    curve.count(tally)
            lab.say(f"{at} partitions: consumed")
    return [curve.curve(NAME, "consume-by-partitions")]


async def _filled(lab: Lab, partitions: int, count: int) -> str:
    log = KafkaLog(lab.broker.bootstrap)
    name = f"bench.{uuid4().hex}.v1"
    await log.create([Topic(name, partitions=partitions)])
    producer = await log.producer("bench")
    for first in range(0, count, MOST):
        items = [lab.uuid() for _ in range(min(MOST, count - first))]
        await producer.publish([_record(lab, name, item) for item in items])
    await producer.close()
    return name


def _record(lab: Lab, topic: str, item: UUID) -> Record:
    message = StringValue(value=str(item))
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(lab.uuid()),
        "ce_source": "/shuniu/bench/elsewhere",
        "ce_type": message.DESCRIPTOR.full_name,
        "ce_subject": str(item),
        "ce_time": NOON.isoformat(),
        "ce_correlationid": str(lab.uuid()),
        "ce_dataclassification": "none",
    }
    value = message.SerializeToString()
    return Record(topic=topic, key=str(item).encode(), value=value, headers=headers)


async def _consumed(
    lab: Lab, database: ServiceDatabase, store: Store, topic: str, watch: Stopwatch
) -> None:
    async def note(message: StringValue, _: Envelope, rows: Rows) -> None:
        rows.insert(TAKEN, value=message.value)
        watch.note(1)

    taking = view(topic, {StringValue: note})
    async with consumer_on(lab, database, store, taking) as consumer:
        task = asyncio.create_task(consumer.run())
        await asyncio.wait_for(watch.finished.wait(), SECONDS)
        while await database.owner.fetchval(HANDLED, consumer.name) < lab.sizes.viewed:  # noqa: ASYNC110 the last batch is not stored yet
            await asyncio.sleep(0.01)
        await ended(task)


async def _by_hand(
    lab: Lab, database: ServiceDatabase, _: Store, topic: str, watch: Stopwatch
) -> None:
    async with consuming(lab.broker, topic) as consumer:
        while not watch.finished.is_set():
            batches: dict[Any, Any] = await consumer.getmany(
                timeout_ms=500, max_records=MOST
            )
            for records in batches.values():
                values = [StringValue.FromString(record.value).value for record in records]
                await database.owner.execute(INSERT, values)
                watch.note(len(records))
            if batches:
                await consumer.commit()
