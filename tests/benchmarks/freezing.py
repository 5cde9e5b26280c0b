"""A client that stands still, beside healthy ones of the same process."""

import asyncio
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from suite.processes import Program
from tests.benchmarks.alert_home import Home, address, home_on
from tests.benchmarks.alert_processes import (
    Child,
    arrivals_by_key,
    child,
    pid_of,
    resident,
)
from tests.benchmarks.figures import Bar, Figure, Run, Tally, of_hop
from tests.benchmarks.lab import Lab, open_loop

NAME = "frozen"
RATE = 100
HEALTHY = [f"healthy-{n}" for n in range(10)]
BUSY = "busy"
BARS = [
    Bar(measure="p99", limit=1.1, of="ratio"),
    Bar(measure="noticed", limit=35),
    Bar(measure="memory", limit=10_240),
]
ARRIVE_SECONDS = 60.0
LOOK_SECONDS = 1.0  # an answer takes the streamer's loop: the same while all read
OPEN = re.compile(r"^shuniu_alert_streams ([\d.]+)$", re.MULTILINE)
AWAY = re.compile(
    r'^shuniu_alert_streams_ended_total\{reason="GO_AWAY_REASON_(\w+)"\} ([\d.]+)$',
    re.MULTILINE,
)


@dataclass(kw_only=True)
class _Scene:
    """A streamer, healthy clients in one process, and one in another that will stand still."""

    home: Home
    program: Program
    healthy: Child
    other: Child
    told: dict[str, str] = field(default_factory=dict)  # whom, beside the busy one
    at: dict[str, float] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        """The streamer's process."""
        return pid_of(self.program)

    async def tell(self, _: float) -> None:
        """Tell the busy one and a healthy one."""
        who = self.home.lab.chance.choice(HEALTHY)
        key, at = await self.home.tell([BUSY, who])
        self.told[key], self.at[key] = who, at

    async def looked(self, client: httpx.AsyncClient) -> tuple[int, Counter[str]]:
        """Return how many streams are open, and what others were told as they ended."""
        said = (await client.get(f"{self.program.http}/metrics")).text
        found = OPEN.search(said)
        ends = Counter({reason: int(float(n)) for reason, n in AWAY.findall(said)})
        return int(float(found[1])) if found else 0, ends


async def measure(lab: Lab) -> list[Figure]:
    """Tell all at a steady rate, first while all read, then while one stands still."""
    async with (
        home_on(lab, [*HEALTHY, BUSY]) as home,
        home.parts("streamer") as parts,
        child("alert_clients", "client") as healthy,
        child("alert_clients", "client") as other,
    ):
        program = parts["streamer"]
        target = address(program.grpc_port)
        await healthy.ask(target=target, people=home.named(HEALTHY))
        await other.ask(target=target, people=home.named([BUSY]))
        scene = _Scene(home=home, program=program, healthy=healthy, other=other)
        await _run(scene, lab.sizes.warm)
        seconds = max(lab.sizes.open_seconds, lab.sizes.samples / RATE)
        all_read = [await _run(scene, seconds) for _ in range(lab.sizes.runs)]
        lab.say("frozen: all read")
        frozen = await _run(scene, lab.sizes.frozen, freezes=True)
        lab.say("frozen: one stood still")
    load = f"{RATE} alerts/s to {len(HEALTHY)}, and as many to one more"
    still = f"{load}, which stands still for {lab.sizes.frozen:g} s (floor: all read)"
    return [
        Figure(bench=NAME, fsync=lab.fsync, load=load, ours=all_read),
        Figure(
            bench=NAME,
            fsync=lab.fsync,
            load=still,
            ours=[frozen],
            floor=all_read,
            bars=BARS,
        ),
    ]


async def _run(scene: _Scene, seconds: float, *, freezes: bool = False) -> Run:
    scene.told.clear()
    scene.at.clear()
    count = int(RATE * seconds)
    before = resident(scene.pid)
    extra: dict[str, float] = {}
    with scene.home.meter(streamer=scene.pid) as meter:
        if freezes:
            os.kill(scene.other.pid, signal.SIGSTOP)
        watching = asyncio.create_task(_noticed(scene))
        await open_loop(RATE, count, scene.tell)
        heard = await scene.healthy.ask(count=count, seconds=ARRIVE_SECONDS)
        watching.cancel()
        (noticed,) = await asyncio.gather(watching, return_exceptions=True)
        if freezes:
            extra = noticed if isinstance(noticed, dict) else {}
            extra["memory"] = max(0.0, resident(scene.pid) - before)
            os.kill(scene.other.pid, signal.SIGCONT)
            thawed = time.time()
        late = await scene.other.ask(count=count, seconds=ARRIVE_SECONDS)
    if freezes and late["came"]:
        extra["caught up"] = max(at for _, at in late["came"]) - thawed
    arrived = arrivals_by_key(heard["came"])
    came = heard["came"] + late["came"]
    distinct = len(arrived.keys() & scene.at.keys())
    distinct += len(arrivals_by_key(late["came"]).keys() & scene.at.keys())
    return Run(
        measures=of_hop(scene.at, arrived, scene.at) | extra,
        events=2 * count,
        tally=Tally(expected=2 * count, found=len(came), distinct=distinct),
        cpu=meter.cpu,
    )


async def _noticed(scene: _Scene) -> dict[str, float]:
    """Wait until the frozen one's stream has ended; return after how many seconds it had."""
    began = time.monotonic()
    say: Callable[[str], None] = scene.home.lab.say
    async with httpx.AsyncClient(trust_env=False) as client:
        _, before = await scene.looked(client)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            streams, ends = await scene.looked(client)
            if streams <= len(HEALTHY):
                break
    why = ", ".join((ends - before).keys()) or "its line counted as dead"
    took = time.monotonic() - began
    say(f"frozen: noticed after {took:.1f} s: {why}")
    return {"noticed": took}
