"""Many subscribers of one streamer process, each told now and then."""

import asyncio

from tests.benchmarks.alert_floor import floor_of, opening
from tests.benchmarks.alert_home import Home, home_on
from tests.benchmarks.alert_processes import Child, arrivals_by_key, child, resident
from tests.benchmarks.figures import Bar, Figure, Run, Tally, of_hop
from tests.benchmarks.lab import Lab, open_loop

NAME = "fanout"
RATE = 200
BARS = [Bar(measure="p99", limit=250)]
MEMORY_BARS = [Bar(measure="memory", limit=60)]
ARRIVE_SECONDS = 20.0
SETTLE_SECONDS = 2.0
WARMING = 100


async def measure(lab: Lab) -> list[Figure]:
    """Open a stream for each of many people; tell random ones at a steady rate."""
    people = [f"fan-{n}" for n in range(lab.sizes.subscribers)]
    async with (
        home_on(lab, people) as home,
        home.streamer() as (target, pid),
        child("alert_clients", "raw") as clients,
        floor_of(home, people, "raw") as floor,
    ):
        size = await opened(clients, target, home.named(people), pid)
        lab.say(f"fanout: {len(people)} streams are open")
        await told(home, clients, pid, people, WARMING)
        count = max(lab.sizes.samples, int(RATE * lab.sizes.open_seconds))
        own, other = await lab.compared(
            f"fanout: {RATE}/s",
            lambda: told(home, clients, pid, people, count),
            lambda: floor.run(RATE, [[lab.chance.choice(people)] for _ in range(count)]),
        )
        load = f"{len(people)} subscribers"
        return [
            Figure(
                bench=NAME,
                fsync=lab.fsync,
                load=f"{load}, {RATE} alerts/s",
                ours=own,
                floor=other,
                bars=BARS,
            ),
            Figure(
                bench=NAME,
                fsync=lab.fsync,
                load=load,
                ours=[size],
                floor=[floor.opening],
                bars=MEMORY_BARS,
            ),
        ]


async def opened(clients: Child, target: str, people: list[list[str]], pid: int) -> Run:
    """Open a stream for each of *people*; return what that takes of the server's memory."""
    before = resident(pid)
    done = await clients.ask(target=target, people=people)
    await asyncio.sleep(SETTLE_SECONDS)
    return opening(len(people), len(done["took"]), resident(pid) - before)


async def told(home: Home, clients: Child, pid: int, people: list[str], count: int) -> Run:
    """Tell random ones of *people*; time each alert from its commit to its client."""
    committed: dict[str, float] = {}

    async def one(_: float) -> None:
        key, at = await home.tell([home.lab.chance.choice(people)])
        committed[key] = at

    with home.meter(streamer=pid) as meter:
        await open_loop(RATE, count, one)
        heard = await clients.ask(count=count, seconds=ARRIVE_SECONDS)
    arrived = arrivals_by_key(heard["came"])
    distinct = len(arrived.keys() & committed.keys())
    busy = {"busy": meter.cpu["streamer"] / meter.seconds * 100}
    return Run(
        measures=of_hop(committed, arrived, committed) | busy,
        events=count,
        tally=Tally(expected=count, found=len(heard["came"]), distinct=distinct),
        cpu=meter.cpu,
    )
