"""Folders for servers, and the end of those that a run which was killed left behind."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it publishes no types

PREFIX = "fault-"


def own_folder(kind: str) -> Path:
    """Return a new folder, named after the process that answers for it."""
    _sweep()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-{os.getpid()}-"))


def _sweep() -> None:
    """Remove the folders of processes that are no more, unless something still runs on them."""
    found = Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*-*")
    left = [folder for folder in found if not psutil.pid_exists(_owner(folder))]
    if not left:
        return
    running = [" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])]
    for folder in left:
        if not any(str(folder) in words for words in running):
            for disk in folder.iterdir():
                if disk.is_mount():
                    umount = ["umount", "--lazy", str(disk)]
                    subprocess.run(umount, check=False, capture_output=True)  # noqa: S603 words of ours
            shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> int:
    """Return the number in its name; one that is always there where it has none."""
    number = folder.name.split("-")[2]
    return int(number) if number.isdigit() else os.getpid()
