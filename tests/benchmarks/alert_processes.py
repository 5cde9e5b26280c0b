"""The processes around alerts: each asked by a line of JSON, and answering with one."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped] # it publishes no types

from suite.processes import Program

ANSWER_SECONDS = 120.0
LONGEST_LINE = 64 * 1024 * 1024
PATH = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path if folder)


class Child:
    """A program of the benches, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        self._process = process
        self._name = name
        self.pid = process.pid

    async def ask(self, **question: Any) -> Any:
        """Ask, and return the answer."""
        self.tell(**question)
        return await self.answer()

    def tell(self, **said: Any) -> None:
        """Say something that is answered later, or never."""
        if self._process.stdin is None:
            raise AssertionError("its input is a pipe")
        self._process.stdin.write(json.dumps(said).encode() + b"\n")

    async def answer(self, within: float = ANSWER_SECONDS) -> Any:
        """Return its next answer."""
        if self._process.stdout is None:
            raise AssertionError("its output is a pipe")
        said = await asyncio.wait_for(self._process.stdout.readline(), within)
        if not said:
            raise RuntimeError(f"the process {self._name} has ended")
        return json.loads(said)


@asynccontextmanager
async def child(
    module: str, *words: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Child]:
    """Run a module of the benches until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.benchmarks.{module}", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": PATH} | dict(environment or {}),
        cwd=Path(__file__).parents[2],
        limit=LONGEST_LINE,
    )
    try:
        yield Child(process, module)
    finally:
        if process.returncode is None:
            process.kill()  # a frozen one as well
        await process.wait()


def pid_of(program: Program) -> int:
    """Return the process of *program*, found by its words among those that we started."""
    own = psutil.Process().children(recursive=True)
    return int(next(p.pid for p in own if p.cmdline()[1:] == program.words[1:]))


def resident(pid: int) -> float:
    """Return the KiB that a process has in memory."""
    return float(psutil.Process(pid).memory_info().rss) / 1024


async def questions() -> AsyncIterator[Any]:
    """Yield what this process is asked, until nobody is there to ask."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)


def answer(**said: Any) -> None:
    """Answer."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def arrivals_by_key(arrivals: Sequence[Any]) -> dict[str, float]:
    """Return when each alert came first; *arrivals* are keys and times."""
    found: dict[str, float] = {}
    for key, at in arrivals:
        found.setdefault(key, at)
    return found
