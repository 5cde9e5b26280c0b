"""What came of runs: written after each, so that what was interrupted goes on where it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from tests.benchmarks.machine import Machine
from tests.faults.fault import Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What one checker said of a run."""

    counted: dict[str, int]
    violations: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What a process used at one time: resident KiB, open descriptors."""

    at: float
    process: str
    resident: int
    descriptors: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of one fault under one seed.

    *ok*, *refused* and *unknown* count commands by what was known of them in the end; *unsure*
    counts attempts that nobody answered for certain. *skipped* says why it was not done here.
    """

    fault: str
    told: str
    tier: str
    seed: int
    began: str
    seconds: float
    ok: int = 0
    refused: int = 0
    unknown: int = 0
    unsure: int = 0
    recovered: float | None = None
    verdicts: dict[str, Judged] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    skipped: str = ""
    kept: str = ""

    @property
    def violations(self) -> list[str]:
        """Every violation, with its invariant."""
        return [
            f"{invariant}: {said}"
            for invariant, judged in sorted(
                self.verdicts.items(), key=lambda v: order(v[0])
            )
            for said in judged.violations
        ]

    @property
    def again(self) -> str:
        """The command that runs it again."""
        return f'make faults ARGS="--only {self.fault} --seed {self.seed} --fresh"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What `docs/FAULTS.md` is generated from."""

    machine: Machine
    fsync: str
    runs: list[Run]


RUN: TypeAdapter[Run] = TypeAdapter(Run)
REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def order(name: str) -> tuple[int, str]:
    """Return what sorts F2 before F10, and I2 before I10."""
    number = "".join(c for c in name.partition(".")[0] if c.isdigit())
    return int(number or 0), name


class Results:
    """Runs in a file, one a line."""

    def __init__(self, file: Path, *, fresh: bool) -> None:
        self._file = file
        self.runs: list[Run] = []
        file.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            file.unlink(missing_ok=True)
        elif file.exists():
            lines = file.read_text("utf-8").splitlines()
            self.runs = [RUN.validate_json(line) for line in lines if line]

    def add(self, run: Run) -> None:
        """Write down *run*."""
        self.runs.append(run)
        with self._file.open("ab") as file:
            file.write(RUN.dump_json(run) + b"\n")

    def had(self, fault: Fault, seed: int) -> bool:
        """Whether this was run before, and nothing was wrong."""
        return any(
            run.fault == fault.name and run.seed == seed and not run.violations
            for run in self.runs
        )


def merged(before: Sequence[Run], now: Sequence[Run]) -> list[Run]:
    """Return *before* with every fault that is in *now* replaced by what is there."""
    new = {run.fault for run in now}
    return sorted(
        [*(run for run in before if run.fault not in new), *now],
        key=lambda run: (order(run.fault), run.seed),
    )
