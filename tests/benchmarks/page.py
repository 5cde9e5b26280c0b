"""`docs/PERFORMANCE.md`, generated from a report, and the same as a table for a terminal."""

from collections.abc import Sequence

from rich.table import Table

from tests.benchmarks.figures import UNITS, Figure, Report, Run, Tally, number, total
from tests.benchmarks.wording import BENCHES, COLUMNS, HEAD, NOT_YET, NOTES, REPRODUCE


def page(report: Report) -> str:
    """Return the page."""
    parts = [HEAD, _machine(report), _columns()]
    for bench, (title, ours, floor) in BENCHES.items():
        figures = [figure for figure in report.figures if figure.bench == bench]
        if figures:
            parts.append(f"## {title}\n\nOurs: {ours}\nFloor: {floor}\n\n{_table(figures)}")
    if report.skipped:
        parts.append("## Skipped in this run\n\n" + _list(report.skipped))
    parts += [
        f"## Fair settings\n\n{_list(NOTES)}",
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
        shown.add_section()
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
    return "## The machine\n\n" + _grid(
        ["what", "value"], [[name, value] for name, value in facts.items()]
    )


def _columns() -> str:
    rows = [[name, meaning] for name, meaning in COLUMNS.items()]
    return "## How to read the tables\n\n" + _grid(["column", "meaning"], rows)


def _table(figures: Sequence[Figure]) -> str:
    return _grid(list(COLUMNS), [row for figure in figures for row in _rows(figure)])


def _rows(figure: Figure) -> list[list[str]]:
    rows = []
    for n, measure in enumerate(figure.measures):
        ratio = figure.ratio(measure)
        judged = figure.judged(measure)
        row = [
            figure.load,
            figure.fsync,
            measure,
            _spread(figure.ours, measure),
            _spread(figure.floor, measure),
            number(ratio) if ratio is not None else "–",
            ", ".join(f"{bar}: {'met' if met else 'missed'}" for bar, met in judged) or "–",
        ]
        rows.append(row + (_once(figure) if n == 0 else ["", ""]))
    return rows


def _once(figure: Figure) -> list[str]:
    """Return what is said of a figure once, however many measures it has."""
    spent = [figure.cpu(runs) for runs in (figure.ours, figure.floor)]
    cpu = " / ".join(number(seconds) if seconds else "–" for seconds in spent)
    return [cpu, " / ".join(_lost(total(runs)) for runs in (figure.ours, figure.floor))]


def _lost(tally: Tally) -> str:
    return f"{tally.lost}+{tally.repeated} of {tally.expected}" if tally.expected else "–"


def _spread(runs: Sequence[Run], measure: str) -> str:
    if not any(measure in run.measures for run in runs):
        return "–"
    spread = Figure(bench="", load="", fsync="", ours=runs).spread(measure)
    unit = UNITS[measure]
    return f"{number(spread.median)}{unit} ({number(spread.low)} – {number(spread.high)})"


def _grid(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
