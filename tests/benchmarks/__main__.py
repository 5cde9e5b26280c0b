"""Figures next to their floors: `python -m tests.benchmarks`; `--help` says what else it does.

A whole run writes `docs/performance/` and `docs/PERFORMANCE.md`; a quick one or a part of one
only with `--write`. Ends with 1 where an event was lost or repeated, and never because a
machine is slow.
"""

import argparse
import logging
import signal
import sys

import structlog
from rich.console import Console
from rich.table import Table

from chassis.collecting import settle
from tests.benchmarks.benches import CURVED, MEASURES, NEED_KAFKA
from tests.benchmarks.lab import QUICK, Sizes, longer
from tests.benchmarks.page import page, table
from tests.benchmarks.report import (
    JSON,
    PAGE,
    UNFINISHED,
    Report,
    beside,
    draw,
    kept_long,
    read,
    write,
)
from tests.benchmarks.running import Course, unfinished
from tests.benchmarks.wording import BENCHES, CURVES_ONLY

TERMINAL = 140
EXAMPLES = """
examples:
  python -m tests.benchmarks                          everything, natively and at +1 ms; writes docs/
  python -m tests.benchmarks --resume                 the same, from where it was interrupted
  python -m tests.benchmarks --list                   which benches there are, and how long each takes
  python -m tests.benchmarks --only append,list       some of them; shows, and writes nothing
  python -m tests.benchmarks --only rebuild --long --write
                                                      ten million events; kept beside the rest
  python -m tests.benchmarks --quick                  does it all work? its figures mean nothing
  python -m tests.benchmarks --fsync-delay-ms 0       on the disk as it is, alone
"""


def main() -> int:
    """Do what the command line says."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the servers as well
    asked = _arguments()
    console = Console(highlight=False, width=TERMINAL)
    if asked.list:
        console.print(_listed())
        return 0
    if asked.page:
        _publish(read())
        return 0
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    settle()
    report = _measured(asked, console)
    console.print(table(report))
    for line in report.skipped:
        console.print(f"skipped: {line}")
    if asked.write or not (asked.quick or asked.only):
        if JSON.exists():
            before = read()
            benches = {part.split(" ")[0] for part in report.seconds}
            report = (
                beside(before, report, benches) if asked.only else kept_long(before, report)
            )
        write(report)
        _publish(report)
        console.print("written: docs/PERFORMANCE.md, docs/performance/")
    UNFINISHED.unlink(missing_ok=True)
    for line in report.wrong:
        console.print(f"LOST OR REPEATED: {line}")
    return 1 if report.wrong else 0


def _measured(asked: argparse.Namespace, console: Console) -> Report:
    sizes = QUICK if asked.quick else Sizes()
    sizes = longer(sizes) if asked.long else sizes
    kind = "quick: to see the form, not for its figures" if asked.quick else "full"
    settings = {
        "Run": f"{kind}{', long' if asked.long else ''}; seed {asked.seed}, {sizes.runs} runs "
        f"each, {sizes.seconds:g} s a closed loop",
    }
    course = Course(
        names=asked.names,
        sizes=sizes,
        seed=asked.seed,
        fsync_delay_ms=asked.fsync_delay_ms,
        settings=settings,
        console=console,
        usual=read().seconds if JSON.exists() and not asked.quick else {},
        report=unfinished(settings) if asked.resume else None,
    )
    if asked.resume and course.report is None:
        console.print("nothing was interrupted that had these settings: all of it, then")
    try:
        return course.run()
    except BaseException:
        if course.report is not None and course.report.seconds:
            kept = ", ".join(course.report.seconds)
            console.print(f"kept: {kept}. To go on: the same command with --resume")
        raise


def _publish(report: Report) -> None:
    PAGE.write_text(page(report), "utf-8")
    draw(report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Figures next to their floors.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="NAME,NAME", help="some benches: see --list")
    parser.add_argument("--list", action="store_true", help="say which benches there are")
    parser.add_argument("--quick", action="store_true", help="just enough to see it work")
    parser.add_argument(
        "--long", action="store_true", help="growth looked at ten times as far"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with an interrupted run"
    )
    parser.add_argument(
        "--fsync-delay-ms",
        type=float,
        default=1,
        metavar="MS",
        help="how much slower a sync is the second time; 0: not a second time (default: 1)",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="the page of a part, too")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    asked = parser.parse_args()
    asked.names = asked.only.split(",") if asked.only else list(MEASURES)
    if unknown := set(asked.names) - MEASURES.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}: see --list")
    return asked


def _listed() -> Table:
    took = read().seconds if JSON.exists() else {}
    shown = Table(box=None)
    for name in ("bench", "what", "curves", "needs", "took"):
        shown.add_column(name, overflow="fold")
    for name in MEASURES:
        seconds = sum(s for part, s in took.items() if part.split(" ")[0] == name)
        shown.add_row(
            *(
                name,
                CURVES_ONLY.get(name) or BENCHES[name][0],
                "\n".join(CURVED.get(name, ())),
            ),
            "Kafka" if name in NEED_KAFKA else "",
            f"{seconds:.0f} s" if seconds else "",
        )
    return shown


if __name__ == "__main__":
    sys.exit(main())
