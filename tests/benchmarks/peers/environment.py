"""The peers' Python libraries: in an environment of their own, made by `make bench`."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.benchmarks.alert_processes import LONGEST_LINE, Child

ROOT = Path(__file__).parents[3]
HOME = ROOT / ".tools" / "peers-venv"
NOT_HERE = "not installed: `make bench` does it, from requirements-peers.lock"


def peers_are_here() -> bool:
    """Return whether the peers' libraries are installed, all of them."""
    return any(HOME.glob(".installed-*"))


@asynccontextmanager
async def peer(module: str, *words: str) -> AsyncIterator[Child]:
    """Run a module of this folder on the peers' libraries until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(str(HOME / "bin" / "python"), "-m", f"tests.benchmarks.peers.{module}", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        limit=LONGEST_LINE,
    )
    child = Child(process, module)
    try:
        await child.answer()  # that it is ready
        yield child
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
