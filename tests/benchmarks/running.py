"""One run: part after part, each kept as soon as it is measured, with a word of how far it is."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from random import Random

import asyncpg
import uvloop
from rich.console import Console

from tests.benchmarks.benches import MEASURES, NEED_KAFKA, WAIT_FOR_THE_DISK, Measure
from tests.benchmarks.curves import Curve
from tests.benchmarks.figures import Figure
from tests.benchmarks.lab import Lab, Sizes
from tests.benchmarks.machine import Machine, describe
from tests.benchmarks.report import UNFINISHED, Report, read, write
from tests.benchmarks.servers import BenchBroker, DurablePostgres
from tests.benchmarks.shim import NoShimError
from tests.support.kafka import kafka_available
from tests.support.kafka_jars import KAFKA_VERSION

NATIVE = "native"


@dataclass(kw_only=True)
class Course:
    """What is asked for, what is measured already, and where to say so."""

    names: Sequence[str]
    sizes: Sizes
    seed: int
    fsync_delay_ms: float
    settings: dict[str, str]
    console: Console
    usual: Mapping[str, float]
    report: Report | None = None
    skipped: list[str] = field(default_factory=list)
    _broker: BenchBroker | None = None
    _left: list[str] = field(default_factory=list)

    def run(self) -> Report:
        """Measure what is left; return all of it."""
        reason = kafka_available() if NEED_KAFKA & set(self.names) else None
        if reason is not None:
            without = [name for name in self.names if name in NEED_KAFKA]
            self.skipped.append(f"{', '.join(without)}: {reason}")
        names = [n for n in self.names if reason is None or n not in NEED_KAFKA]
        slow = [n for n in names if self.fsync_delay_ms and n in WAIT_FOR_THE_DISK]
        slower = f"+{self.fsync_delay_ms:g} ms"
        done = self.report.seconds if self.report else {}
        self._left = [
            part
            for part in [
                *(part_of(n, NATIVE) for n in names),
                *(part_of(n, slower) for n in slow),
            ]
            if part not in done
        ]
        with ExitStack() as stack:
            if any(part_of(name, NATIVE) in self._left for name in NEED_KAFKA):
                self._broker = stack.enter_context(BenchBroker())
            self._measure(names, NATIVE, 0)
            try:
                self._measure(slow, slower, self.fsync_delay_ms)
            except NoShimError as error:
                self.skipped.append(f"a slower disk: {error}")
        if self.report is None:
            raise SystemExit("nothing could be measured: " + "; ".join(self.skipped))
        return replace(
            self.report, skipped=[*dict.fromkeys([*self.report.skipped, *self.skipped])]
        )

    def _measure(self, names: Sequence[str], fsync: str, delay_ms: float) -> None:
        left = [name for name in names if part_of(name, fsync) in self._left]
        if not left:
            return
        with DurablePostgres(delay_ms) as postgres:
            if self.report is None:
                self.report = Report(
                    machine=self._described(postgres), settings=self.settings, figures=()
                )
            for name in left:
                self._one(name, fsync, postgres)

    def _one(self, name: str, fsync: str, postgres: DurablePostgres) -> None:
        part = part_of(name, fsync)
        self._announce(part)
        began = time.monotonic()
        lab = Lab(
            postgres=postgres,
            kafka=self._broker,
            sizes=self.sizes,
            chance=Random(f"{self.seed} {part}"),  # noqa: S311 it has to be repeatable
            fsync=fsync,
            say=lambda what: self._say(f"{time.monotonic() - began:5.0f} s  {what}"),
            skipped=self.skipped,
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(_awaited(MEASURES[name], lab))
        self._left.remove(part)
        self._keep(part, found, time.monotonic() - began)

    def _keep(self, part: str, found: Sequence[Figure | Curve], seconds: float) -> None:
        if self.report is None:
            raise AssertionError("a part belongs to a report")
        self.report = replace(
            self.report,
            figures=[*self.report.figures, *(f for f in found if isinstance(f, Figure))],
            curves=[*self.report.curves, *(c for c in found if isinstance(c, Curve))],
            skipped=[*dict.fromkeys([*self.report.skipped, *self.skipped])],
            seconds={**self.report.seconds, part: round(seconds, 1)},
        )
        write(self.report, UNFINISHED)

    def _announce(self, part: str) -> None:
        usual = [self.usual.get(name) for name in self._left]
        known = sum(seconds for seconds in usual if seconds is not None)
        more = " and more" if None in usual else ""
        left = f"{len(self._left)} to go, {_minutes(known)}{more}" if known else ""
        self.console.print(f"[bold]{part}[/bold]  {left or f'{len(self._left)} to go'}")

    def _say(self, what: str) -> None:
        self.console.print(f"  {what}")

    def _described(self, postgres: DurablePostgres) -> Machine:
        ours = self._broker is not None and self._broker.is_ours
        kafka = KAFKA_VERSION if ours else "not of this run"
        return describe(asyncio.run(_version(postgres)), kafka)


def part_of(name: str, fsync: str) -> str:
    """Return the name of a bench on one kind of disk."""
    return name if fsync == NATIVE else f"{name} {fsync}"


def unfinished(settings: Mapping[str, str]) -> Report | None:
    """Return what an interrupted run with these settings has measured."""
    if not UNFINISHED.exists():
        return None
    found = read(UNFINISHED)
    return found if found.settings == settings else None


def _minutes(seconds: float) -> str:
    return f"about {seconds / 60:.0f} min" if seconds >= 90 else f"about {seconds:.0f} s"


async def _awaited(measure: Measure, lab: Lab) -> Sequence[Figure | Curve]:
    return await measure(lab)


async def _version(postgres: DurablePostgres) -> str:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        return str(await connection.fetchval("show server_version"))
    finally:
        await connection.close()
