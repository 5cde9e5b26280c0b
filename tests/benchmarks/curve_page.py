"""The part of the page that shows how costs grow: pictures, and their numbers beneath."""

import math
from collections.abc import Sequence

from tests.benchmarks.curve_wording import CURVES, LINES
from tests.benchmarks.curves import STEEPEST, Curve
from tests.benchmarks.figures import number

INTRODUCTION = f"""
Each curve is what one operation costs while what it works among grows tenfold at a time: medians and ranges, between
logarithms. *A tenfold* is the factor of one, over the whole line: 1 is flat, 10 is all of it. Ours is held to
{STEEPEST:g}, what a logarithm grows by; a line in *italics* is there for comparison and not held to anything.
"""


def grown(curves: Sequence[Curve]) -> str:
    """Return the section, curves in their own order."""
    found = {curve.name: curve for curve in curves}
    parts = [f"## How costs grow\n\n{INTRODUCTION.strip()}"]
    parts += [_section(found[name]) for name in CURVES if name in found]
    return "\n\n".join(parts)


def grid(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _section(curve: Curve) -> str:
    words = CURVES[curve.name]
    title = f"### {words.zh}\n\n{words.en}. {words.text}"
    picture = f"![{words.zh} {words.en}](performance/{curve.name}.svg)"
    names = [words.across, *(_name(curve, line) for line in curve.lines)]
    rows = [
        [number(float(place)), *(_cost(curve, line, place) for line in curve.lines)]
        for place in curve.places
    ]
    rows.append(["a tenfold", *(_growth(curve, line) for line in curve.lines)])
    parts = [title, picture, grid(names, rows)]
    taken = sorted({p.taken for points in curve.lines.values() for p in points if p.taken})
    if taken:
        parts.append(f"† Taken in a longer run of its own: {'; '.join(taken)}.")
    return "\n\n".join(parts)


def _name(curve: Curve, line: str) -> str:
    unit = CURVES[curve.name].unit
    return f"{LINES[line]}, {unit}" if line in curve.held else f"*{LINES[line]}*, {unit}"


def _cost(curve: Curve, line: str, place: int) -> str:
    point = curve.at(line, place)
    if point is None:
        return "–"
    cost = point.cost
    mark = " †" if point.taken else ""
    return f"{number(cost.median)} ({number(cost.low)} – {number(cost.high)}){mark}"


def _growth(curve: Curve, line: str) -> str:
    factor = curve.growth(line)
    if math.isnan(factor):
        return "–"
    held = f": {'flat' if curve.flat(line) else 'grows'}" if line in curve.held else ""
    return f"× {factor:.2f}{held}"
