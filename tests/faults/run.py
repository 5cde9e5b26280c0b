"""One run: warm up, do the fault, heal, come to rest, send again, and look at everything."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

import asyncpg

from tests.faults.checkers import CHECKERS
from tests.faults.evidence import Evidence, Verdict
from tests.faults.fault import Fault
from tests.faults.history import Outcome, Phase
from tests.faults.lab import Lab
from tests.faults.load import StuckLoadError
from tests.faults.results import Judged, Run, order
from tests.faults.servers.disk import NotHereError
from tests.faults.watching import HEARD

WARM_UP, AFTERWARDS = 25, 15  # commands answered OK before, and once it is healed
WARM_SECONDS = 60.0
INJECT_SECONDS = 240.0
PATIENCE_SECONDS = 90.0  # beyond I6's thirty: what comes later is told apart from never
CONVERGE_SECONDS = 60.0
STREAM_SECONDS = (
    70.0  # turned away often, a client waits up to thirty before it tries again
)
HUNG_UP_SECONDS = 0.5
CHECK_SECONDS = 300.0
ALWAYS = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I8"})
HEAD = "select coalesce(max(head), 0) from notifier.head where subscriber = $1"

Say = Callable[[str], None]


@dataclass(slots=True)
class Course:
    """How a run went, beside what the checkers find."""

    faulted: tuple[float, float] = (0.0, 0.0)
    recovered: float | None = None
    skipped: str = ""
    wrong: list[str] = field(default_factory=list)


async def run(lab: Lab, fault: Fault, seed: int, say: Say) -> Run:
    """Run *fault* under *seed* on *lab*, which others may have been run on before."""
    began, stamp = time.monotonic(), time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    first = len(lab.history)
    lab.begin()
    lab.note(f"run of {fault.name}, seed {seed}: {fault.told}")
    course = Course()
    await _warm_up(lab, course)
    before = lab.processes.uses()
    await _inject(lab, fault, Random(f"{fault.name}/{seed}"), course, say)  # noqa: S311 repeatable
    await _heal(lab, course, say)
    evidence = replace(
        lab.evidence(),
        faulted=course.faulted,
        recovered=course.recovered,
        before=before,
        after=lab.processes.uses(),
        affected=fault.affected,
        cut_off=fault.cut_off,
    )
    verdicts = {} if course.skipped else await check(evidence, fault, say)
    if course.wrong:
        verdicts["I6"] = _with(verdicts.get("I6"), course.wrong)
    operations, unsure = _counted(lab, first)
    done = Run(
        fault=fault.name,
        told=fault.told,
        tier=fault.tier.value,
        seed=seed,
        began=stamp,
        seconds=round(time.monotonic() - began, 1),
        ok=operations[Outcome.OK],
        refused=operations[Outcome.REFUSED],
        unknown=operations[Outcome.UNKNOWN],
        unsure=unsure,
        recovered=None if course.recovered is None else round(course.recovered, 2),
        verdicts=verdicts,
        samples=lab.sampling.samples if fault.seconds else [],
        skipped=course.skipped,
    )
    for said in done.violations:
        lab.note(f"VIOLATION {said}")
    return done


async def _warm_up(lab: Lab, course: Course) -> None:
    lab.load.resume()
    lab.ticking.going = True
    try:
        await lab.load.until(WARM_UP, WARM_SECONDS)
    except StuckLoadError as error:
        course.wrong.append(f"Before the fault commands were not answered: {error}.")


async def _inject(lab: Lab, fault: Fault, chance: Random, course: Course, say: Say) -> None:
    lab.phase = Phase.FAULT
    say(_so_far(lab))
    begin = lab.now
    try:
        async with asyncio.timeout(max(INJECT_SECONDS, fault.seconds)):
            await fault.inject(lab, chance)
    except NotHereError as error:
        course.skipped = str(error)
    except Exception as error:  # noqa: BLE001 a fault that cannot be done proves nothing
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        course.wrong.append(f"The fault was not done as it should be: {said}.")
    course.faulted = (begin, lab.now)


async def _heal(lab: Lab, course: Course, say: Say) -> None:
    """Undo it, and wait for rest; let clients go on; then ask again what nobody knows."""
    lab.phase = Phase.HEAL
    await lab.healed()
    healed = lab.now
    say(_so_far(lab))
    lab.load.pause()  # what is in hand is sent again, as clients do
    lab.ticking.going = False
    if await lab.settled(PATIENCE_SECONDS) is not None:
        course.recovered = lab.rested_at - healed
    else:
        lab.note(f"left to do: {dict(await lab.lag())}")
    lab.load.resume()
    try:
        await lab.load.until(AFTERWARDS, PATIENCE_SECONDS)
    except StuckLoadError as error:
        course.wrong.append(f"After the fault commands are not answered: {error}.")
    lab.phase = Phase.QUIESCE
    await lab.load.rested()
    if left := await lab.load.converged(CONVERGE_SECONDS):
        course.wrong.append(f"{left} commands were sent again for nothing: nobody answers.")
    if course.recovered is not None and await lab.settled(PATIENCE_SECONDS) is None:
        course.wrong.append("It came to no rest after the last commands.")
    await _streamed(lab, course)
    await lab.clerks.close()  # or what they keep alive would count as left behind
    await asyncio.sleep(HUNG_UP_SECONDS)
    say(_so_far(lab))


async def _streamed(lab: Lab, course: Course) -> None:
    """Wait until whoever hears alerts heard the last, without a hand."""
    connection = await asyncpg.connect(lab.postgres.dsn("notifier"))
    try:
        head = await connection.fetchval(HEAD, HEARD)
    finally:
        await connection.close()
    until = lab.now + STREAM_SECONDS
    while lab.watching.reached(HEARD) < head:
        if lab.now > until:
            reached = lab.watching.reached(HEARD)
            course.wrong.append(
                f"The stream of {HEARD} is at {reached}, the mailbox at {head}."
            )
            return
        await asyncio.sleep(0.05)


async def check(evidence: Evidence, fault: Fault, say: Say) -> dict[str, Judged]:
    """Let the checkers of *fault*'s invariants, and of those that always hold, judge."""
    verdicts, said = {}, []
    always = frozenset[str]() if fault.ends_lab else ALWAYS  # it may end by losing much
    for name in sorted(fault.invariants | always, key=order):
        began = time.monotonic()
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                verdict = await CHECKERS[name](evidence)
        except Exception as error:  # noqa: BLE001 who cannot look has not found it sound
            why = f"It could not be checked: {type(error).__name__}: {error}"
            verdict = Verdict(name, {}, [why])
        verdicts[name] = Judged(
            counted=dict(verdict.counted), violations=list(verdict.violations)
        )
        how = "VIOLATED" if verdict.violations else "holds"
        said.append(f"{name} {how} ({time.monotonic() - began:.1f} s)")
    say(f"checked: {', '.join(said)}")
    return verdicts


def _counted(lab: Lab, first: int) -> tuple[Mapping[Outcome, int], int]:
    """Return what came of this run's commands in the end, and how many attempts were unsure."""
    mine = list(lab.history)[first:]
    known: dict[UUID, Outcome] = {}
    for attempt in mine:
        if known.get(attempt.key) is not Outcome.OK:
            known[attempt.key] = attempt.outcome
    unsure = sum(attempt.outcome is Outcome.UNKNOWN for attempt in mine)
    return Counter(known.values()), unsure


def _with(judged: Judged | None, wrong: list[str]) -> Judged:
    found = judged or Judged(counted={}, violations=[])
    return replace(found, violations=[*wrong, *found.violations])


def _so_far(lab: Lab) -> str:
    counts = lab.load.counts
    said = ", ".join(f"{outcome.value} {counts[outcome]}" for outcome in Outcome)
    return f"{lab.phase.value}: {said}"
