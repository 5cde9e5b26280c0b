"""`docs/PERFORMANCE.md`, generated from a report, and the same as a table for a terminal."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from tests.benchmarks.curve_page import grid, grown
from tests.benchmarks.curve_wording import CURVES
from tests.benchmarks.figures import (
    PEER,
    UNITS,
    Figure,
    Run,
    Tally,
    number,
    spread_of,
    total,
)
from tests.benchmarks.limit_page import helped, limits
from tests.benchmarks.peer_wording import PEERS
from tests.benchmarks.report import Report
from tests.benchmarks.wording import BENCHES, COLUMNS, HEAD, NOT_YET, NOTES, REPRODUCE


def page(report: Report) -> str:
    """Return the page."""
    parts = [HEAD, _machine(report), _columns()]
    for bench, (title, ours, floor) in BENCHES.items():
        figures = [figure for figure in report.figures if figure.bench == bench]
        if figures:
            parts.append(f"## {title}\n\nOurs: {ours}\nFloor: {floor}\n\n{_table(figures)}")
    if report.curves:
        parts.append(grown(report.curves))
    if said := limits(report):
        parts.append(said)
    parts.append(helped())
    if report.skipped:
        parts.append("## Skipped in this run\n\n" + _list(report.skipped))
    parts += [
        f"## Fair settings\n\n{_list(NOTES)}",
        f"## The peers\n\n{_list(f'**{peer}**: {said}' for peer, said in PEERS.items())}",
        f"## Not measured yet\n\n{_list(NOT_YET)}",
        REPRODUCE,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def table(report: Report) -> Table:
    """Return the medians for a terminal."""
    shown = Table(title="Figures next to their floors", title_justify="left")
    names = ("bench", "load", "fsync", "measure", "ours", "floor", "ratio", "lost+repeated")
    for n, name in enumerate(names):
        shown.add_column(name, justify="left" if n < 4 else "right", overflow="fold")
    for bench in BENCHES:
        for figure in report.figures:
            for measure in figure.measures if figure.bench == bench else ():
                floor, ratio = figure.floor_spread(measure), figure.ratio(measure)
                shown.add_row(
                    *(bench, figure.load, figure.fsync, measure),
                    number(figure.spread(measure).median) + UNITS[measure],
                    number(floor.median) + UNITS[measure] if floor else "",
                    number(ratio) if ratio else "",
                    _lost(figure.tally),
                )
                for name, runs in figure.peers.items():
                    spread, over = (
                        spread_of(runs, measure),
                        figure.peer_ratio(name, measure),
                    )
                    shown.add_row(
                        *(bench, f"… beside {name}", figure.fsync, measure, ""),
                        number(spread.median) + UNITS[measure] if spread else "",
                        number(over) if over else "",
                        _lost(total(runs)),
                    )
        shown.add_section()
    for curve in report.curves:
        for line, points in curve.lines.items():
            first, last = points[0], points[-1]
            shown.add_row(
                *(curve.bench, f"{curve.name}: {line}", f"{last.at} / {first.at}"),
                *(f"{CURVES[curve.name].unit}, a tenfold", number(last.cost.median)),
                *(
                    number(first.cost.median),
                    number(curve.growth(line)),
                    _lost(curve.tally),
                ),
            )
    return shown


def _machine(report: Report) -> str:
    m = report.machine
    facts = {
        "Taken": f"{m.taken}, at {m.commit}",
        "Machine": f"{m.processor}, {m.cores} cores, {m.memory_gib:g} GiB, {m.kernel}",
        "Disk": f"{m.file_system}; syncing one 8 KiB page takes {m.fsync_ms:g} ms (median) "
        f"and {m.fsync_p99_ms:g} ms (p99)",
        "Versions": f"Python {m.python}, PostgreSQL {m.postgres}, Kafka {m.kafka}",
        **report.settings,
    }
    return "## The machine\n\n" + grid(
        ["what", "value"], [[name, value] for name, value in facts.items()]
    )


def _columns() -> str:
    rows = [[name, meaning] for name, meaning in COLUMNS.items()]
    return "## How to read the tables\n\n" + grid(["column", "meaning"], rows)


def _table(figures: Sequence[Figure]) -> str:
    return grid(list(COLUMNS), [row for figure in figures for row in _rows(figure)])


def _rows(figure: Figure) -> list[list[str]]:
    rows = []
    for n, measure in enumerate(figure.measures):
        shown = [figure.load, figure.fsync, measure, _spread(figure.ours, measure)]
        shown += [_spread(figure.floor, measure), _ratio(figure.ratio(measure))]
        shown.append(_bars(figure, measure, of_peer=None))
        rows.append(shown + (_once(figure) if n == 0 else ["", ""]))
    for name, runs in figure.peers.items():
        for n, measure in enumerate(m for m in figure.measures if spread_of(runs, m)):
            shown = [f"… beside {name}", figure.fsync, measure, "", _spread(runs, measure)]
            shown.append(_ratio(figure.peer_ratio(name, measure)))
            shown.append(_bars(figure, measure, of_peer=name))
            rows.append(shown + (_once_of(figure, runs) if n == 0 else ["", ""]))
    return rows


def _ratio(ratio: float | None) -> str:
    return number(ratio) if ratio is not None else "–"


def _bars(figure: Figure, measure: str, of_peer: str | None) -> str:
    """Return the bars that belong on this line, and whether each is met."""
    judged = [
        f"{bar}: {'met' if met else 'missed'}"
        for bar, met in figure.judged(measure)
        if (of_peer is None and not bar.of.startswith(PEER)) or bar.of == f"{PEER}{of_peer}"
    ]
    return ", ".join(judged) or "–"


def _once(figure: Figure) -> list[str]:
    """Return what is said of a figure once, however many measures it has."""
    both = [_once_of(figure, runs) for runs in (figure.ours, figure.floor)]
    return [" / ".join(sides) for sides in zip(*both, strict=True)]


def _once_of(figure: Figure, runs: Sequence[Run]) -> list[str]:
    seconds = figure.cpu(runs)
    return [number(seconds) if seconds else "–", _lost(total(runs))]


def _lost(tally: Tally) -> str:
    return f"{tally.lost}+{tally.repeated} of {tally.expected}" if tally.expected else "–"


def _spread(runs: Sequence[Run], measure: str) -> str:
    spread = spread_of(runs, measure)
    if spread is None:
        return "–"
    unit = UNITS[measure]
    return f"{number(spread.median)}{unit} ({number(spread.low)} – {number(spread.high)})"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
