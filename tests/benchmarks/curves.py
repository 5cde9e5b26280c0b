"""Curves: what one operation costs, as what it works among grows tenfold and tenfold again."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.benchmarks.figures import Spread, Tally

OURS, FLOOR = "ours", "floor"
STEEPEST = 1.3
"""What a tenfold may cost: a logarithm's growth from 10^3 to 10^7 is below it, a root's is not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """The cost of one operation among *at*; *taken* says when, if in an earlier run."""

    at: int
    cost: Spread
    taken: str = ""


Lines = Mapping[str, Sequence[Point]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """One plot: lines of points by their names. What is ours is held to stay flat."""

    bench: str
    name: str
    lines: Lines
    tally: Tally
    held: Sequence[str] = (OURS,)

    @property
    def places(self) -> Sequence[int]:
        """Everything that was measured at."""
        return sorted({point.at for points in self.lines.values() for point in points})

    def at(self, line: str, place: int) -> Point | None:
        """Return a line's point, where it has one there."""
        return next((point for point in self.lines[line] if point.at == place), None)

    def growth(self, line: str) -> float:
        """Return the factor of a tenfold: the slope of the line between logarithms."""
        known = [p for p in self.lines[line] if p.cost.median > 0]
        x = [math.log10(point.at) for point in known]
        y = [math.log10(point.cost.median) for point in known]
        if len(set(x)) < 2:
            return math.nan
        middle, level = sum(x) / len(x), sum(y) / len(y)
        rise = sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True))
        return float(10 ** (rise / sum((a - middle) ** 2 for a in x)))

    def flat(self, line: str) -> bool:
        """Say whether a line that is held to it stays flat or logarithmic."""
        return self.growth(line) <= STEEPEST

    @property
    def wrong(self) -> bool:
        """Say whether something was lost or repeated while it was taken."""
        return self.tally.lost > 0 or self.tally.repeated > 0


class Growing:
    """A curve while it is being measured."""

    def __init__(self) -> None:
        self._costs: dict[str, dict[int, list[float]]] = {}
        self.tally = Tally(expected=0, found=0, distinct=0)

    def add(self, line: str, at: int, *costs: float) -> None:
        """Add what was measured at one place, once or several times."""
        self._costs.setdefault(line, {}).setdefault(at, []).extend(costs)

    def count(self, tally: Tally) -> None:
        """Add what was counted."""
        self.tally += tally

    def curve(self, bench: str, name: str, held: Sequence[str] = (OURS,)) -> Curve:
        """Return what was measured: medians and ranges."""
        lines = {
            line: [
                Point(at=at, cost=Spread.of(costs)) for at, costs in sorted(found.items())
            ]
            for line, found in self._costs.items()
        }
        return Curve(bench=bench, name=name, lines=lines, tally=self.tally, held=held)


def prolonged(before: Iterable[Curve], now: Iterable[Curve], taken: str) -> Sequence[Curve]:
    """Return the curves of *now*, with what *before* measured further on, in a longer run."""
    earlier = {curve.name: curve for curve in before}
    return [_prolonged(earlier.get(curve.name), curve, taken) for curve in now]


def _prolonged(before: Curve | None, now: Curve, taken: str) -> Curve:
    if before is None:
        return now
    lines = {}
    for name, points in now.lines.items():
        last = max((point.at for point in points), default=0)
        kept = [
            replace(point, taken=point.taken or taken)
            for point in before.lines.get(name, ())
            if point.at > last
        ]
        lines[name] = [*points, *kept]
    return replace(now, lines=lines)
