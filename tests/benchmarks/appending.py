"""Append: load, decide, encode, and append with idempotency, stream check and hash chain."""

import math
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from chassis.store import Store
from tests.benchmarks.by_hand import REMARK, REQUEST, connected, insert
from tests.benchmarks.figures import Bar, Figure, Run, Tally
from tests.benchmarks.lab import (
    Lab,
    Measure,
    Work,
    closed_loop,
    counted,
    last_position,
    store_on,
)
from tests.benchmarks.peers.eventsourcing import WAYS, eventsourcing_on
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import ServiceDatabase

NAME = "append"
MOST_WRITERS = 32
LOADS = ((1, 1), (4, 1), (16, 1), (32, 1), (16, 10))
BARS = {
    (16, 1): [Bar(measure="rate", limit=0.6, of="ratio"), Bar(measure="rate", limit=2_000)],
    (16, 10): [Bar(measure="rate", limit=20_000)],
}
BESIDE = {"native": 3, "slower": 6}  # times the peer's rate


async def measure(lab: Lab) -> list[Figure]:
    """Append as writers of one process, each command opening an item of its own."""
    figures = []
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(lab.database("bench_append"))
        other = await stack.enter_async_context(lab.database("bench_append_by_hand"))
        store = await stack.enter_async_context(store_on(own, MOST_WRITERS))
        sessions = await connected(other.settings.owner_dsn(other.name), MOST_WRITERS)
        for session in sessions:
            stack.push_async_callback(session.close)
        libraries = await stack.enter_async_context(eventsourcing_on(lab, MOST_WRITERS))
        for writers, by in LOADS:
            ours = [executing(lab, store, by)] * writers
            floor = [_inserting(lab, session, by) for session in sessions[:writers]]
            await closed_loop(ours, lab.sizes.warm)
            await closed_loop(floor, lab.sizes.warm)
            sides: dict[str, Measure] = {
                "ours": partial(appended, lab, own, ours, by),
                "floor": partial(appended, lab, other, floor, by),
            }
            for name, library in libraries.items():
                await library.append(writers, by, lab.sizes.warm)
                sides[name] = partial(library.append, writers, by)
            load = f"{_plural(writers, 'writer')}, {_plural(by, 'event')} a transaction"
            runs = await lab.in_turn(f"append: {load}", sides)
            figures.append(
                Figure(
                    bench=NAME,
                    load=load,
                    fsync=lab.fsync,
                    ours=runs.pop("ours"),
                    floor=runs.pop("floor"),
                    peers=runs,
                    bars=_bars(lab, writers, by, beside=bool(libraries)),
                )
            )
    return [*figures, _scaling(lab, figures[0], figures[3])]


def _bars(lab: Lab, writers: int, by: int, *, beside: bool) -> list[Bar]:
    bars = list(BARS.get((writers, by), []))
    if beside and (writers, by) == (16, 1):
        limit = BESIDE["native" if lab.fsync == "native" else "slower"]
        bars += [Bar(measure="rate", limit=limit, of=f"peer:{name}") for name in WAYS]
    return bars


def executing(lab: Lab, store: Store, by: int) -> Work:
    """Return work that executes one command of *by* events on a new item."""

    async def work() -> None:
        item_id = lab.uuid()
        command = RaiseCounter(counter_id=item_id, times=by, remark=REMARK)
        why = cause(lab.uuid(), request_hash=REQUEST)
        await store.execute(COUNTER, item_id, command, why)

    return work


def _inserting(lab: Lab, session: object, by: int) -> Work:
    async def work() -> None:
        await insert(session, lab.uuid(), lab.uuid(), by)

    return work


async def appended(
    lab: Lab, database: ServiceDatabase, works: Sequence[Work], by: int
) -> Run:
    """Let the writers write for a while, then count what is there."""
    before = await last_position(database)
    with lab.meter() as meter:
        times, _ = await closed_loop(works, lab.sizes.seconds)
    return Run(
        measures={"rate": times * by / meter.seconds},
        events=times * by,
        tally=await counted(database, before, times * by),
        cpu=meter.cpu,
    )


def _scaling(lab: Lab, one: Figure, many: Figure) -> Figure:
    def factors(few: Sequence[Run], more: Sequence[Run]) -> list[Run]:
        nothing = Tally(expected=0, found=0, distinct=0)
        return [
            Run(measures={"factor": _factor(m, f)}, events=0, tally=nothing)
            for f, m in zip(few, more, strict=True)
        ]

    return Figure(
        bench=NAME,
        load="32 writers over 1 writer",
        fsync=lab.fsync,
        ours=factors(one.ours, many.ours),
        floor=factors(one.floor, many.floor),
        peers={name: factors(runs, many.peers[name]) for name, runs in one.peers.items()},
        bars=[Bar(measure="factor", limit=10)] if lab.fsync != "native" else [],
    )


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count > 1)}"


def _factor(more: Run, few: Run) -> float:
    rate = few.measures["rate"]
    return more.measures["rate"] / rate if rate else math.nan
