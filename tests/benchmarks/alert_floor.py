"""The floor of delivery: a bare grpc.aio loop, with clients of its own."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from tests.benchmarks.alert_home import Home
from tests.benchmarks.alert_processes import Child, arrivals_by_key, child, resident
from tests.benchmarks.figures import Run, Tally, of_hop
from tests.benchmarks.lab import open_loop

ARRIVE_SECONDS = 20.0


@dataclass(kw_only=True)
class Floor:
    """A bare server, and the clients that listen to it."""

    home: Home
    server: Child
    clients: Child
    opening: Run  # what its streams take of its memory

    async def run(self, rate: float, people: Sequence[Sequence[str]]) -> Run:
        """Give an alert to each group of *people* at a steady rate; time its way."""
        begun: dict[str, float] = {}
        waiting = iter(people)

        async def one(_: float) -> None:
            key = str(uuid4())
            begun[key] = time.time()
            self.server.tell(key=key, people=list(next(waiting)))

        expected = sum(map(len, people))
        with self.home.meter(streamer=self.server.pid) as meter:
            await open_loop(rate, len(people), one)
            heard = await self.clients.ask(count=expected, seconds=ARRIVE_SECONDS)
        came = heard["came"]
        arrived = arrivals_by_key(came)
        distinct = expected - len(begun.keys() - arrived.keys())
        busy = {"busy": meter.cpu["streamer"] / meter.seconds * 100}
        return Run(
            measures=of_hop(begun, arrived, begun) | busy,
            events=expected,
            tally=Tally(expected=expected, found=len(came), distinct=distinct),
            cpu=meter.cpu,
        )


@asynccontextmanager
async def floor_of(home: Home, people: Sequence[str], mode: str) -> AsyncIterator[Floor]:
    """Let *people* listen to a bare server."""
    async with home.server("bare") as (target, server), child("alert_clients", mode) as own:
        before = resident(server.pid)
        done = await own.ask(target=target, people=[[who, who] for who in people])
        grown = resident(server.pid) - before
        opened = opening(len(people), len(done["took"]), grown)
        yield Floor(home=home, server=server, clients=own, opening=opened)


def opening(expected: int, opened: int, grown: float) -> Run:
    """Return what the streams of one process take of its memory."""
    tally = Tally(expected=expected, found=opened, distinct=opened)
    measures = {"memory": grown / max(opened, 1)}
    return Run(measures=measures, events=expected, tally=tally)
