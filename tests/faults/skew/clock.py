"""One process's wall clock, moved while it runs: a library laid before the system's own.

What the processes of one machine share is not moved, and neither is any other process.
"""

import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.faults.servers.disk import NotHereError

SOURCE = Path(__file__).with_name("clock.c")


class MovedClock:
    """A clock that `move` sets off. *environment* is for the process that shall have it."""

    def __init__(self, folder: Path) -> None:
        self._file, library = folder / "moved", folder / "clock.so"
        if not library.exists():
            _compile(library)
        self.move(0)
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library.absolute()),
            "SHUNIU_MOVED_CLOCK": str(self._file.absolute()),
        }

    def move(self, seconds: int) -> None:
        """Let the clock be so far from the true time, from this moment on."""
        mode = "r+b" if self._file.exists() else "wb"
        with self._file.open(mode) as file:
            file.write(struct.pack("=q", seconds))


def _compile(library: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NotHereError("a clock is moved by a library in C: no compiler is here")
    library.parent.mkdir(parents=True, exist_ok=True)
    words = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 words of ours
    if done.returncode != 0:
        raise NotHereError(
            f"the library that moves a clock does not compile: {done.stderr}"
        )
