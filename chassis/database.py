"""Connections: one kind of session for the driver and for SQLAlchemy alike.

A session remembers when it was opened, because the feed's proof of what is final
dies with every connection that was there when it was made (see `chassis.feed.tailer`).
"""

import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy.exc import TimeoutError as NoSessionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECT_SECONDS = 10
COMMAND_SECONDS = 30
WAIT_SECONDS = 2  # for a session while others have them all
RELEASE_SECONDS = 0.5  # for one whose statement was given up
IDLE_SECONDS = 300.0  # the driver's own defaults, which a pool of our own must name
KEPT_FOR = 50_000

RETRIED = (
    OSError,
    TimeoutError,
    NoSessionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # asked between the server's goodbye and its hanging up
    asyncpg.PostgresConnectionError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InsufficientResourcesError,  # no disk, no memory, no connection is left
    asyncpg.ReadOnlySQLTransactionError,  # a standby that is to be promoted
)
"""What goes away by trying again: connection errors, time-outs, 40001, 40P01, 55P03."""


Opened: TypeAlias = Callable[[Any], Coroutine[Any, Any, None]]
"""What is done with a new session before anybody has it."""


class Session(asyncpg.Connection):
    """A connection that knows since when it has lived, in `time.monotonic` seconds."""

    __slots__ = ("born",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.born = time.monotonic()

    def get_reset_query(self) -> str:
        """Return nothing: no session of ours keeps anything, and clearing costs a round trip."""
        return ""


class Sessions(asyncpg.Pool):
    """A pool in which nobody waits long for a session, nor for one to be given back."""

    def acquire(self, *, timeout: float | None = None) -> Any:
        """Lend a session. Raises `TimeoutError` where others keep them all."""
        return super().acquire(timeout=timeout or WAIT_SECONDS)

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 as the driver has it
        """Take a session back; one that does not come to rest at once is ended."""
        await super().release(connection, timeout=timeout or RELEASE_SECONDS)


async def connect(dsn: str, role: str | None = None) -> Session:
    """Open one session; with *role* it acts as that role, under its own login's time-outs."""
    session: Session = await asyncpg.connect(
        dsn,
        connection_class=Session,
        timeout=CONNECT_SECONDS,
        command_timeout=COMMAND_SECONDS,
        server_settings={"application_name": "shuniu"} | ({"role": role} if role else {}),
    )
    return session


async def open_pool(
    dsn: str, size: int, opened: Opened | None = None
) -> "asyncpg.Pool[asyncpg.Record]":
    """Open a pool of sessions for the append path; *opened* may refuse a new one."""
    pool: asyncpg.Pool[asyncpg.Record] = Sessions(
        dsn,
        min_size=1,
        max_size=size,
        max_queries=KEPT_FOR,
        max_inactive_connection_lifetime=IDLE_SECONDS,
        loop=None,
        init=opened,
        connection_class=Session,
        record_class=asyncpg.Record,
        timeout=CONNECT_SECONDS,
        command_timeout=COMMAND_SECONDS,
        server_settings={"application_name": "shuniu"},
    )
    return await pool


def open_engine(
    dsn: str, size: int, role: str | None = None, opened: Opened | None = None
) -> AsyncEngine:
    """Open SQLAlchemy's engine over such sessions, for read models and followers.

    Those beyond *size* are kept as well, the last used first: a session that is opened when it
    is wanted is too young for the feed's proofs, and costs more than what it is wanted for.
    """

    async def create() -> Session:
        session = await connect(dsn, role)
        if opened is not None:
            try:
                await opened(session)
            except BaseException:
                session.terminate()
                raise
        return session

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=create,
        pool_size=size * 2,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # they are the text of documents
    )


def retryable(error: BaseException) -> bool:
    """Say whether *error*, or what it wraps, goes away by trying again."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RETRIED):
            # What the driver cannot even send is the value's fault, and stays so.
            return not isinstance(cause, ValueError)
        cause = getattr(cause, "orig", None) or cause.__cause__
    return False
