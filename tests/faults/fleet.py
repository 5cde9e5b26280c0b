"""The services' processes as a fault handles them, and the watch that brings back what ended."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped] # it publishes no types

from chassis.settings import Settings
from suite.processes import Program
from tests.faults.evidence import Use
from tests.faults.spawning import SECOND, Spawning, all_programs

READY_SECONDS = 60.0
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.05
PAUSE_SECONDS = 0.3  # before what ended is started again

Note = Callable[[str], None]


class NotReadyError(Exception):
    """A process is never ready, or never ended as it should."""


class Fleet:
    """The processes of one lab, by name: "documents", and "documents-2" beside it.

    What ends by itself is started again after a moment, as whoever watches over a deployment
    would; what a fault ends stays away until the fault, or the end of it, starts it.
    """

    def __init__(
        self,
        settings: Settings,
        logs: Path,
        own: Callable[[str], Mapping[str, str]],
        note: Note,
    ) -> None:
        self.spawning = Spawning(settings, logs, all_programs())
        self.programs = self.spawning.programs
        self.names = [name for name in self.programs if not name.endswith(SECOND)]
        self.ends: list[tuple[str, int]] = []
        self.working = [name for name in self.names if name != "notifier-streamer"]
        self._own, self._note, self._logs = own, note, logs
        self._wanted: set[str] = set()
        self._turns = {name: asyncio.Lock() for name in self.programs}
        self._watching: asyncio.Task[None] | None = None

    async def start_all(self) -> None:
        """Start the first instance of each, and watch over them."""
        await asyncio.gather(*(self.start(name) for name in self.names))
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """End all; none is left behind."""
        if self._watching is not None:
            self._watching.cancel()
        for name in filter(self.alive, self.programs):
            self._send(name, signal.SIGCONT)
        await self.spawning.stop()

    async def start(
        self,
        name: str,
        *,
        crash: str = "",
        without: str = "",
        environment: Mapping[str, str] | None = None,
        ready: bool = True,
    ) -> None:
        """Start one; *crash* is a crash point, "point:n", and *without* a guard's name.

        What it is given holds until it ends: the watch starts it again without.
        """
        given = {"SHUNIU_CRASH": crash, "SHUNIU_WITHOUT": without}
        given = {k: v for k, v in given.items() if v} | dict(environment or {})
        async with self._turns[name]:
            if self.alive(name):  # the watch was quicker
                await self.spawning.kill(name)
            await self.spawning.spawn(name, {**self._own(name), **given})
            self._wanted.add(name)
        self._note(
            f"{name} started {' '.join(f'{k}={v}' for k, v in given.items())}".rstrip()
        )
        if ready:
            await self.until_ready(name)

    async def until_ready(self, name: str, within: float = READY_SECONDS) -> None:
        """Wait until it says that it is. Raises `NotReadyError`."""
        until = time.monotonic() + within
        while not await self.is_ready(name):
            if time.monotonic() > until:
                raise NotReadyError(f"{name}: {self.spawning.last_words(name)}")
            await asyncio.sleep(LOOK_SECONDS)

    async def is_ready(self, name: str) -> bool:
        """Ask it whether it is ready, past all links."""
        with contextlib.suppress(httpx.TransportError):
            async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
                answer = await client.get(f"{self.programs[name].http}/readyz")
                return answer.is_success
        return False

    async def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one by a signal, and wait for its end; it stays away."""
        self._wanted.discard(name)
        self._note(f"{name} gets {how.name}")
        async with self._turns[name]:
            self._wanted.discard(name)
            await self.spawning.kill(name, how)

    async def stop(self, name: str) -> int:
        """Let one end in order, by SIGTERM; it stays away. Return its exit code.

        Raises `NotReadyError` where it does not end; it is ended all the same.
        """
        self._wanted.discard(name)
        self._note(f"{name} gets SIGTERM")
        process = self._process(name)
        async with self._turns[name]:
            self._wanted.discard(name)
            self._send(name, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(process.wait, STOP_SECONDS)
            ended = process.poll() is not None
            await self.spawning.kill(name)
        if not ended:
            raise NotReadyError(f"{name} did not end within {STOP_SECONDS:g} s of SIGTERM")
        self._note(f"{name} ended with {process.returncode}")
        return int(process.returncode)

    async def restart(
        self, name: str, how: signal.Signals = signal.SIGKILL, *, crash: str = ""
    ) -> None:
        """End one by a signal, and start it again at once."""
        await self.kill(name, how)
        await self.start(name, crash=crash)

    async def freeze(self, name: str) -> None:
        """Let one stand still, with its connections open."""
        self._note(f"{name} frozen")
        self._send(name, signal.SIGSTOP)

    async def thaw(self, name: str) -> None:
        """Let it go on."""
        self._note(f"{name} thawed")
        self._send(name, signal.SIGCONT)

    async def ended(self, name: str, within: float) -> int:
        """Wait until one has ended by itself, at its crash point; return its exit code.

        The watch starts it again. Raises `NotReadyError` where it goes on living.
        """
        until = time.monotonic() + within
        process = self._process(name)
        while process.poll() is None:
            if time.monotonic() > until:
                raise NotReadyError(f"{name} never came to its crash point")
            await asyncio.sleep(LOOK_SECONDS)
        return int(process.returncode)

    async def command(self, *words: str, crash: str = "", name: str = "documents") -> int:
        """Run one `shuniu` command where *name* runs; return its exit code."""
        given = self.spawning.environment() | {**self._own(name)} | {"SHUNIU_CRASH": crash}
        with (self._logs / "commands.log").open("ab") as log:
            process = await asyncio.to_thread(
                subprocess.Popen,
                [sys.executable, "-m", "tests.faults.process", *words],
                env=given,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return await asyncio.to_thread(process.wait)

    def alive(self, name: str) -> bool:
        """Whether it runs; frozen counts."""
        process = self.spawning.process(name)
        return process is not None and process.poll() is None

    def pid(self, name: str) -> int:
        """Return its number."""
        return self._process(name).pid

    def uses(self) -> dict[str, Use]:
        """Return what each that runs uses."""
        found = {}
        for name in filter(self.alive, self.programs):
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(self.pid(name))
                found[name] = Use(
                    resident=process.memory_info().rss // 1024,
                    descriptors=process.num_fds(),
                )
        return found

    def instances(self, of: str) -> list[Program]:
        """Return what runs of a service, or of a part: "notifier-decider"."""
        return [
            program
            for name, program in self.programs.items()
            if of in (program.service, name.removesuffix(SECOND)) and self.alive(name)
        ]

    async def restored(self) -> None:
        """Be again what was there at the beginning: all first instances, and no others."""
        for name in filter(self.alive, self.programs):
            self._send(name, signal.SIGCONT)
            if name.endswith(SECOND):
                await self.stop(name)
        for name in self.names:
            if not self.alive(name) and name not in self._wanted:
                await self.start(name, ready=False)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for name in [n for n in self._wanted if not self.alive(n)]:
                code = self._process(name).returncode
                said = self.spawning.last_words(name)[:200]
                self._note(f"{name} ended by itself with {code}: {said}")
                self.ends.append((name, code))
                await asyncio.sleep(PAUSE_SECONDS)
                if name in self._wanted and not self.alive(name):
                    await self.start(name, ready=False)

    def _process(self, name: str) -> "subprocess.Popen[bytes]":
        process = self.spawning.process(name)
        if process is None:
            raise NotReadyError(f"{name} was never started")
        return process

    def _send(self, name: str, what: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid(name), what)
