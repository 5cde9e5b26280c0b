"""The services as processes of their own on this machine: started, watched, killed, stopped.

Each is `shuniu serve …` with its settings in its environment. Its standard input is a pipe
that we hold: when we die, however that happens, it ends, and so it stops.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import httpx

from chassis.settings import Settings
from suite.hosting import PARTS, SERVICES

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)  # below those that the system lends to outgoing connections
READY_SECONDS = 90.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05


class ProcessError(Exception):
    """A service's process did not start; the message says what it said. One line."""


@dataclass(frozen=True, slots=True)
class Program:
    """What one process runs, and where it listens."""

    name: str
    service: str
    part: str | None
    http_port: int
    grpc_port: int

    @property
    def http(self) -> str:
        """The base address of its HTTP."""
        return f"http://{HOST}:{self.http_port}"

    @property
    def words(self) -> list[str]:
        """The command that runs it."""
        part = ["--part", self.part] if self.part else []
        return [sys.executable, "-m", "suite", "serve", self.service, *part, "--bound"]


def programs(services: Sequence[str] = tuple(SERVICES)) -> list[Program]:
    """Return the processes that *services* are run as, each with ports of its own."""
    named = [(s, part) for s in services for part in PARTS.get(s, {None: None})]
    ports = free_ports(2 * len(named))
    return [
        Program(f"{s}-{part}" if part else s, s, part, ports.pop(), ports.pop())
        for s, part in named
    ]


class Processes:
    """The processes of one suite."""

    def __init__(
        self, settings: Settings, logs: Path, given: Sequence[Program] | None = None
    ) -> None:
        self.programs = {p.name: p for p in given or programs()}
        self._environment = _environment(settings)
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def addresses(self) -> dict[str, str]:
        """Where each service serves HTTP."""
        return {p.service: p.http for p in self.programs.values() if _works(p)}

    @property
    def grpc(self) -> str:
        """Where alerts are served."""
        ports = [p.grpc_port for p in self.programs.values() if _calls(p)]
        return f"{HOST}:{ports[0]}"

    async def start(self) -> None:
        """Start all at once; return when each is ready. Raises `ProcessError`."""
        await asyncio.gather(*map(self.launch, self.programs))
        await asyncio.gather(*map(self.ready, self.programs))

    async def launch(self, name: str) -> None:
        """Start one, without waiting until it is ready."""
        program, before = self.programs[name], self._running.get(name)
        if before is not None and before.poll() is not None:
            _ended(before)  # by itself: its pipe is still ours
        self._logs.mkdir(parents=True, exist_ok=True)
        ports = {"HTTP": program.http_port, "GRPC": program.grpc_port}
        given = {f"SHUNIU_{what}_PORT": str(port) for what, port in ports.items()}
        with self._log(name).open("ab") as log:
            # Not the event loop's way: it forks, which gRPC's threads do not survive.
            self._running[name] = await asyncio.to_thread(
                subprocess.Popen,
                program.words,
                env=self._environment | given,
                cwd=self._logs,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def ready(self, name: str) -> None:
        """Wait until one is ready. Raises `ProcessError`."""
        until = time.monotonic() + READY_SECONDS
        async with httpx.AsyncClient(timeout=5.0) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await client.get(f"{self.programs[name].http}/readyz")
                    if answer.is_success:
                        return
                if (code := self._running[name].poll()) is not None:
                    raise ProcessError(
                        f"{name} ended with {code}: {self._last_words(name)}"
                    )
                if time.monotonic() > until:
                    raise ProcessError(f"{name} is never ready: {self._last_words(name)}")
                await asyncio.sleep(POLL_SECONDS)

    async def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one by a signal, and wait for its end."""
        process = self._running[name]
        _signal(process, how)
        await asyncio.to_thread(_ended, process)

    async def restart(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one by a signal, and start it again. Raises `ProcessError`.

        As whoever watches over a deployment would, start it once more where it ends before it
        is ready: what it needs may be away as well.
        """
        until = time.monotonic() + READY_SECONDS
        while True:
            await self.kill(name, how)  # also what ended by itself, or never got ready
            await self.launch(name)
            try:
                return await self.ready(name)
            except ProcessError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(POLL_SECONDS)

    async def stop(self) -> None:
        """End all, in order where they can; none is left behind."""
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        try:
            while any(p.poll() is None for p in self._running.values()):
                if time.monotonic() > until:
                    break
                await asyncio.sleep(POLL_SECONDS)
        finally:
            for process in self._running.values():
                _signal(process, signal.SIGKILL)
                _ended(process)

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _last_words(self, name: str) -> str:
        lines = self._log(name).read_text("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        return f"{last.removeprefix('shuniu: ')} (all of it in {self._log(name)})"


@contextlib.asynccontextmanager
async def running(settings: Settings, logs: Path) -> AsyncIterator[Processes]:
    """Run every service until the block ends. Raises `ProcessError`."""
    processes = Processes(settings, logs)
    try:
        await processes.start()
        yield processes
    finally:
        await processes.stop()


def _signal(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)  # a session of its own: its group is its number


def _ended(process: "subprocess.Popen[bytes]") -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _works(program: Program) -> bool:
    return not program.part or PARTS[program.service][program.part].works


def _calls(program: Program) -> bool:
    if program.part:
        return PARTS[program.service][program.part].calls
    return False


def _environment(settings: Settings) -> dict[str, str]:
    """Return an environment that says what *settings* do, and nothing of our own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SHUNIU_")}
    said = {
        f"SHUNIU_{name.upper()}": _written(value)
        for name, value in settings
        if value is not None
    }
    path = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path if folder)
    return kept | said | {"PYTHONPATH": path}


def _written(value: Any) -> str:
    match value:
        case Path():
            return str(value.absolute())
        case list() | Mapping():
            return json.dumps(value)
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def free_ports(count: int, among: range = PORTS) -> list[int]:
    """Return ports that nobody listens on just now. Raises `ProcessError`."""
    found: list[int] = []
    for port in random.sample(among, len(among)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            found.append(port)
        if len(found) == count:
            return found
    raise ProcessError(f"there are no {count} free ports from {among[0]} to {among[-1]}")
