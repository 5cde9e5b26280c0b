"""The programs of a lab: the suite's processes, each with an environment of its own."""

import copy
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

from suite.processes import Processes, Program, programs

SERVICES = ("documents", "supervision", "notifier", "directory")
SECOND = "-2"
FIRST = ("documents", "supervision", "notifier-decider", "notifier-streamer", "directory")
FACES = (*FIRST, *(name + SECOND for name in FIRST))
"""Who reaches a server by a link of their own: every process, and its second instance."""


class Crashing(Program):
    """A program that knows the crash points of `tests.faults.process`."""

    @property
    def words(self) -> list[str]:
        """The command that runs it."""
        _, _, _, *rest = super().words
        return [sys.executable, "-m", "tests.faults.process", *rest]


def all_programs() -> list[Program]:
    """Return each process and its second instance."""
    both = programs((*SERVICES, *SERVICES))  # each with ports of its own
    first, second = both[: len(FIRST)], both[len(FIRST) :]
    given = [*first, *(replace(p, name=p.name + SECOND) for p in second)]
    return [Crashing(p.name, p.service, p.part, p.http_port, p.grpc_port) for p in given]


class Spawning(Processes):
    """The suite's own processes, each with an environment of its own."""

    async def spawn(self, name: str, own: Mapping[str, str]) -> None:
        """Start one, without waiting until it is ready."""
        one = copy.copy(self)  # what runs is ours all the same
        one._environment = {**self._environment, **own}  # noqa: SLF001 a copy of ourselves
        await one.launch(name)

    def process(self, name: str) -> "subprocess.Popen[bytes] | None":
        """Return the process that was last started under *name*."""
        return self._running.get(name)

    def last_words(self, name: str) -> str:
        """Return the last line of its log."""
        return self._last_words(name)

    def environment(self) -> dict[str, str]:
        """Return what all are given."""
        return dict(self._environment)
