"""Faults, one after another: `python -m tests.faults [--only F6,F7.killed] [--tier short]`.

A whole run writes `docs/faults/latest.json` and `docs/FAULTS.md`; a part of one with `--write`.
Ends with 1 where an invariant is violated; what a failing run leaves behind is kept.
"""

import argparse
import asyncio
import logging
import signal
import sys
import time
from pathlib import Path

import structlog
from rich.console import Console

from tests.faults.fault import Fault, Tier
from tests.faults.known import UnknownFaultError, chosen
from tests.faults.page import PAGE, found, page, read, write
from tests.faults.results import Results, Run
from tests.faults.series import Series
from tests.support.kafka import kafka_available

STATE = Path(__file__).parents[2] / ".state" / "faults"
TERMINAL = 140


def main() -> int:
    """Do what the command line says."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what was started as well
    asked = _arguments()
    console = Console(highlight=False, width=TERMINAL, soft_wrap=True)
    if asked.page:
        PAGE.write_text(page(read(), found()), "utf-8")
        return 0
    if asked.list:
        for fault in asked.faults:
            tier = fault.tier.value
            console.print(f"{fault.name:32} {tier:6} {fault.told}")
        return 0
    if (reason := kafka_available()) is not None:
        console.print(f"nothing was run: {reason}")
        return 1
    return _run(asked, console)


def _run(asked: argparse.Namespace, console: Console) -> int:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = time.monotonic()

    def say(what: str) -> None:
        console.print(f"{time.monotonic() - began:6.0f} s  {what}", markup=False)

    results = Results(STATE / "results.jsonl", fresh=not asked.resume)
    left = [
        (fault, seed)
        for fault in asked.faults
        for seed in range(asked.seed, asked.seed + asked.runs)
        if not results.had(fault, seed)
    ]
    now = asyncio.run(_all(left, results, Series(STATE, say, soak_minutes=asked.minutes)))
    if asked.write or not (asked.only or asked.tier):
        write(results.runs, part=bool(asked.only or asked.tier))
        say("written: docs/FAULTS.md, docs/faults/latest.json")
    wrong = [run for run in now if run.violations]
    for run in wrong:
        console.print(f"\n{run.fault}, seed {run.seed}: VIOLATED", markup=False)
        for said in run.violations:
            console.print(f"  {said}", markup=False)
        console.print(f"  again: {run.again}\n  kept:  {run.kept}", markup=False)
    say(f"{len(now)} runs, {len(wrong)} with violations")
    return 1 if wrong else 0


async def _all(
    left: list[tuple[Fault, int]], results: Results, series: Series
) -> list[Run]:
    done = []
    async with series:
        for fault, seed in sorted(left, key=lambda pair: pair[0].brokers):
            done.append(await series.one(fault, seed))
            results.add(done[-1])
    return done


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--only", default="", help="faults by id or name: F6,F7.killed")
    parser.add_argument(
        "--tier", choices=[*Tier], type=Tier, help="all, where none is named"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1, help="of each fault, each a seed on")
    parser.add_argument("--minutes", type=float, default=60, help="how long the soak lasts")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="leave out what was done well")
    again.add_argument("--fresh", action="store_true", help="do everything (the default)")
    parser.add_argument("--write", action="store_true", help="the page of a part, too")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    parser.add_argument("--list", action="store_true", help="only name the faults")
    asked = parser.parse_args()
    try:
        asked.faults = chosen(asked.only, asked.tier)
    except UnknownFaultError as error:
        parser.error(str(error))
    return asked


if __name__ == "__main__":
    sys.exit(main())
