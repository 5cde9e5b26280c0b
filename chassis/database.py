"""Connections: one kind of session for the driver and for SQLAlchemy alike.

A session remembers when it was opened, because the feed's proof of what is final
dies with every connection that was there when it was made (see `chassis.feed.tailer`).
"""

import time
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECT_SECONDS = 10
COMMAND_SECONDS = 30

RETRIED = (
    OSError,
    TimeoutError,
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
    asyncpg.TooManyConnectionsError,
)
"""What goes away by trying again: connection errors, time-outs, 40001, 40P01, 55P03."""


class Session(asyncpg.Connection):
    """A connection that knows since when it has lived, in `time.monotonic` seconds."""

    __slots__ = ("born",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.born = time.monotonic()

    def get_reset_query(self) -> str:
        """Return nothing: no session of ours keeps anything, and clearing costs a round trip."""
        return ""


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


async def open_pool(dsn: str, size: int) -> "asyncpg.Pool[asyncpg.Record]":
    """Open a pool of sessions for the append path."""
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        connection_class=Session,
        timeout=CONNECT_SECONDS,
        command_timeout=COMMAND_SECONDS,
        server_settings={"application_name": "shuniu"},
    )


def open_engine(dsn: str, size: int, role: str | None = None) -> AsyncEngine:
    """Open SQLAlchemy's engine over the same sessions, for read models and followers.

    Those beyond *size* are kept as well, the last used first: a session that is opened when it
    is wanted is too young for the feed's proofs, and costs more than what it is wanted for.
    """
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect(dsn, role),
        pool_size=size * 2,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=CONNECT_SECONDS,
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
