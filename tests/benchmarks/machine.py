"""The machine that figures were taken on: nothing is comparable without it."""

import os
import platform
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROBES = 200
BLOCK = 8192


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """What figures depend on."""

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    file_system: str
    fsync_ms: float
    fsync_p99_ms: float
    python: str
    postgres: str
    kafka: str
    taken: str
    commit: str


def describe(postgres: str, kafka: str) -> Machine:
    """Look at this machine."""
    typical, worst = probe(durable_folder())
    return Machine(
        processor=_named("/proc/cpuinfo", "model name")
        or platform.processor()
        or "unknown",
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(_kib("MemTotal") / 1024**2, 1),
        kernel=f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        file_system=_file_system(durable_folder()),
        fsync_ms=round(typical, 3),
        fsync_p99_ms=round(worst, 3),
        python=platform.python_version(),
        postgres=postgres,
        kafka=kafka,
        taken=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        commit=_commit(),
    )


def durable_folder() -> Path:
    """Return a folder for temporary data on a disk: `/tmp` may be memory."""
    kept = Path("/var/tmp")  # noqa: S108 its promise to outlive a restart is the point
    return (
        kept if kept.is_dir() and os.access(kept, os.W_OK) else Path(tempfile.gettempdir())
    )


def probe(folder: Path) -> tuple[float, float]:
    """Return the median and the 99th percentile, in ms, of syncing one page to the disk."""
    sync = getattr(os, "fdatasync", os.fsync)
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(BLOCK * PROBES))
        file.flush()
        os.fsync(file.fileno())
        for n in range(PROBES):
            os.pwrite(file.fileno(), os.urandom(BLOCK), BLOCK * n)
            began = time.perf_counter()
            sync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return median(taken), sorted(taken)[int(PROBES * 0.99) - 1]


def _named(path: str, name: str) -> str:
    with suppress(OSError):
        for line in Path(path).read_text("utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == name:
                return value.strip()
    return ""


def _kib(name: str) -> int:
    return int(_named("/proc/meminfo", name).removesuffix("kB") or 0)


def _file_system(folder: Path) -> str:
    best, found = -1, "unknown"
    with suppress(OSError):
        for line in Path("/proc/mounts").read_text("utf-8").splitlines():
            _, mount, kind, *_ = line.split()
            if folder.resolve().is_relative_to(mount) and len(mount) > best:
                best, found = len(mount), kind
    return found


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    here = Path(__file__).parent

    def ask(*words: str) -> str:
        done = subprocess.run(  # noqa: S603 git, with words of ours
            [git, *words], cwd=here, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = ask("status", "--porcelain", "--untracked-files=no")
    return (ask("rev-parse", "--short=12", "HEAD") or "unknown") + (
        " with local changes" if changed else ""
    )
