"""A curve as a picture: an SVG of its own, between logarithms, readable by day and by night."""

import math
from collections.abc import Iterable, Sequence
from html import escape

from tests.benchmarks.curve_wording import LINES, Words
from tests.benchmarks.curves import Curve, Point
from tests.benchmarks.figures import number
from tests.support.pictures import ink, paper, text

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 92, 706, 120, 392
LEGEND = ((LEFT, 78), (LEFT + 310, 78), (LEFT, 100), (LEFT + 310, 100))
LEAST_DECADES = 2.0
"""So much is always shown of the costs: what is flat then looks flat."""


def drawn(curve: Curve, words: Words) -> str:
    """Return the picture of *curve*."""
    across = _Axis([float(place) for place in curve.places], LEFT, RIGHT, least=1.0)
    ends = [
        end
        for points in curve.lines.values()
        for point in points
        for end in (point.cost.low, point.cost.high)
    ]
    up = _Axis(ends, BOTTOM, TOP, least=LEAST_DECADES)
    parts = [
        *paper(WIDTH, HEIGHT, words.zh, words.en),
        *_grid(across, up, words),
        *_legend(list(curve.lines)),
        *(
            part
            for n, points in enumerate(curve.lines.values())
            for part in _line(n, points, across, up)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Axis:
    """Logarithms on the way from *begin* to *end*, in whole decades where there is room."""

    def __init__(
        self, values: Iterable[float], begin: float, end: float, *, least: float
    ) -> None:
        known = [math.log10(value) for value in values if value > 0] or [0.0]
        self.low, high = math.floor(min(known)), math.ceil(max(known))
        self.high = max(high, math.ceil(self.low + least))
        self._begin, self._step = begin, (end - begin) / (self.high - self.low)

    def at(self, value: float) -> float:
        return (
            self._begin + (math.log10(max(value, 10.0**self.low)) - self.low) * self._step
        )

    @property
    def decades(self) -> Sequence[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def _grid(across: _Axis, up: _Axis, words: Words) -> Iterable[str]:
    for value in up.decades:
        y = up.at(value)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
        yield text(LEFT - 8, y + 4, _tick(value), "end")
    for value in across.decades:
        x = across.at(value)
        yield f'<path class="grid" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
        yield text(x, BOTTOM + 20, f"{value:,.0f}".replace(",", " "), "middle")
    yield f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>'
    yield text((LEFT + RIGHT) / 2, HEIGHT - 18, words.across, "middle")
    yield (
        f'<text class="middle" transform="translate(22 {(TOP + BOTTOM) / 2:.0f}) '
        f'rotate(-90)">{escape(words.up)}</text>'
    )


def _legend(names: Sequence[str]) -> Iterable[str]:
    for n, ((x, y), name) in enumerate(zip(LEGEND, names, strict=False)):
        yield f'<path {ink(n)} d="M{x} {y}h26"/>'
        yield text(x + 34, y + 5, LINES[name])


def _line(n: int, points: Sequence[Point], across: _Axis, up: _Axis) -> Iterable[str]:
    places = [(across.at(p.at), up.at(p.cost.median), p) for p in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    yield f'<polyline {ink(n)} points="{path}"/>'
    for x, y, point in places:
        low, high = up.at(point.cost.low), up.at(point.cost.high)
        yield (
            f'<path class="range s{n}" d="M{x:.1f} {low:.1f}V{high:.1f}"/>'
            f'<circle class="f{n}" cx="{x:.1f}" cy="{y:.1f}" r="4">'
            f"<title>{point.at}: {number(point.cost.median)}</title></circle>"
        )


def _tick(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 1 else f"{value:g}"
