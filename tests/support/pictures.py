"""What our pictures share: SVG that is readable by day and by night, Chinese title first."""

from collections.abc import Sequence
from html import escape

DAY = (
    *("#1f2328", "#d1d9e0", "#ffffff"),
    *("#0550ae", "#b35900", "#1a7f37", "#8250df", "#cf222e", "#57606a"),
)
NIGHT = (
    *("#e6edf3", "#3d444d", "#0d1117"),
    *("#79c0ff", "#ffa657", "#7ee787", "#d2a8ff", "#ff7b72", "#9198a1"),
)
DASHES = ("none", "7 4", "2 4", "9 3 2 3", "12 3", "4 2")
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


def paper(width: int, height: int, zh: str, en: str) -> list[str]:
    """Return how a picture begins: its size, its title, its paper."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'<title id="title">{escape(zh)} · {escape(en)}</title>',
        f"<style>{STYLE.format(day=_rules(DAY), night=_rules(NIGHT))}</style>",
        f'<rect width="{width}" height="{height}" class="paper"/>',
        text(24, 32, zh, "title"),
        text(24, 54, en),
    ]


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Write *words* at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def ink(n: int) -> str:
    """Return the attributes of line number *n*: told apart without colour, too."""
    return f'class="line s{n}" stroke-dasharray="{DASHES[n % len(DASHES)]}"'


def _rules(colours: Sequence[str]) -> str:
    fore, faint, back, *lines = colours
    rules = [
        f"text {{ fill: {fore}; }} .paper {{ fill: {back}; }}",
        f".grid {{ stroke: {faint}; }} .axis {{ stroke: {fore}; fill: none; }}",
    ]
    rules += [
        f".s{n} {{ stroke: {colour}; }} .f{n} {{ fill: {colour}; }}"
        for n, colour in enumerate(lines)
    ]
    return "\n".join(rules)
