"""Everybody comes back at once: a storm of Subscribe calls."""

import asyncio
from collections.abc import Sequence

from tests.benchmarks.alert_home import Home, home_on
from tests.benchmarks.alert_processes import Child, child
from tests.benchmarks.figures import Bar, Figure, Run, Tally, percentile
from tests.benchmarks.lab import Lab

NAME = "storm"
A_CHANNEL = 100
BARS = [Bar(measure="last", limit=15), Bar(measure="cancelled", limit=1)]
BETWEEN_SECONDS = 1.5  # until the streams before are closed at the server as well
COME_AGAIN = ("RESOURCE_EXHAUSTED", "UNAVAILABLE")


async def measure(lab: Lab) -> list[Figure]:
    """Open very many streams at once, beside a bare server, and on gRPC's default options."""
    people = [f"storm-{n}" for n in range(lab.sizes.storm)]
    load = f"{len(people)} Subscribe calls at once"
    async with home_on(lab, people) as home, child("alert_clients", "raw") as clients:
        named, bare = home.named(people), [[who, who] for who in people]
        async with home.streamer() as (target, pid), home.server("bare") as (other, beside):
            own, floor = await lab.compared(
                "storm",
                lambda: _run(home, clients, target, named, pid),
                lambda: _run(home, clients, other, bare, beside.pid),
            )
        async with home.server("defaults") as (target, server):
            defaults = [await _run(home, clients, target, named, server.pid)]
        lab.say("storm: gRPC's default options")
    return [
        Figure(bench=NAME, fsync=lab.fsync, load=load, ours=own, floor=floor, bars=BARS),
        Figure(
            bench=NAME,
            fsync=lab.fsync,
            load=f"{load}, gRPC's default options",
            ours=defaults,
        ),
    ]


async def _run(
    home: Home, clients: Child, target: str, people: Sequence[list[str]], pid: int
) -> Run:
    with home.meter(streamer=pid) as meter:
        done = await clients.ask(target=target, people=people, a_channel=A_CHANNEL)
    await clients.ask(close=True)
    await asyncio.sleep(BETWEEN_SECONDS)
    took, ends = done["took"], done["ends"]
    return Run(
        measures={
            "last": max(took),
            "p50": percentile(took, 0.5) * 1000,
            "refused": sum(ends.get(status, 0) for status in COME_AGAIN),
            "cancelled": ends.get("CANCELLED", 0),
        },
        events=len(people),
        tally=Tally(expected=len(people), found=len(took), distinct=len(took)),
        cpu=meter.cpu,
    )
