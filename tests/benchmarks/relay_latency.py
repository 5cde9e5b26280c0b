"""From a commit to Kafka: each event's time of commit, and the broker's time of its record."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from chassis.log.kafka import KafkaLog
from chassis.relay import Relay
from chassis.store import Store
from tests.benchmarks.by_hand import REMARK, REQUEST
from tests.benchmarks.figures import Run, latencies
from tests.benchmarks.kafka_by_hand import arrived, ended_at, new_topic, tally_of
from tests.benchmarks.lab import Lab, ended, feed_on, last_position, open_loop, store_on
from tests.benchmarks.servers import BenchBroker
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import ServiceDatabase

RATE = 200  # a second
WARM = 60
POOL = 16
SECONDS = 120.0
COMMITTED = """
select event_id::text, extract(epoch from pg_xact_commit_timestamp(xmin))::float8
from store.event where position > $1
"""

Relays = Callable[[KafkaLog, Mapping[str, str]], Relay]


async def relayed_at(lab: Lab, database: ServiceDatabase, relay: Relays, count: int) -> Run:
    """Append at a steady rate, an event a command, while the relay publishes."""
    topic = await new_topic(lab.broker)
    async with store_on(database, POOL) as store, feed_on(database, store) as feed:
        publishing = relay(KafkaLog(lab.broker.bootstrap), {"counter": topic})
        relaying = asyncio.create_task(publishing.run(feed))
        try:
            await open_loop(RATE, WARM, lambda _: _append(lab, store))
            await reached(lab.broker, topic, WARM)
            before = await last_position(database)
            await open_loop(RATE, count, lambda _: _append(lab, store))
            await reached(lab.broker, topic, WARM + count)
        finally:
            await ended(relaying)
    begun = {str(r[0]): float(r[1]) for r in await database.owner.fetch(COMMITTED, before)}
    return waited(begun, await arrived(lab.broker, topic), count)


async def _append(lab: Lab, store: Store) -> None:
    item_id = lab.uuid()
    command = RaiseCounter(counter_id=item_id, remark=REMARK)
    await store.execute(COUNTER, item_id, command, cause(lab.uuid(), request_hash=REQUEST))


async def reached(broker: BenchBroker, topic: str, count: int) -> None:
    """Return once *topic* has so many records; what is missing after a while is lost."""
    until = time.perf_counter() + SECONDS
    while await ended_at(broker, topic) < count and time.perf_counter() < until:  # noqa: ASYNC110 the broker is another process
        await asyncio.sleep(0.2)


def waited(
    begun: Mapping[str, float], came: Sequence[tuple[str, float]], count: int
) -> Run:
    """Return the latencies of *count* events, from their commits to their first records."""
    own = [(key, at) for key, at in came if key in begun]
    first: dict[str, float] = {}
    for key, at in own:
        first[key] = min(at, first.get(key, at))
    return Run(
        measures=latencies([max(0.0, at - begun[key]) * 1000 for key, at in first.items()]),
        events=count,
        tally=tally_of(own, count),
    )
