"""FastStream beside our consumer: the same topic, the same two ways to handle a message."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.benchmarks.alert_processes import Child
from tests.benchmarks.cpu import Meter
from tests.benchmarks.figures import Run, Tally
from tests.benchmarks.lab import Lab
from tests.benchmarks.peers.environment import NOT_HERE, peer, peers_are_here

NAME = "FastStream"


class Stream:
    """Its consumer, which writes to one database in one way."""

    def __init__(self, lab: Lab, child: Child) -> None:
        self._lab = lab
        self._child = child

    async def consume(
        self, topic: str, count: int, tally: Callable[[], Awaitable[Tally]]
    ) -> Run:
        """Let it handle *count* messages of *topic*, then count what it left behind."""
        processes = {"python": self._child.pid, **self._lab.broker.processes}
        with Meter(processes, self._lab.postgres.pid, "generator") as meter:
            done = await self._child.ask(topic=topic, count=count)
        return Run(
            measures={"rate": count / done["seconds"]},
            events=count,
            tally=await tally(),
            cpu=meter.cpu,
        )


@asynccontextmanager
async def faststream_on(lab: Lab, dsn: str, how: str) -> AsyncIterator[Stream | None]:
    """Start it, to fill a `view` or to execute `commands`; nothing where it is not."""
    if not peers_are_here():
        lab.skipped.append(f"consume beside FastStream: {NOT_HERE}")
        yield None
        return
    async with peer("faststream_consumer", lab.broker.bootstrap, dsn, how) as child:
        yield Stream(lab, child)
