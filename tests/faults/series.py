"""Runs one after another on one lab, which is thrown away once a run did not leave it sound."""

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.fault import Fault
from tests.faults.lab import Lab
from tests.faults.results import Run
from tests.faults.run import run

Say = Callable[[str], None]


class Series:
    """Runs faults; use it in an `async with`. What a failing run leaves behind is kept."""

    def __init__(self, folder: Path, say: Say, *, soak_minutes: float = 60.0) -> None:
        self._folder, self._say, self._soak_minutes = folder, say, soak_minutes
        self._lab: Lab | None = None
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Begin without a lab: the first run starts one."""
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """End what was started."""
        await self.close()

    async def close(self) -> None:
        """End what was started."""
        await self._leave(keep=False)

    async def one(self, fault: Fault, seed: int) -> Run:
        """Run *fault* under *seed*."""
        lab = await self._lab_for(fault, seed)

        def say(what: str) -> None:
            self._say(f"{fault.name} seed {seed}  {what}")

        sound = False
        try:
            done = await run(lab, fault, seed, say)
            sound = not done.violations
            kept = "" if sound else str(lab.folder)
            recovered = done.recovered if done.recovered is not None else "-"
            say(done.skipped or f"{'ok' if sound else 'VIOLATED'}; recovered {recovered} s")
            return replace(done, kept=kept)
        finally:
            if not sound or fault.ends_lab:
                await self._leave(keep=not sound)

    async def _lab_for(self, fault: Fault, seed: int) -> Lab:
        if self._lab is not None and self._lab.brokers != fault.brokers:
            await self._leave(keep=False)
        if self._lab is None:
            named = f"lab-{time.strftime('%m%d-%H%M%S', time.gmtime())}-{fault.name}-{seed}"
            self._say(
                f"a lab of {fault.brokers} broker{'s'[: fault.brokers - 1]} is started"
            )
            lab = Lab(self._folder / named, brokers=fault.brokers, seed=seed)
            self._lab = await self._stack.enter_async_context(lab)
            lab.soak_seconds = self._soak_minutes * 60
        return self._lab

    async def _leave(self, *, keep: bool) -> None:
        lab, self._lab = self._lab, None
        await self._stack.aclose()
        self._stack = contextlib.AsyncExitStack()
        if lab is not None and not keep:
            shutil.rmtree(lab.folder, ignore_errors=True)
