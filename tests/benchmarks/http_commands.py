"""A command over HTTP: parsed, authenticated, authorised, decided, appended, answered."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from chassis.database import Session, connect
from chassis.migrate import migrate
from chassis.settings import Settings
from tests.benchmarks.figures import Bar, Figure, Run, Tally, latencies
from tests.benchmarks.http_client import Lines
from tests.benchmarks.http_process import BARE, SERVICE, Served, serving, token
from tests.benchmarks.lab import Lab, closed_loop, open_loop

NAME = "http"
RATE = 200
MOST_LINES = 64
WARMING = 16
LOADS = ("8 clients", "16 clients", f"{RATE} requests/s")
BARS = {
    "16 clients": [Bar(measure="rate", limit=0.5, of="ratio")],
    f"{RATE} requests/s": [Bar(measure="p99", limit=30)],
}
SETTLED_SECONDS = 60.0
BEHIND = """
select coalesce(min(c.position) < (select max(position) from store.event), false)
from feed.checkpoint c join feed.follower f using (name) where f.lease_until > now()
"""
COUNTED = """
select count(*) as found, count(distinct stream_id) as different
from store.event where position > $1 and type = 'incoming.Received'
"""


async def measure(lab: Lab) -> list[Figure]:
    """Receive documents, closed and open loop, at the door alone and at the whole service."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings' own argument
        profile="demo",
        database_url=lab.postgres.dsn("{database}", "{role}"),
        owner_database_url=lab.postgres.dsn("{database}"),
    )
    await migrate(settings, SERVICE, "service")
    await migrate(settings, BARE, "service")
    await migrate(settings, "keys", "keys")
    await migrate(settings, "log", "log")
    whole = {}
    async with serving(settings, "whole") as served, _lines(lab, served) as lines:
        for load in LOADS:
            whole[load] = [
                await _run(lab, settings, served, lines, load)
                for _ in range(lab.sizes.runs)
            ]
            lab.say(f"http: {load}, whole service")
    figures, beside = [], []
    async with (
        serving(settings, "bare") as bare,
        serving(settings, "door") as door,
        _lines(lab, bare) as bare_lines,
        _lines(lab, door) as door_lines,
    ):
        for load in LOADS:
            own, floor = await lab.compared(
                f"http: {load}",
                partial(_run, lab, settings, door, door_lines, load),
                partial(_run, lab, settings, bare, bare_lines, load),
            )
            figures.append(_figure(lab, load, own, floor))
            beside.append(_figure(lab, f"{load}, whole service", whole[load], floor))
    return figures + beside


def _figure(lab: Lab, load: str, own: list[Run], floor: list[Run]) -> Figure:
    return Figure(
        bench=NAME,
        load=load,
        fsync=lab.fsync,
        ours=own,
        floor=floor,
        bars=BARS.get(load, []),
    )


async def _run(
    lab: Lab, settings: Settings, served: Served, lines: Lines, load: str
) -> Run:
    count, unit = load.split(" ", 1)
    owner = await connect(settings.owner_dsn(served.database))
    try:
        await _settled(owner)
        before = await owner.fetchval("select coalesce(max(position), 0) from store.event")
        refused = lines.refused
        with lab.meter(served.pid) as meter:
            if unit == "clients":
                posts = [partial(lines.post, lab.uuid)] * int(count)
                times, taken = await closed_loop(posts, lab.sizes.seconds)
            else:
                times = max(lab.sizes.samples, int(RATE * lab.sizes.open_seconds))
                taken = await _paced(lab, lines, times)
        row = await owner.fetchrow(COUNTED, before)
        if row is None or lines.refused != refused:
            raise RuntimeError(f"not every answer was 201: {lines.last_words}")
        tally = Tally(expected=times, found=row["found"], distinct=row["different"])
    finally:
        await owner.close()
    rate = {"rate": times / meter.seconds} if unit == "clients" else {}
    return Run(measures=rate | latencies(taken), events=times, tally=tally, cpu=meter.cpu)


async def _settled(owner: Session) -> None:
    """Wait until whoever follows the feed has caught up with the run before."""
    until = time.perf_counter() + SETTLED_SECONDS
    while await owner.fetchval(BEHIND) and time.perf_counter() < until:  # noqa: ASYNC110 another process moves
        await asyncio.sleep(0.1)


async def _paced(lab: Lab, lines: Lines, count: int) -> list[float]:
    taken: list[float] = []

    async def one(due: float) -> None:
        await lines.post(lab.uuid)
        taken.append((time.perf_counter() - due) * 1000)

    await open_loop(RATE, count, one)
    return taken


@asynccontextmanager
async def _lines(lab: Lab, served: Served) -> AsyncIterator[Lines]:
    lines = Lines(served.port, token(served.folder), MOST_LINES)
    await lines.open()
    try:
        await closed_loop([partial(lines.post, lab.uuid)] * WARMING, lab.sizes.warm)
        yield lines
    finally:
        lines.close()
