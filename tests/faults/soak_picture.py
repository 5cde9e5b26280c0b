"""The soak as a picture: what each process used, minute by minute."""

from collections.abc import Iterable, Sequence

from tests.faults.results import Sample
from tests.support.pictures import ink, paper, text

WIDTH, HEIGHT = 760, 560
LEFT, RIGHT = 92, 706
PANELS = ((130, 300, "内存 MiB"), (350, 500, "文件描述符 descriptors"))
LEGEND = tuple((LEFT + 205 * (n % 3), 82 + 22 * (n // 3)) for n in range(6))
STEPS = 4
FIRST_SECONDS = 60.0
ZH = "混合负载与随机故障：各进程的内存与文件描述符"
EN = "Mixed load with random faults: memory and descriptors of each process"


def drawn(samples: Sequence[Sample]) -> str:
    """Return the picture of *samples*: times are seconds, memory KiB.

    Those that are there from the beginning are drawn: a second instance comes and goes.
    """
    begin = min(sample.at for sample in samples)
    names = sorted({s.process for s in samples if s.at - begin < FIRST_SECONDS})
    minutes = max((sample.at - begin) / 60 for sample in samples) or 1.0
    parts = [*paper(WIDTH, HEIGHT, ZH, EN)]
    for n, ((x, y), name) in enumerate(zip(LEGEND, names, strict=False)):
        parts += [f'<path {ink(n)} d="M{x} {y}h26"/>', text(x + 34, y + 5, name)]
    for panel, value in zip(PANELS, (_memory, _descriptors), strict=True):
        top = max(map(value, samples)) or 1.0
        parts += _grid(panel, top, minutes)
        for n, name in enumerate(names):
            its = [((s.at - begin) / 60, value(s)) for s in samples if s.process == name]
            parts.append(_line(n, its, panel, (minutes, top)))
    parts += [text((LEFT + RIGHT) / 2, HEIGHT - 14, "分钟 minutes", "middle"), "</svg>"]
    return "\n".join(parts) + "\n"


def _memory(sample: Sample) -> float:
    return sample.resident / 1024


def _descriptors(sample: Sample) -> float:
    return float(sample.descriptors)


def _grid(panel: tuple[int, int, str], top: float, minutes: float) -> Iterable[str]:
    high, low, words = panel
    for step in range(STEPS + 1):
        y = low - (low - high) * step / STEPS
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
        yield text(LEFT - 8, y + 4, f"{top * step / STEPS:.0f}", "end")
        x = LEFT + (RIGHT - LEFT) * step / STEPS
        yield text(x, low + 18, f"{minutes * step / STEPS:.0f}", "middle")
    yield f'<path class="axis" d="M{LEFT} {high}V{low}H{RIGHT}"/>'
    yield text(LEFT, high - 8, words)


def _line(
    n: int,
    points: Sequence[tuple[float, float]],
    panel: tuple[int, int, str],
    most: tuple[float, float],
) -> str:
    (high, low, _), (minutes, top) = panel, most
    places = " ".join(
        f"{LEFT + (RIGHT - LEFT) * at / minutes:.1f},{low - (low - high) * value / top:.1f}"
        for at, value in points
    )
    return f'<polyline {ink(n)} points="{places}"/>'
