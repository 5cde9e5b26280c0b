"""`docs/FAULTS.md`, from what the last whole run left in `docs/faults/latest.json`."""

import asyncio
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import median

import asyncpg
import yaml
from pydantic import TypeAdapter

from tests.benchmarks.machine import describe
from tests.faults.results import REPORT, Report, Run, merged, order
from tests.faults.servers.postgres import Postgres
from tests.faults.soak_picture import drawn
from tests.faults.wording import (
    COLUMNS,
    COURSE,
    HEAD,
    INVARIANTS,
    NOT_COVERED,
    REPRODUCE,
)
from tests.support.kafka_jars import KAFKA_VERSION

DOCS = Path(__file__).parents[2] / "docs"
JSON, PAGE = DOCS / "faults" / "latest.json", DOCS / "FAULTS.md"
FOUND = DOCS / "faults" / "found.yaml"
SOAK = "F28"
FSYNC = "off: what dies here is a process, never the machine"
KINDS: Mapping[str, re.Pattern[str]] = {
    "lost": re.compile(r"\blost\b|missing"),
    "phantom": re.compile(r"phantom"),
    "twice": re.compile(r"\btimes\b|repeated|twice"),
    "reordered": re.compile(r"reordered|overtaken|lies before"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A bug that these tests found: what it was, how to see it, what was done about it."""

    what: str
    fault: str
    seed: int
    again: str
    fixed: str


def read() -> Report:
    """Return the report that the page is generated from."""
    return REPORT.validate_json(JSON.read_bytes())


def found() -> list[Found]:
    """Return the bugs that were found, as they are listed by hand."""
    listed = yaml.safe_load(FOUND.read_text("utf-8")) if FOUND.exists() else []
    return TypeAdapter(list[Found]).validate_python(listed or [])


def write(runs: Sequence[Run], *, part: bool) -> None:
    """Write the report and its page; a *part* goes beside what was there of other faults."""
    before = read().runs if part and JSON.exists() else []
    machine = describe(_postgres_version(), KAFKA_VERSION)
    told = [replace(run, kept="") for run in runs]  # a folder of this machine alone
    report = Report(machine=machine, fsync=FSYNC, runs=merged(before, told))
    JSON.parent.mkdir(parents=True, exist_ok=True)
    JSON.write_bytes(REPORT.dump_json(report, indent=1) + b"\n")
    PAGE.write_text(page(report, found()), "utf-8")
    for name, picture in pictures(report).items():
        (JSON.parent / name).write_text(picture, "utf-8")


def pictures(report: Report) -> Mapping[str, str]:
    """Return the pictures that the page of *report* shows, by their names."""
    return {_picture(run): drawn(run.samples) for run in _soaks(report.runs)}


def page(report: Report, bugs: Sequence[Found]) -> str:
    """Return the page of *report*."""
    done = [run for run in report.runs if not run.skipped]
    parts = [
        HEAD,
        _machine(report),
        COURSE,
        "## Results\n\n" + _grid(list(_columns()), _rows(done)),
        "### How to read it\n\n" + _grid(["column", "meaning"], COLUMNS.items()),
        "## Invariants\n\n" + _invariants(done),
        *_violated(done),
        *_soaked(done),
        "## What these tests found\n\n" + _bugs(bugs),
        *_skipped(report.runs),
        "## Not covered\n\n" + "\n".join(f"- {line}" for line in NOT_COVERED),
        REPRODUCE,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _machine(report: Report) -> str:
    m, began = report.machine, [run.began for run in report.runs]
    facts = {
        "Runs": f"{min(began)} to {max(began)}" if began else "none",
        "Page": f"{m.taken}, at {m.commit}",
        "Machine": f"{m.processor}, {m.cores} cores, {m.memory_gib:g} GiB, {m.kernel}",
        "Disk": f"{m.file_system}; syncing one 8 KiB page takes {m.fsync_ms:g} ms (median) "
        f"and {m.fsync_p99_ms:g} ms (p99)",
        "fsync": report.fsync,
        "Versions": f"Python {m.python}, PostgreSQL {m.postgres}, Kafka {m.kafka}",
    }
    return "## The machine\n\n" + _grid(["what", "value"], facts.items())


def _columns() -> Iterable[str]:
    yield from ("fault", "what is done", "runs (seeds)", "ok", "refused", "unknown")
    yield from ("unsure", *KINDS, "recovery s", "verdict")


def _rows(runs: Sequence[Run]) -> Iterable[Sequence[str]]:
    for name, group in groupby(runs, key=lambda run: run.fault):
        its = list(group)
        violations = [said for run in its for said in run.violations]
        yield [
            name,
            its[0].told,
            f"{len(its)} ({_seeds(its)})",
            *(str(sum(getattr(r, n) for r in its)) for n in ("ok", "refused", "unknown")),
            str(sum(run.unsure for run in its)),
            *(str(sum(map(bool, map(kind.search, violations)))) for kind in KINDS.values()),
            _recovery([run.recovered for run in its if run.recovered is not None]),
            _verdict(its),
        ]


def _seeds(runs: Sequence[Run]) -> str:
    seeds = sorted(run.seed for run in runs)
    whole = seeds == list(range(seeds[0], seeds[-1] + 1))
    if whole and len(seeds) > 1:
        return f"{seeds[0]}–{seeds[-1]}"
    return ", ".join(map(str, seeds))


def _recovery(seconds: Sequence[float]) -> str:
    if not seconds:
        return "never"
    ninety_fifth = sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]
    return f"{median(seconds):.1f} / {ninety_fifth:.1f} / {max(seconds):.1f}"


def _verdict(runs: Sequence[Run]) -> str:
    checked = sorted({name for run in runs for name in run.verdicts}, key=order)
    wrong = {n for r in runs for n, judged in r.verdicts.items() if judged.violations}
    if wrong:
        return "**violated: " + " ".join(sorted(wrong, key=order)) + "**"
    return "holds: " + " ".join(checked)


def _invariants(runs: Sequence[Run]) -> str:
    rows = []
    for name, says in INVARIANTS.items():
        judged = [run.verdicts[name] for run in runs if name in run.verdicts]
        wrong = sum(bool(each.violations) for each in judged)
        rows.append([name, says, str(len(judged)), str(wrong)])
    return _grid(
        ["invariant", "what it says", "runs checked", "runs that violate it"], rows
    )


def _violated(runs: Sequence[Run]) -> Iterable[str]:
    wrong = [run for run in runs if run.violations]
    if wrong:
        lines = [
            f"- {run.fault}, seed {run.seed}: {run.violations[0]} ({len(run.violations)} in all; `{run.again}`)"
            for run in wrong
        ]
        yield "## Violations\n\n" + "\n".join(lines)


def _soaks(runs: Sequence[Run]) -> Sequence[Run]:
    return [run for run in runs if run.samples and run.fault.startswith(SOAK)]


def _picture(run: Run) -> str:
    return f"soak-{run.seed}.svg"


def _soaked(runs: Sequence[Run]) -> Iterable[str]:
    for run in _soaks(runs):
        rows = []
        for name in sorted({sample.process for sample in run.samples}):
            its = [sample for sample in run.samples if sample.process == name]
            memory = [sample.resident // 1024 for sample in its]
            files = [sample.descriptors for sample in its]
            first, last = f"{memory[0]} / {files[0]}", f"{memory[-1]} / {files[-1]}"
            rows.append([name, str(len(its)), first, f"{max(memory)} / {max(files)}", last])
        columns = ["process", "samples", "first", "most", "last"]
        yield (
            f"## {run.seconds / 60:.0f} minutes of mixed load with random faults, seed {run.seed}\n\n"
            f"![soak](faults/{_picture(run)})\n\n"
            "Memory in MiB / open descriptors, looked at every ten seconds. The picture leaves out "
            "second instances, which come and go.\n\n" + _grid(columns, rows)
        )


def _bugs(bugs: Sequence[Found]) -> str:
    if not bugs:
        return "Nothing yet."
    rows = [[b.what, f"{b.fault}, seed {b.seed}", f"`{b.again}`", b.fixed] for b in bugs]
    return _grid(["what", "found by", "seen again by", "what was done"], rows)


def _skipped(runs: Sequence[Run]) -> Iterable[str]:
    lines = [f"- {run.fault}: {run.skipped}" for run in runs if run.skipped]
    if lines:
        yield "## Skipped in this run\n\n" + "\n".join(lines)


def _grid(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _postgres_version() -> str:
    async def ask(dsn: str) -> str:
        connection = await asyncpg.connect(dsn)
        try:
            return str(await connection.fetchval("show server_version"))
        finally:
            await connection.close()

    with Postgres() as server:
        return asyncio.run(ask(server.dsn("postgres")))
