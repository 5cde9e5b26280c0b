"""From a commit here to the alert at a client: supervision, Kafka, decider, mailbox, streamer."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from chassis.database import connect
from chassis.log.kafka import KafkaLog
from chassis.publishing import topics_of
from suite.hosting import SERVICES
from tests.benchmarks.alert_floor import Floor, floor_of
from tests.benchmarks.alert_home import Home, address, home_on
from tests.benchmarks.alert_processes import Child, arrivals_by_key, child, pid_of
from tests.benchmarks.figures import Bar, Figure, Run, Tally, of_hop
from tests.benchmarks.kafka_by_hand import stamped
from tests.benchmarks.lab import Lab

NAME = "alert"
TOPIC = "public.supervision.matter.v1"
RATES = (100, 200)
BARS = {
    100: [Bar(measure="p50", limit=50)],
    200: [Bar(measure="p50", limit=25), Bar(measure="p99", limit=100)],
}
HOPS = ("commit → Kafka", "Kafka → mailbox", "mailbox → client")
PEOPLE = [f"alert-{n}" for n in range(20)]
ARRIVE_SECONDS = 30.0
WARMING = 60
STORED = """
select a.entity_id, min(extract(epoch from pg_xact_commit_timestamp(m.xmin)))::float8 as at
from notifier.mailbox m join notifier.alert a using (alert_id)
where a.entity_id = any($1::uuid[]) group by 1
"""


@dataclass(kw_only=True)
class _Line:
    """All processes between a command and its alert."""

    home: Home
    source: Child
    clients: Child
    pids: dict[str, int]
    floor: Floor


async def measure(lab: Lab) -> list[Figure]:
    """Append at a steady rate; time until each alert is in an application's hands."""
    figures = []
    async with _line(lab) as line:
        await _appended(line, RATES[0], WARMING)
        for rate in RATES:
            hops: list[list[Run]] = [[] for _ in HOPS]

            async def ours(rate: int = rate, hops: Sequence[list[Run]] = hops) -> Run:
                run, parts = await _run(line, rate)
                for runs, part in zip(hops, parts, strict=True):
                    runs.append(part)
                return run

            async def floor(rate: int = rate) -> Run:
                return await line.floor.run(rate, _whom(lab, _count(lab, rate)))

            own, other = await lab.compared(f"alert: {rate}/s", ours, floor)
            load = f"{rate} alerts/s"
            figures.append(
                Figure(
                    bench=NAME,
                    fsync=lab.fsync,
                    load=load,
                    ours=own,
                    floor=other,
                    bars=BARS[rate],
                )
            )
            figures += [
                Figure(bench=NAME, fsync=lab.fsync, load=f"{load}, of it: {hop}", ours=runs)
                for hop, runs in zip(HOPS, hops, strict=True)
            ]
    return figures


@asynccontextmanager
async def _line(lab: Lab) -> AsyncIterator[_Line]:
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        home = await enter(home_on(lab, PEOPLE))
        log = KafkaLog(lab.broker.bootstrap)
        await log.create([t for service in SERVICES.values() for t in topics_of(service)])
        parts = await enter(home.parts("decider", "streamer"))
        source = await enter(child("alert_source", environment=home.environment))
        await source.answer()
        clients = await enter(child("alert_clients", "client"))
        target = address(parts["streamer"].grpc_port)
        await clients.ask(target=target, people=home.named(PEOPLE))
        pids = {name: pid_of(program) for name, program in parts.items()}
        pids["source"] = source.pid
        floor = await enter(floor_of(home, PEOPLE, "client"))
        yield _Line(home=home, source=source, clients=clients, pids=pids, floor=floor)


def _count(lab: Lab, rate: int) -> int:
    return max(lab.sizes.samples, int(rate * lab.sizes.open_seconds))


def _whom(lab: Lab, count: int) -> list[list[str]]:
    return [[lab.chance.choice(PEOPLE)] for _ in range(count)]


async def _appended(line: _Line, rate: int, count: int) -> tuple[Any, Any]:
    """Append; return when each was acknowledged, and what came."""
    people = [who for (who,) in _whom(line.home.lab, count)]
    told = await line.source.ask(rate=rate, people=people)
    heard = await line.clients.ask(count=count, seconds=ARRIVE_SECONDS)
    return told["committed"], heard["came"]


async def _run(line: _Line, rate: int) -> tuple[Run, list[Run]]:
    lab = line.home.lab
    count = _count(lab, rate)
    with line.home.meter(**line.pids) as meter:
        committed, came = await _appended(line, rate, count)
    arrived = arrivals_by_key(came)
    logged = await stamped(lab.broker, TOPIC)
    stored = await _stored(line.home, list(committed))
    distinct = len(arrived.keys() & committed.keys())
    tally = Tally(expected=count, found=len(came), distinct=distinct)
    times: list[dict[str, float]] = [committed, logged, stored, arrived]
    hops = [
        Run(measures=of_hop(begun, ended, committed), events=count, tally=tally)
        for begun, ended in pairwise(times)
    ]
    measures = of_hop(committed, arrived, committed)
    return Run(measures=measures, events=count, tally=tally, cpu=meter.cpu), hops


async def _stored(home: Home, keys: Sequence[str]) -> dict[str, float]:
    """Return when the mailbox of each was committed."""
    session = await connect(home.settings.owner_dsn("notifier"))
    try:
        rows = await session.fetch(STORED, [UUID(key) for key in keys])
    finally:
        await session.close()
    return {str(row["entity_id"]): row["at"] for row in rows}
