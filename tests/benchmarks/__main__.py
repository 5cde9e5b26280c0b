"""Figures next to their floors: `python -m tests.benchmarks [--quick] [--only append,http]`.

A whole run writes `docs/performance/latest.json` and `docs/PERFORMANCE.md`; a quick one or a
part of one only with `--write`. Ends with 1 where an event was lost or repeated, and never
because a machine is slow.
"""

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random

import asyncpg
import structlog
import uvloop
from rich.console import Console

from tests.benchmarks import (
    alerting,
    appending,
    consuming,
    fanning,
    following,
    freezing,
    http_commands,
    rebuilding,
    relaying,
    storming,
)
from tests.benchmarks.figures import REPORT, Figure, Report
from tests.benchmarks.lab import QUICK, Lab, Sizes
from tests.benchmarks.machine import describe
from tests.benchmarks.page import page, table
from tests.benchmarks.servers import BenchBroker, DurablePostgres
from tests.benchmarks.shim import NoShimError
from tests.support.kafka import kafka_available
from tests.support.kafka_jars import KAFKA_VERSION

DOCS = Path(__file__).parents[2] / "docs"
JSON, PAGE = DOCS / "performance" / "latest.json", DOCS / "PERFORMANCE.md"

MEASURES: dict[str, Callable[[Lab], Awaitable[list[Figure]]]] = {
    appending.NAME: appending.measure,
    following.NAME: following.measure,
    relaying.NAME: relaying.measure,
    consuming.NAME: consuming.measure,
    http_commands.NAME: http_commands.measure,
    rebuilding.REBUILD: rebuilding.measure_rebuild,
    rebuilding.VERIFY: rebuilding.measure_verify,
    alerting.NAME: alerting.measure,
    fanning.NAME: fanning.measure,
    storming.NAME: storming.measure,
    freezing.NAME: freezing.measure,
}
NEED_KAFKA = {relaying.NAME, consuming.NAME, alerting.NAME}
TERMINAL = 140
WAIT_FOR_THE_DISK = {appending.NAME, http_commands.NAME}


def main() -> int:
    """Do what the command line says."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the servers as well
    asked = _arguments()
    console = Console(highlight=False, width=TERMINAL)
    if asked.page:
        PAGE.write_text(page(read()), "utf-8")
        return 0
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    report = _report(asked, console)
    console.print(table(report))
    for line in report.skipped:
        console.print(f"skipped: {line}")
    if asked.write and asked.only and JSON.exists():
        report = beside(read(), report, asked.names)
    if asked.write or not (asked.quick or asked.only):
        JSON.parent.mkdir(parents=True, exist_ok=True)
        JSON.write_bytes(REPORT.dump_json(report, indent=1) + b"\n")
        PAGE.write_text(page(report), "utf-8")
        console.print("written: docs/PERFORMANCE.md, docs/performance/latest.json")
    wrong = [figure for figure in report.figures if figure.wrong]
    for figure in wrong:
        console.print(f"LOST OR REPEATED: {figure.bench}, {figure.load}: {figure.tally}")
    return 1 if wrong else 0


def read() -> Report:
    """Return the report that the page is generated from."""
    return REPORT.validate_json(JSON.read_bytes())


def beside(before: Report, part: Report, names: Sequence[str]) -> Report:
    """Return *before* with the benches *names* as *part* has them, and when those were taken."""
    kept = [figure for figure in before.figures if figure.bench not in names]
    own = f"{part.machine.taken}, at {part.machine.commit}: {part.settings['Run']}"
    return replace(
        before,
        settings={**before.settings, f"{', '.join(names)}: a run of their own": own},
        figures=[*kept, *part.figures],
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--only", help=f"of {','.join(MEASURES)}")
    parser.add_argument("--quick", action="store_true", help="just enough to see it work")
    parser.add_argument("--fsync-delay-ms", type=float, default=0, metavar="MS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="the page of a part, too")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    asked = parser.parse_args()
    asked.names = asked.only.split(",") if asked.only else list(MEASURES)
    if unknown := set(asked.names) - MEASURES.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return asked


def _report(asked: argparse.Namespace, console: Console) -> Report:
    figures: list[Figure] = []
    skipped: list[str] = []
    with ExitStack() as stack:
        names: list[str] = asked.names
        broker = None
        if NEED_KAFKA & set(names) and (reason := kafka_available()) is not None:
            skipped.append(f"{', '.join(sorted(NEED_KAFKA & set(names)))}: {reason}")
            names = [name for name in names if name not in NEED_KAFKA]
        elif NEED_KAFKA & set(names):
            broker = stack.enter_context(BenchBroker())
        with DurablePostgres() as postgres:
            version = asyncio.run(_version(postgres))
            lab = _lab(asked, postgres, broker, "native", console)
            figures += _measured(lab, names)
        slow = [name for name in names if name in WAIT_FOR_THE_DISK]
        if asked.fsync_delay_ms and slow:
            fsync = f"+{asked.fsync_delay_ms:g} ms"
            try:
                with DurablePostgres(asked.fsync_delay_ms) as postgres:
                    lab = _lab(asked, postgres, None, fsync, console)
                    figures += _measured(lab, slow)
            except NoShimError as error:
                skipped.append(f"a slower disk: {error}")
        kafka = (
            KAFKA_VERSION if broker is not None and broker.is_ours else "not of this run"
        )
        machine = describe(version, kafka)
    sizes = _sizes(asked)
    settings = {
        "Run": f"{'quick: to see the form, not for its figures' if asked.quick else 'full'}; "
        f"seed {asked.seed}, {sizes.runs} runs each, {sizes.seconds:g} s a closed loop",
    }
    return Report(machine=machine, settings=settings, figures=figures, skipped=skipped)


def _lab(
    asked: argparse.Namespace,
    postgres: DurablePostgres,
    broker: BenchBroker | None,
    fsync: str,
    console: Console,
) -> Lab:
    began = time.monotonic()

    def say(what: str) -> None:
        console.print(f"{time.monotonic() - began:5.0f} s  {fsync}  {what}")

    return Lab(
        postgres=postgres,
        kafka=broker,
        sizes=_sizes(asked),
        chance=Random(asked.seed),  # noqa: S311 it has to be repeatable
        fsync=fsync,
        say=say,
    )


def _measured(lab: Lab, names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figures += runner.run(_one(MEASURES[name], lab))
    return figures


async def _one(measure: Callable[[Lab], Awaitable[list[Figure]]], lab: Lab) -> list[Figure]:
    return await measure(lab)


async def _version(postgres: DurablePostgres) -> str:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        return str(await connection.fetchval("show server_version"))
    finally:
        await connection.close()


def _sizes(asked: argparse.Namespace) -> Sizes:
    return QUICK if asked.quick else Sizes()


if __name__ == "__main__":
    sys.exit(main())
