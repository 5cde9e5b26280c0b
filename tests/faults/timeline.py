"""What happened when, in seconds since the lab began: for whoever reads it afterwards."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.evidence import Spell


class Timeline:
    """Notes with their times, written to a file at once. *heard* is told each as well.

    *spells* are the faults of a run that is made of many.
    """

    def __init__(self, file: Path, heard: Callable[[float, str], None]) -> None:
        self.notes: list[tuple[float, str]] = []
        self.spells: list[Spell] = []
        self._began = time.monotonic()
        self._file, self._heard = file, heard

    @property
    def now(self) -> float:
        """Seconds since the lab began."""
        return time.monotonic() - self._began

    def note(self, what: str) -> None:
        """Write down *what*."""
        at = self.now
        self.notes.append((at, what))
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{at:8.2f}  {what}\n")
        self._heard(at, what)
