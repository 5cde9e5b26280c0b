"""Signals to a process and to all that it started."""

import contextlib
import signal
import time
from collections.abc import Iterable

import psutil  # type: ignore[import-untyped] # it publishes no types

GONE_SECONDS = 10.0


class StillThereError(Exception):
    """A process outlived SIGKILL."""


def freeze(parent: int) -> None:
    """SIGSTOP to all: to the parent first, so that nobody is born meanwhile."""
    _send(signal.SIGSTOP, members(parent))


def thaw(parent: int) -> None:
    """SIGCONT to all: to the parent last."""
    _send(signal.SIGCONT, reversed(members(parent)))


def kill(parent: int, known: Iterable[psutil.Process] = ()) -> list[psutil.Process]:
    """SIGKILL to all, at once as far as anybody can tell; return who they were.

    Those that are *known* already stand still before anybody looks for others.
    """
    _send(signal.SIGSTOP, known or members(parent))
    family = members(parent)
    _send(signal.SIGKILL, family)
    return family


def await_gone(family: Iterable[psutil.Process]) -> None:
    """Wait until none of them runs. Raises `StillThereError`."""
    until = time.monotonic() + GONE_SECONDS
    for process in family:
        while _runs(process):
            if time.monotonic() > until:
                raise StillThereError(process.pid)
            time.sleep(0.005)


def members(parent: int) -> list[psutil.Process]:
    """Return them all, the parent first; to look takes a moment."""
    try:
        process = psutil.Process(parent)
        with contextlib.suppress(psutil.NoSuchProcess):
            return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    return [process]


def _send(what: signal.Signals, family: Iterable[psutil.Process]) -> None:
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(what)


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
