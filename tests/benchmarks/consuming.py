"""Consuming: records of Kafka, applied once to a view, or turned into commands."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.wrappers_pb2 import StringValue
from sqlalchemy import Column, MetaData, Table, Text

from chassis.clock import SystemClock
from chassis.consumer import Consumer, Subscription, commands, view
from chassis.database import open_engine
from chassis.log.kafka import KafkaLog
from chassis.public import Envelope
from chassis.rows import Rows
from chassis.store import Cause, Store
from tests.benchmarks.by_hand import REMARK, connected, insert
from tests.benchmarks.figures import Bar, Figure, Run, Tally
from tests.benchmarks.kafka_by_hand import MOST, consuming, ended_at
from tests.benchmarks.lab import Lab, Measure, counted, ended, last_position, store_on
from tests.benchmarks.messages import filled
from tests.benchmarks.peers.faststream import NAME as FASTSTREAM
from tests.benchmarks.peers.faststream import faststream_on
from tests.support.samples import COUNTER, RaiseCounter
from tests.support.service import ServiceDatabase

NAME = "consume"
SECONDS = 120.0
TABLE = "create table counted (value text not null); grant all on counted to public"
COUNT = "select count(*) as found, count(distinct value) as different from counted"
COUNTED = Table("counted", MetaData(), Column("value", Text, nullable=False))
BATCH = "insert into counted (value) select unnest($1::text[])"
HANDLED = "select coalesce(sum(next), 0) from feed.consumer_offset where consumer = $1"

Handle = Callable[[Sequence[Any]], Awaitable[None]]


@dataclass(kw_only=True)
class Stopwatch:
    """When the first message was handled."""

    began: float = 0.0

    def start(self) -> None:
        """Begin, unless it runs."""
        self.began = self.began or time.perf_counter()


async def measure(lab: Lab) -> list[Figure]:
    """Consume a filled topic: twice, for the two ways to handle a message."""
    return [await _views(lab), await _commands(lab)]


async def _views(lab: Lab) -> Figure:
    count = lab.sizes.viewed
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(lab.database("bench_view"))
        store = await stack.enter_async_context(store_on(database, 4))
        await database.owner.execute(TABLE)
        topic = await filled(lab, count)
        dsn = database.settings.owner_dsn(database.name)
        stream = await stack.enter_async_context(faststream_on(lab, dsn, "view"))

        async def ours() -> Run:
            await database.owner.execute("truncate counted")
            watch = Stopwatch()

            async def note(message: StringValue, _: Envelope, rows: Rows) -> None:
                watch.start()
                rows.insert(COUNTED, value=message.value)

            subscription = view(topic, {StringValue: note})
            run = await _consumed(lab, database, store, subscription, watch)
            return run(await _tally(database, count))

        async def floor() -> Run:
            await database.owner.execute("truncate counted")

            async def note(records: Sequence[Any]) -> None:
                values = [StringValue.FromString(record.value).value for record in records]
                await database.owner.execute(BATCH, values)

            run = await _by_hand(lab, topic, count, note)
            return run(await _tally(database, count))

        sides: dict[str, Measure] = {"ours": ours, "floor": floor}
        if stream is not None:

            async def beside() -> Run:
                await database.owner.execute("truncate counted")
                return await stream.consume(topic, count, partial(_tally, database, count))

            sides[FASTSTREAM] = beside
        runs = await lab.in_turn("consume: into a view", sides)
    bars = [Bar(measure="rate", limit=20_000)]
    return _figure(lab, f"{count} messages into a view", runs, bars)


async def _commands(lab: Lab) -> Figure:
    count = lab.sizes.commanded
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(lab.database("bench_command"))
        by_hand = await stack.enter_async_context(lab.database("bench_command_by_hand"))
        store = await stack.enter_async_context(store_on(database, 4))
        dsn = by_hand.settings.owner_dsn(by_hand.name)
        (session,) = await connected(dsn, 1)
        stack.push_async_callback(session.close)
        stream = await stack.enter_async_context(faststream_on(lab, dsn, "commands"))

        async def ours() -> Run:
            topic = await filled(lab, count)
            before = await last_position(database)
            watch = Stopwatch()

            async def raise_counter(message: StringValue, why: Cause) -> None:
                watch.start()
                item_id = UUID(message.value)
                command = RaiseCounter(counter_id=item_id, remark=REMARK)
                await store.execute(COUNTER, item_id, command, why)

            subscription = commands(topic, {StringValue: raise_counter})
            run = await _consumed(lab, database, store, subscription, watch)
            return run(await counted(database, before, count))

        async def floor() -> Run:
            topic = await filled(lab, count)
            before = await last_position(by_hand)

            async def raise_counters(records: Sequence[Any]) -> None:
                for record in records:
                    item_id = UUID(StringValue.FromString(record.value).value)
                    await insert(session, lab.uuid(), item_id, 1)

            run = await _by_hand(lab, topic, count, raise_counters)
            return run(await counted(by_hand, before, count))

        sides: dict[str, Measure] = {"ours": ours, "floor": floor}
        if stream is not None:

            async def beside() -> Run:
                topic = await filled(lab, count)
                before = await last_position(by_hand)
                tally = partial(counted, by_hand, before, count)
                return await stream.consume(topic, count, tally)

            sides[FASTSTREAM] = beside
        runs = await lab.in_turn("consume: into commands", sides)
    bars = [Bar(measure="rate", limit=0.5, of="ratio")]
    return _figure(lab, f"{count} messages into commands", runs, bars)


def _figure(lab: Lab, load: str, runs: dict[str, list[Run]], bars: Sequence[Bar]) -> Figure:
    return Figure(
        bench=NAME,
        load=load,
        fsync=lab.fsync,
        ours=runs.pop("ours"),
        floor=runs.pop("floor"),
        peers=runs,
        bars=bars,
    )


@asynccontextmanager
async def consumer_on(
    lab: Lab, database: ServiceDatabase, store: Store, subscription: Subscription
) -> AsyncIterator[Consumer]:
    """Give a consumer of a name of its own, not running yet."""
    engine, log = open_engine(database.dsn, 4), KafkaLog(lab.broker.bootstrap)
    yield Consumer(
        name=f"bench.{uuid4().hex}",
        service="bench",
        subscriptions=[subscription],
        log=log,
        store=store,
        engine=engine,
        clock=SystemClock(),
    )
    await log.close()
    await engine.dispose()


async def _consumed(
    lab: Lab,
    database: ServiceDatabase,
    store: Store,
    subscription: Subscription,
    watch: Stopwatch,
) -> Callable[[Tally], Run]:
    count = await ended_at(lab.broker, subscription.topic)
    async with consumer_on(lab, database, store, subscription) as consumer:
        until = time.perf_counter() + SECONDS
        with lab.meter() as meter:
            task = asyncio.create_task(consumer.run())
            while await database.owner.fetchval(HANDLED, consumer.name) < count:
                if time.perf_counter() > until:
                    break
                await asyncio.sleep(0.01)
            finished = time.perf_counter()
        await ended(task)
    return _run(count, finished - watch.began, meter.cpu)


async def _by_hand(
    lab: Lab, topic: str, count: int, handle: Handle
) -> Callable[[Tally], Run]:
    left = count
    watch = Stopwatch()
    until = time.perf_counter() + SECONDS
    with lab.meter() as meter:
        async with consuming(lab.broker, topic) as consumer:
            while left > 0 and time.perf_counter() < until:
                batches = await consumer.getmany(timeout_ms=500, max_records=MOST)
                for records in batches.values():
                    watch.start()
                    await handle(records)
                    left -= len(records)
                if batches:
                    await consumer.commit()
            finished = time.perf_counter()
    return _run(count, finished - watch.began, meter.cpu)


def _run(count: int, seconds: float, cpu: dict[str, float]) -> Callable[[Tally], Run]:
    def counted_as(tally: Tally) -> Run:
        return Run(measures={"rate": count / seconds}, events=count, tally=tally, cpu=cpu)

    return counted_as


async def _tally(database: ServiceDatabase, expected: int) -> Tally:
    row = await database.owner.fetchrow(COUNT)
    if row is None:
        raise AssertionError("a count is always one row")
    return Tally(expected=expected, found=row["found"], distinct=row["different"])
