"""Where a client remembers how far it has come, so that the next run goes on from there."""

import asyncio
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a mailbox: every alert up to *sequence* has been finished."""

    epoch: str
    sequence: int


class Place(Protocol):
    """Keeps one cursor. A database of one's own will do, with what one does about alerts."""

    async def load(self) -> Cursor | None:
        """Return the cursor that was stored last, or None."""

    async def store(self, cursor: Cursor) -> None:
        """Keep *cursor*: wholly, or not at all."""


class PlaceError(Exception):
    """What is kept is no cursor; the message names it, and says what to do."""


class MemoryPlace:
    """Remembers while the process lives; the server remembers what was acknowledged."""

    def __init__(self, cursor: Cursor | None = None) -> None:
        self.cursor = cursor

    async def load(self) -> Cursor | None:
        """Return the cursor that was stored last, or None."""
        return self.cursor

    async def store(self, cursor: Cursor) -> None:
        """Keep *cursor*."""
        self.cursor = cursor


class FilePlace:
    """Remembers in a file, replaced in one step: it is never half written."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._one_writer = threading.Lock()  # a write outlives the task that began it

    async def load(self) -> Cursor | None:
        """Return the cursor that was stored last, or None. Raises `PlaceError`."""
        return await asyncio.to_thread(self._load)

    async def store(self, cursor: Cursor) -> None:
        """Keep *cursor*: wholly, or not at all."""
        await asyncio.to_thread(self._store, cursor)

    def _load(self) -> Cursor | None:
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            return Cursor(str(kept["epoch"]), int(kept["sequence"]))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as error:
            raise PlaceError(
                f"{self._path} 不是游标文件，删除后将从已确认处继续。"
                f"{self._path} is no cursor: remove it to go on from what was acknowledged."
            ) from error

    def _store(self, cursor: Cursor) -> None:
        with self._one_writer:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
            with beside.open("w", encoding="utf-8") as file:
                json.dump(asdict(cursor), file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
