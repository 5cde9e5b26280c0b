"""A server process of its own, started and ended: ours, or the bare one that is its floor."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chassis.settings import Settings
from suite.issuer import AUDIENCE, ISSUER, Issuer
from suite.local import SAMPLE
from suite.organisation import load_people

ORGANISATION = SAMPLE / "organisation.yaml"
SERVICE = "documents"
BARE = "bare"  # a database of its own: what the bare handler stores is no document
CLERK = "li.juan"
POOL = 16
READY_SECONDS = 60.0

Mode = Literal["bare", "door", "whole"]


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    pid: int
    port: int
    folder: Path
    database: str


def token(folder: Path, person: str = CLERK) -> str:
    """Return a token: for the clerk who signs for what comes in, or for another person."""
    return Issuer(folder, load_people(ORGANISATION)).token(person)


@asynccontextmanager
async def serving(
    settings: Settings, mode: Mode, name: str = SERVICE
) -> AsyncIterator[Served]:
    """Run a server process of one service until the block ends."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        issuer = Issuer(folder, load_people(ORGANISATION))
        issuer.prepare()
        given = {
            "PROFILE": "production",
            "LOG": "embedded",
            "DATABASE_URL": settings.database_url,
            "OWNER_DATABASE_URL": settings.owner_database_url,
            "OIDC_ISSUER": ISSUER,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS": str(issuer.jwks),
            "ORGANISATION": str(ORGANISATION),
            "POOL_SIZE": str(POOL),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.benchmarks.http_server", mode, name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {f"SHUNIU_{key}": value for key, value in given.items()},
            cwd=Path(__file__).parents[2],
        )
        try:
            if process.stdout is None:
                raise AssertionError("its output is a pipe")
            said = await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)
            if not said:
                raise RuntimeError(f"the server process {mode} did not start")
            port = int(json.loads(said)["port"])
            yield Served(process.pid, port, folder, BARE if mode == "bare" else name)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
