"""A run of the benchmarks: what it measured, where, and how long each part took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter

from tests.benchmarks.curve_wording import CURVES
from tests.benchmarks.curves import Curve, prolonged
from tests.benchmarks.drawing import drawn
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import Machine

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "performance"
JSON, PAGE = PICTURES / "latest.json", DOCS / "PERFORMANCE.md"
UNFINISHED = Path(__file__).parents[2] / ".state" / "benchmarks" / "unfinished.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One whole run of the benchmarks. *seconds* are those of each part, by its name."""

    machine: Machine
    settings: dict[str, str]
    figures: Sequence[Figure]
    skipped: Sequence[str] = ()
    curves: Sequence[Curve] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def wrong(self) -> Sequence[str]:
        """What lost or repeated something."""
        found = [f"{f.bench}, {f.load}: {f.tally}" for f in self.figures if f.wrong]
        return found + [f"{c.bench}, {c.name}: {c.tally}" for c in self.curves if c.wrong]


REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def read(path: Path = JSON) -> Report:
    """Return the report that the page is generated from."""
    return REPORT.validate_json(path.read_bytes())


def write(report: Report, path: Path = JSON) -> None:
    """Keep *report*: whole, or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_bytes(REPORT.dump_json(report, indent=1) + b"\n")
    beside.replace(path)


def pictures(report: Report) -> Mapping[str, str]:
    """Return the picture of each curve by the name of its file."""
    return {f"{c.name}.svg": drawn(c, CURVES[c.name]) for c in report.curves}


def draw(report: Report) -> None:
    """Write the pictures, and remove those of curves that are no more."""
    wanted = pictures(report)
    for path in PICTURES.glob("*.svg"):
        if path.name not in wanted:
            path.unlink()
    for name, picture in wanted.items():
        (PICTURES / name).write_text(picture, "utf-8")


def when(report: Report) -> str:
    """Return when a report was taken, and of which program."""
    return f"{report.machine.taken}, at {report.machine.commit}"


def beside(before: Report, part: Report, names: Iterable[str]) -> Report:
    """Return *before* with the benches *names* as *part* has them, and when those were taken."""
    taken = sorted(names)
    now = kept_long(before, part)
    own = f"{when(part)}: {part.settings['Run']}"
    return replace(
        before,
        settings={**before.settings, f"{', '.join(taken)}: a run of their own": own},
        figures=[*(f for f in before.figures if f.bench not in taken), *now.figures],
        curves=[*(c for c in before.curves if c.bench not in taken), *now.curves],
        seconds={**before.seconds, **part.seconds},
    )


def kept_long(before: Report, now: Report) -> Report:
    """Return *now* with what only a longer run before it has measured, and when that was."""
    measured = {(figure.bench, figure.load) for figure in now.figures}
    benches = {figure.bench for figure in now.figures}
    further = [
        figure
        for figure in before.figures
        if figure.long
        and figure.bench in benches
        and (figure.bench, figure.load) not in measured
    ]
    own = {f"{f.bench}, {f.load}: a longer run": when(before) for f in further}
    again = {name: taken for name, taken in before.settings.items() if name in own}
    return replace(
        now,
        settings={**now.settings, **own, **again},
        figures=[*now.figures, *further],
        curves=prolonged(before.curves, now.curves, when(before)),
    )
