"""F15, F19, F20: more than can be done, slower than it comes, and no session left."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

import asyncpg
import grpc
import httpx

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb
from tests.faults.fault import Fault, Inject

if TYPE_CHECKING:
    from tests.faults.lab import Lab

TIMES = 10
OF_COMMANDS = 3  # so many times the usual rate; what is left of the ten times are reads
READS = {
    "documents": ("li.juan", "/documents/v1/incoming?limit=50"),
    "supervision": ("sun.li", "/supervision/v1/matters?limit=50"),
}
LEFT_ALONE = 0.2  # a share of reads that may get no answer: the clients are overloaded too
HELD_SECONDS = 10.0
SLOW_SECONDS = 12.0
DAWDLERS = ("sun.li", "deng.jie", "jiang.xin")
STREAMS = 4  # of each
TAIL_SECONDS = 30.0


class OverloadError(AssertionError):
    """What came of too much is not what was promised."""


def overloaded(seconds: float) -> Inject:
    """Ask for ten times as much as usual."""

    async def inject(lab: "Lab", chance: Random) -> None:
        came: Counter[str] = Counter()
        async with asyncio.TaskGroup() as tasks:
            burst = tasks.create_task(lab.load.burst(OF_COMMANDS, seconds))
            rate = lab.load.rate * (TIMES - OF_COMMANDS)
            while not burst.done():
                service = chance.choice(list(READS))
                tasks.create_task(_read(lab, service, came))
                await asyncio.sleep(1 / rate)
        lab.note(f"{came.total()} reads: {dict(came)}")
        if came["unhinted"] or came["lost"] > came.total() * LEFT_ALONE:
            raise OverloadError(f"not shed as it should be: {dict(came)}")

    return inject


async def _read(lab: "Lab", service: str, came: Counter[str]) -> None:
    person, path = READS[service]
    (link,) = lab.link("client", service).links
    try:
        answer = await lab.clerks.client(person).get(f"http://127.0.0.1:{link.port}{path}")
    except httpx.TransportError:
        came["lost"] += 1
        return
    if answer.is_success:
        came["answered"] += 1
    elif answer.status_code in (429, 503) and "Retry-After" in answer.headers:
        came["shed"] += 1
    else:
        came["unhinted"] += 1


async def _sessions_held(lab: "Lab", chance: Random) -> None:
    """Let a long transaction hold up every append, until each session waits for it."""
    service = chance.choice(["documents", "supervision"])
    async with _owner(lab, service) as owner, owner.transaction():
        lab.note(f"{service}: a transaction holds what every append needs")
        await owner.execute("lock table store.stream in exclusive mode")
        await asyncio.sleep(HELD_SECONDS)


async def _server_full(lab: "Lab", chance: Random) -> None:
    """Take every session that the server has, those of a service included."""
    service = chance.choice(["documents", "supervision"])
    async with contextlib.AsyncExitStack() as stack:
        owner = await stack.enter_async_context(_owner(lab, service))
        most = int(await owner.fetchval("show max_connections"))
        lab.note(f"all sessions of the server are taken, and {service} loses its own")
        for turn in range(most * 2):
            with contextlib.suppress(asyncpg.PostgresError, OSError):
                await stack.enter_async_context(_owner(lab, service))
            if turn == most // 2:
                await owner.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where usename = $1",
                    f"shuniu_{service}",
                )
        await asyncio.sleep(HELD_SECONDS)


@contextlib.asynccontextmanager
async def _owner(lab: "Lab", service: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(lab.postgres.dsn(service))
    try:
        yield connection
    finally:
        connection.terminate()


async def _slow_decider(lab: "Lab", chance: Random) -> None:
    """Let the decider handle less than what comes."""
    link = lab.link("notifier-decider", "postgres")
    link.delay(0.2, chance.uniform(0, 0.1))
    try:
        await lab.load.burst(2, SLOW_SECONDS)
    finally:
        link.heal()


async def _dawdling(lab: "Lab", chance: Random) -> None:
    """Open streams of alerts and read nothing of them; then read, and find all of it there."""
    del chance
    port = lab.processes.programs["notifier-streamer"].grpc_port
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub: Any = grpc_pb.AlertStreamStub(channel)
        calls = []
        for person in DAWDLERS:
            token = lab.clerks.client(person).headers["Authorization"]
            for _ in range(STREAMS):
                metadata = (("authorization", token),)
                call = stub.Tail(pb.TailRequest(after_sequence=0), metadata=metadata)
                first = await call.read()
                calls.append((person, call, first.opened.oldest_sequence))
        await lab.load.burst(2, SLOW_SECONDS)
        async with asyncio.timeout(TAIL_SECONDS):
            read = [await _whole(person, call, first) for person, call, first in calls]
        lab.note(f"{len(calls)} streams that nobody read had {sum(read)} alerts")


async def _whole(person: str, call: Any, following: int) -> int:
    """Read until the stream says that it has caught up; each alert follows the one before."""
    begins = following
    while (frame := await call.read()).WhichOneof("kind") != "progress":
        if frame.alert.sequence != following:
            said = f"{frame.alert.sequence} where {following} was to come"
            raise OverloadError(f"the stream of {person} had {said}")
        following += 1
    call.cancel()
    return following - begins


SHED = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I9"})

FAULTS: Sequence[Fault] = [
    Fault(
        id="F15",
        variant="slow_decider",
        told="the decider handles less than what comes",
        invariants=SHED,
        inject=_slow_decider,
        affected=frozenset({"notifier-decider"}),
    ),
    Fault(
        id="F15",
        variant="dawdling_streams",
        told="streams of alerts are opened and not read",
        invariants=SHED,
        inject=_dawdling,
        affected=frozenset(),
    ),
    Fault(
        id="F19",
        variant="ten_times",
        told="ten times the load for ten seconds",
        invariants=SHED,
        inject=overloaded(10.0),
    ),
    Fault(
        id="F19",
        variant="ten_times_a_minute",
        told="ten times the load for a minute",
        invariants=SHED,
        inject=overloaded(60.0),
    ),
    Fault(
        id="F20",
        variant="sessions_held",
        told="a long transaction holds every session of a service",
        invariants=SHED,
        inject=_sessions_held,
    ),
    Fault(
        id="F20",
        variant="server_full",
        told="PostgreSQL has no session left for a service",
        invariants=SHED,
        inject=_server_full,
    ),
]
