"""The part of the page that says why a bar is missed: where the time goes, what the limit is."""

from collections import defaultdict

from tests.benchmarks.curve_wording import CURVES, LINES
from tests.benchmarks.figures import UNITS, number
from tests.benchmarks.limit_wording import HELPED, LIMITS, Key
from tests.benchmarks.report import Report
from tests.benchmarks.wording import BENCHES, CURVES_ONLY

INTRODUCTION = "Each bar that a figure or a curve above misses: where the time goes, and what the limit is."
UNKNOWN = "Not looked into yet."


def missed(report: Report) -> dict[Key, list[str]]:
    """Return what is missed, by what explains it: each load with its bar and what it came to."""
    found: dict[Key, list[str]] = defaultdict(list)
    for figure in report.figures:
        for measure in figure.measures:
            for bar, met in figure.judged(measure):
                if not met:
                    came = number(figure.spread(measure).median) + UNITS[measure]
                    said = f"{figure.load}, {figure.fsync}: {measure} {bar}; it is {came}"
                    over = figure.value(bar)
                    if bar.of != "value" and over is not None:
                        said += f", {number(over)} of that"
                    found[figure.bench, measure, bar.of].append(said)
    for curve in report.curves:
        for line in curve.held:
            if not curve.flat(line):
                grows = f"× {curve.growth(line):.2f} a tenfold"
                said = f"{CURVES[curve.name].en}, {LINES[line]}: {grows}"
                found[curve.bench, curve.name, line].append(said)
    return found


def limits(report: Report) -> str:
    """Return the section; nothing where every bar is met."""
    found = missed(report)
    parts = [
        _part(limit.keys[0][0], lines, limit.said)
        for limit in LIMITS
        if (lines := [said for key in limit.keys for said in found.pop(key, ())])
    ]
    parts += [_part(key[0], lines, UNKNOWN) for key, lines in found.items()]
    if not parts:
        return ""
    return "\n\n".join([f"## Where a bar is missed\n\n{INTRODUCTION}", *parts])


def helped() -> str:
    """Return what was tried to make it faster, whether a bar was missed or not."""
    lines = [f"- **{_title(bench)}**: {said}" for bench, said in HELPED.items()]
    return "\n".join(["## What made it faster", "", *lines])


def _part(bench: str, lines: list[str], said: str) -> str:
    listed = "\n".join(f"- {line}" for line in lines)
    return f"### {_title(bench)}\n\n{listed}\n\n{said}"


def _title(bench: str) -> str:
    return CURVES_ONLY.get(bench) or BENCHES[bench][0]
