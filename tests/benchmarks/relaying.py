"""The relay: events of the store, published to Kafka and acknowledged."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from google.protobuf.wrappers_pb2 import StringValue

from chassis.codec import Encoded
from chassis.feed.cursor import Step
from chassis.log import Record
from chassis.log.kafka import KafkaLog
from chassis.public import record_of
from chassis.relay import NAME as FOLLOWER
from chassis.relay import Relay
from chassis.store import Meta, Outcome, Store, Stored
from chassis.store.append import Staged, append
from tests.benchmarks.by_hand import REMARK
from tests.benchmarks.figures import Bar, Figure, Run
from tests.benchmarks.kafka_by_hand import new_topic, produce, published
from tests.benchmarks.lab import Lab, Measure, ended, feed_on, store_on
from tests.benchmarks.peers.logical_postgres import LogicalPostgres
from tests.benchmarks.peers.outbox import NAME as DEBEZIUM
from tests.benchmarks.peers.outbox import Outbox, outbox_on
from tests.benchmarks.relay_latency import RATE, relayed_at
from tests.support.samples import CounterEvent, CounterReset, cause
from tests.support.service import ServiceDatabase

NAME = "relay"
SOURCE = "/shuniu/bench/bench"
VALUE = "0" * 1021  # a message of 1 KiB, with its tag and its length
BY = 10
ITEMS = 20  # an append
SECONDS = 120.0
BARS = [Bar(measure="rate", limit=0.5, of="ratio")]
BESIDE = [Bar(measure="rate", limit=3, of=f"peer:{DEBEZIUM}")]
LATER = [Bar(measure=name, limit=1, of=f"peer:{DEBEZIUM}") for name in ("p50", "p99")]


def to_public(event: CounterEvent) -> StringValue | None:
    """Say in public what the counter's remark says."""
    return None if isinstance(event, CounterReset) else StringValue(value=event.remark)


class Counting(Relay):
    """A relay that knows when it began and when it has published everything."""

    def __init__(self, log: KafkaLog, topic: str, expected: int) -> None:
        super().__init__(log, {"counter": topic}, to_public, "bench", SOURCE)
        self._left = expected
        self.began = 0.0
        self.finished: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Publish *batch*, move on, and count."""
        self.began = self.began or time.perf_counter()
        await super().handle(batch, step)
        self._left -= len(batch)
        if self._left <= 0 and not self.finished.done():
            self.finished.set_result(time.perf_counter())


async def measure(lab: Lab) -> list[Figure]:
    """Publish a filled store, then at a steady rate, on a PostgreSQL that can be decoded."""
    with LogicalPostgres() as postgres:
        lab = replace(lab, postgres=postgres)
        payload = StringValue(value=VALUE).SerializeToString()
        async with outbox_on(lab, postgres, lab.sizes.relayed, payload) as outbox:
            return [await _rates(lab, outbox, payload), await _latencies(lab, outbox)]


async def _rates(lab: Lab, outbox: Outbox | None, payload: bytes) -> Figure:
    count = lab.sizes.relayed
    async with lab.database("bench_relay") as database, store_on(database, 8) as store:
        await fill(lab, store, count, VALUE)
        records = await _records(store)

        async def ours() -> Run:
            topic = await new_topic(lab.broker)
            await database.owner.execute(
                "delete from feed.follower where name = $1", FOLLOWER
            )
            return await _relayed(lab, database, store, topic)

        async def floor() -> Run:
            topic = await new_topic(lab.broker)
            with lab.meter() as meter:
                await produce(lab.broker, topic, records)
            return Run(
                measures={"rate": count / meter.seconds},
                events=count,
                tally=await published(lab.broker, topic, count),
                cpu=meter.cpu,
            )

        sides: dict[str, Measure] = {"ours": ours, "floor": floor}
        if outbox is not None:
            sides[DEBEZIUM] = partial(outbox.publish, count, payload)
        runs = await lab.in_turn("relay: 1 KiB", sides)
    return Figure(
        bench=NAME,
        load=f"{count} messages of 1 KiB",
        fsync=lab.fsync,
        ours=runs.pop("ours"),
        floor=runs.pop("floor"),
        peers=runs,
        bars=[*BARS, *(BESIDE if outbox is not None else [])],
    )


async def _latencies(lab: Lab, outbox: Outbox | None) -> Figure:
    count = max(lab.sizes.samples, int(RATE * lab.sizes.open_seconds))
    payload = StringValue(value=REMARK).SerializeToString()
    async with lab.database("bench_relaying") as database:
        relay = partial(Relay, to_public=to_public, service="bench", source=SOURCE)
        ours = partial(relayed_at, lab, database, relay, count)
        sides: dict[str, Measure] = {"ours": ours}
        if outbox is not None:
            sides[DEBEZIUM] = partial(outbox.steady, count, payload)
        runs = await lab.in_turn("relay: from a commit to Kafka", sides)
    return Figure(
        bench=NAME,
        load=f"{RATE} events/s, from commit to Kafka",
        fsync=lab.fsync,
        ours=runs.pop("ours"),
        peers=runs,
        bars=LATER if outbox is not None else [],
    )


async def _relayed(lab: Lab, database: ServiceDatabase, store: Store, topic: str) -> Run:
    count = lab.sizes.relayed
    async with feed_on(database, store) as feed:
        relay = Counting(KafkaLog(lab.broker.bootstrap), topic, count)
        with lab.meter() as meter:
            relaying = asyncio.create_task(relay.run(feed))
            finished = await asyncio.wait_for(relay.finished, SECONDS)
        await ended(relaying)
    return Run(
        measures={"rate": count / (finished - relay.began)},
        events=count,
        tally=await published(lab.broker, topic, count),
        cpu=meter.cpu,
    )


async def _records(store: Store) -> list[Record]:
    """Return what the relay would publish."""
    rows = await store.pool.fetch("select * from store.event order by position")
    records = []
    for row in rows:
        stored = await store.decode(row)
        message = to_public(stored.event)
        if message is not None:
            records.append(
                record_of(message, stored, topic="", source=SOURCE, epoch=store.epoch)
            )
    return records


async def fill(lab: Lab, store: Store, count: int, remark: str) -> None:
    """Append *count* events, ten to an item, in large transactions."""
    for first in range(0, count, BY * ITEMS):
        why = cause(lab.uuid())
        meta = Meta(
            actor=why.actor,
            occurred_at=why.occurred_at,
            correlation_id=why.command_id,
            command_id=why.command_id,
        )
        staged: list[Staged] = []
        for n in range(min(ITEMS, (count - first) // BY)):
            item_id = lab.uuid()
            data = f'{{"counter_id":"{item_id}","by":1,"remark":"{remark}"}}'.encode()
            ids = [why.event_id(n * BY + event) for event in range(BY)]
            encoded = Encoded("counter.Raised", 1, data)
            staged.append(Staged(f"counter-{item_id}", 0, [encoded] * BY, [meta] * BY, ids))
        outcome = Outcome(item_id=why.command_id, version=0)
        pool: Any = store.pool
        await append(pool, staged, why, outcome, store.epoch)
