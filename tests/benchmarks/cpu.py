"""CPU seconds, of this process and of others: read from `/proc`, empty where there is none."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

TICKS = os.sysconf("SC_CLK_TCK")
USER, SYSTEM, OF_USER_CHILDREN, OF_SYSTEM_CHILDREN, PARENT = 11, 12, 13, 14, 1


def of_process(pid: int, *, children: bool = False) -> float:
    """Return the CPU seconds of *pid*; with *children*, also of those it has and had."""
    own = _stat(Path(f"/proc/{pid}/stat"))
    if own is None:
        return 0.0
    ticks = own[USER] + own[SYSTEM]
    if children:
        ticks += own[OF_USER_CHILDREN] + own[OF_SYSTEM_CHILDREN]
        for path in Path("/proc").glob("[0-9]*/stat"):
            other = _stat(path)
            if other is not None and other[PARENT] == pid:
                ticks += other[USER] + other[SYSTEM]
    return ticks / TICKS


def _stat(path: Path) -> list[int] | None:
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return None
    # The name, in brackets, may hold anything; the state after it is a letter.
    _, _, rest = text.rpartition(")")
    return [0, *map(int, rest.split()[1:20])]


class Meter:
    """Measures a block: wall seconds, and the CPU seconds of each process named."""

    def __init__(self, processes: Mapping[str, int], postmaster: int, own: str) -> None:
        self._processes = processes
        self._postmaster = postmaster
        self._own = own
        self.cpu: dict[str, float] = {}
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._before = self._look()
        self._began = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.perf_counter() - self._began
        after = self._look()
        self.cpu = {name: round(after[name] - self._before[name], 3) for name in after}

    def _look(self) -> dict[str, float]:
        looked = {name: of_process(pid) for name, pid in self._processes.items()}
        looked["postgres"] = of_process(self._postmaster, children=True)
        looked[self._own] = time.process_time()
        return looked
