"""The two ways to a store's streams: with whoever comes at the same time, or on one session.

What one command changes on one stream goes the first way. An act on several streams keeps a
session and its transaction for itself, since it may lock a stream before it decides.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import asyncpg

from chassis.store.append import Appended, Decided, Staged, append, append_each
from chassis.store.cause import Cause, Executed, Outcome
from chassis.store.gathering import Gathering
from chassis.store.load import Asked, Fetching, Rows, load_rows


class Access(Protocol):
    """Reads streams and appends to them."""

    @property
    def db(self) -> Fetching:
        """Where other statements of the act go."""
        ...

    async def read(self, asked: Asked) -> Rows:
        """Return what is stored of one stream."""
        ...

    async def append(
        self, staged: Sequence[Staged], cause: Cause, outcome: Outcome
    ) -> Executed:
        """Append all of *staged* or nothing; raises as `chassis.store.append.append` does."""
        ...


class Together:
    """Reads and appends one stream at a time, each call with those that came meanwhile."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", epoch: str) -> None:
        self._pool: Any = pool  # it overloads what we use plainly
        self._epoch = epoch
        self._reads: Gathering[Asked, Rows] = Gathering(self._read_each, id)
        self._appends: Gathering[Decided, Appended] = Gathering(
            self._append_each, lambda decided: decided.staged.stream_id
        )

    @property
    def db(self) -> Fetching:
        """The pool."""
        pool: Fetching = self._pool
        return pool

    async def read(self, asked: Asked) -> Rows:
        """Return what is stored of one stream."""
        return await self._reads.do(asked)

    async def append(
        self, staged: Sequence[Staged], cause: Cause, outcome: Outcome
    ) -> Executed:
        """Append to the one stream of *staged*."""
        (only,) = staged
        answer = await self._appends.do(Decided(only, cause, outcome))
        if isinstance(answer, Exception):
            raise answer
        return answer or await append(self._pool, staged, cause, outcome, self._epoch)

    async def _read_each(self, asked: Sequence[Asked]) -> Sequence[Rows]:
        return await load_rows(self._pool, asked)

    async def _append_each(self, decided: Sequence[Decided]) -> Sequence[Appended]:
        return await append_each(self._pool, decided, self._epoch)


class Alone:
    """Reads and appends in the transaction of one session."""

    def __init__(self, connection: Any, epoch: str) -> None:
        self._connection = connection
        self._epoch = epoch

    @property
    def db(self) -> Fetching:
        """The session."""
        connection: Fetching = self._connection
        return connection

    async def read(self, asked: Asked) -> Rows:
        """Return what is stored of one stream, as the transaction sees it."""
        (rows,) = await load_rows(self._connection, [asked])
        return rows

    async def append(
        self, staged: Sequence[Staged], cause: Cause, outcome: Outcome
    ) -> Executed:
        """Append to all streams of *staged*."""
        return await append(self._connection, staged, cause, outcome, self._epoch)
