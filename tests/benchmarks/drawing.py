"""A curve as a picture: an SVG of its own, between logarithms, readable by day and by night."""

import math
from collections.abc import Iterable, Sequence
from html import escape

from tests.benchmarks.curve_wording import LINES, Words
from tests.benchmarks.curves import Curve, Point
from tests.benchmarks.figures import number

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 92, 706, 120, 392
LEGEND = ((LEFT, 78), (LEFT + 310, 78), (LEFT, 100), (LEFT + 310, 100))
LEAST_DECADES = 2.0
"""So much is always shown of the costs: what is flat then looks flat."""

DAY = ("#1f2328", "#d1d9e0", "#ffffff", "#0550ae", "#b35900", "#1a7f37", "#8250df")
NIGHT = ("#e6edf3", "#3d444d", "#0d1117", "#79c0ff", "#ffa657", "#7ee787", "#d2a8ff")
STYLE = """
text {{ font-family: "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei",
  sans-serif; font-size: 13px; }}
.title {{ font-size: 18px; font-weight: 600; }}
.end {{ text-anchor: end; }} .middle {{ text-anchor: middle; }}
.line {{ fill: none; stroke-width: 2.5; }} .range {{ stroke-width: 1.2; opacity: 0.6; }}
{day}
@media (prefers-color-scheme: dark) {{
{night}
}}
"""
OPENING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title">'
)
DASHES = ("none", "7 4", "2 4", "9 3 2 3")


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
        OPENING,
        f'<title id="title">{escape(words.zh)} · {escape(words.en)}</title>',
        f"<style>{STYLE.format(day=_rules(DAY), night=_rules(NIGHT))}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" class="paper"/>',
        _text(24, 32, words.zh, "title"),
        _text(24, 54, words.en),
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
        yield _text(LEFT - 8, y + 4, _tick(value), "end")
    for value in across.decades:
        x = across.at(value)
        yield f'<path class="grid" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
        yield _text(x, BOTTOM + 20, f"{value:,.0f}".replace(",", " "), "middle")
    yield f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>'
    yield _text((LEFT + RIGHT) / 2, HEIGHT - 18, words.across, "middle")
    yield (
        f'<text class="middle" transform="translate(22 {(TOP + BOTTOM) / 2:.0f}) '
        f'rotate(-90)">{escape(words.up)}</text>'
    )


def _legend(names: Sequence[str]) -> Iterable[str]:
    for n, ((x, y), name) in enumerate(zip(LEGEND, names, strict=False)):
        yield f'<path {_ink(n)} d="M{x} {y}h26"/>'
        yield _text(x + 34, y + 5, LINES[name])


def _line(n: int, points: Sequence[Point], across: _Axis, up: _Axis) -> Iterable[str]:
    places = [(across.at(p.at), up.at(p.cost.median), p) for p in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    yield f'<polyline {_ink(n)} points="{path}"/>'
    for x, y, point in places:
        low, high = up.at(point.cost.low), up.at(point.cost.high)
        yield (
            f'<path class="range s{n}" d="M{x:.1f} {low:.1f}V{high:.1f}"/>'
            f'<circle class="f{n}" cx="{x:.1f}" cy="{y:.1f}" r="4">'
            f"<title>{point.at}: {number(point.cost.median)}</title></circle>"
        )


def _ink(n: int) -> str:
    return f'class="line s{n}" stroke-dasharray="{DASHES[n]}"'


def _rules(colours: Sequence[str]) -> str:
    ink, faint, paper, *lines = colours
    rules = [
        f"text {{ fill: {ink}; }} .paper {{ fill: {paper}; }}",
        f".grid {{ stroke: {faint}; }} .axis {{ stroke: {ink}; fill: none; }}",
    ]
    rules += [
        f".s{n} {{ stroke: {colour}; }} .f{n} {{ fill: {colour}; }}"
        for n, colour in enumerate(lines)
    ]
    return "\n".join(rules)


def _tick(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 1 else f"{value:g}"


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'
