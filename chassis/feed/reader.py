"""Reading ahead: while a full batch is handled, the one behind it is read and decoded.

It is read as if from a stored checkpoint, and given only to whoever asks for just that: by
then `Step.done` has made sure that no crash lay between the proof and the checkpoint.
Whoever goes back, whatever the reason, is read for anew.
"""

import asyncio
from typing import Any, TypeAlias

from chassis.feed.cursor import Cursor, read
from chassis.feed.tailer import Tailer
from chassis.store import Store, Stored

Batch: TypeAlias = tuple[list[Stored[Any]], Cursor]


class Reader:
    """Reads the batches of one follower."""

    def __init__(self, store: Store, tailer: Tailer, most: int) -> None:
        self._store = store
        self._tailer = tailer
        self._most = most
        self._from: Cursor | None = None
        self._ahead: asyncio.Task[Batch] | None = None

    async def read(self, cursor: Cursor) -> Batch:
        """Return what is final after *cursor*: see `chassis.feed.cursor.read`."""
        if self._from != cursor:
            self.close()
        ahead, self._ahead = self._ahead, None
        batch, after = await (ahead or self._read(cursor))
        if len(batch) == self._most:
            self._from = Cursor(after.positions)
            self._ahead = asyncio.create_task(self._read(self._from))
        return batch, after

    async def _read(self, cursor: Cursor) -> Batch:
        return await read(self._store, self._tailer, cursor, self._most)

    def close(self) -> None:
        """Drop what was read ahead."""
        if self._ahead is not None:
            self._ahead.cancel()
            self._ahead.add_done_callback(_unheard)
            self._ahead = None


def _unheard(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()  # nobody waits for it any more, nor for what became of it
