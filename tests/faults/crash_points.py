"""Where a process can be made to die: named points in what it does, outside of its code.

Each is planted around a named function. A point whose function is gone, or is another kind
of function, raises `LookupError`: a crash that never comes would prove nothing.
"""

import importlib
import inspect
import os
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeAlias

KILLED = 137  # as after SIGKILL
APPENDS = "store.append_"  # the functions that append, in a statement

Work: TypeAlias = Callable[..., Awaitable[Any]]
Around: TypeAlias = Callable[[Work], Work]


class NoSuchPointError(LookupError):
    """There is no such point, or it is not where it was."""


class Fuse:
    """Burns down by one at each passing; at the last the process is gone."""

    def __init__(self, passings: int) -> None:
        self._left = passings

    def pass_by(self) -> None:
        """Pass, or die: nothing is flushed, closed or said."""
        self._left -= 1
        if self._left == 0:
            os._exit(KILLED)


def plant(asked: str) -> None:
    """Plant "point:n". Raises `NoSuchPointError`."""
    name, _, passings = asked.partition(":")
    if name not in POINTS or not passings.isdigit() or int(passings) < 1:
        raise NoSuchPointError(f"no crash point {asked!r}; known are: {', '.join(POINTS)}")
    POINTS[name](Fuse(int(passings)))


def _after_append_before_commit(fuse: Fuse) -> None:
    """Give every append an open transaction, and die in the last one's."""
    _, statements = _found("chassis.store", "append")
    if not any(APPENDS in str(value) for value in vars(statements).values()):
        raise NoSuchPointError(f"nothing in chassis.store.append calls {APPENDS}…")

    def around(fetch: Work) -> Work:
        async def fetching(session: Any, query: str, *given: Any, **more: Any) -> Any:
            if APPENDS not in query:
                return await fetch(session, query, *given, **more)
            async with session.transaction():  # within another one it is a savepoint
                done = await fetch(session, query, *given, **more)
                fuse.pass_by()
            return done

        return fetching

    _wrap("chassis.database", "Session", "fetch", around=around)
    _wrap("chassis.database", "Session", "fetchrow", around=around)


def _after_commit_before_reply(fuse: Fuse) -> None:
    """Die with a command stored: whoever asked for it never hears."""
    _wrap("chassis.store.store", "Store", "_attempts", around=_then(fuse))


def _after_kafka_ack_before_checkpoint(fuse: Fuse) -> None:
    """Die with events published that are not known to be."""
    _wrap("chassis.relay", "Relay", "_publish", around=_then(fuse))


def _after_handlers_before_commit(fuse: Fuse) -> None:
    """Die with handlers done: the offset has not moved, nor the inbox taken it."""
    _in_rows(fuse, "chassis.consumer.applying")


def _mid_projection_batch(fuse: Fuse) -> None:
    """Die with rows written: the checkpoint, in the same transaction, is not."""
    _in_rows(fuse, "chassis.projection")


def _mid_migration(fuse: Fuse) -> None:
    """Die with a database's migration run, and not committed."""
    owner, run = _found("chassis.migrate", "_run")

    @wraps(run)
    def running(*given: Any) -> Any:
        done = run(*given)
        fuse.pass_by()
        return done

    setattr(owner, "_run", running)  # noqa: B010 a name that only we know


POINTS: dict[str, Callable[[Fuse], None]] = {
    "after_append_before_commit": _after_append_before_commit,
    "after_commit_before_reply": _after_commit_before_reply,
    "after_kafka_ack_before_checkpoint": _after_kafka_ack_before_checkpoint,
    "after_handlers_before_commit": _after_handlers_before_commit,
    "mid_projection_batch": _mid_projection_batch,
    "mid_migration": _mid_migration,
}


def _in_rows(fuse: Fuse, module: str) -> None:
    """Die where *module* has just written the rows of a batch."""
    owner, rows = _found(module, "Rows")
    _found(module, "Rows", "written")

    class Dying(rows):  # type: ignore[misc,valid-type] # whatever class is there
        async def written(self) -> Any:
            done = await super().written()
            fuse.pass_by()
            return done

    setattr(owner, "Rows", Dying)  # noqa: B010 the same


def _then(fuse: Fuse) -> Around:
    """Die when the work is done."""

    def around(work: Work) -> Work:
        @wraps(work)
        async def working(*given: Any, **more: Any) -> Any:
            done = await work(*given, **more)
            fuse.pass_by()
            return done

        return working

    return around


def _wrap(module: str, *path: str, around: Around) -> None:
    owner, work = _found(module, *path)
    if not inspect.iscoroutinefunction(work):
        raise NoSuchPointError(f"{module}.{'.'.join(path)} is no coroutine function")
    setattr(owner, path[-1], wraps(work)(around(work)))


def _found(module: str, *path: str) -> tuple[Any, Any]:
    """Return what is at *path*, and what it belongs to. Raises `NoSuchPointError`."""
    owner: Any = None
    found: Any = importlib.import_module(module)
    for name in path:
        owner, found = found, getattr(found, name, None)
        if found is None:
            raise NoSuchPointError(f"{module}.{'.'.join(path)} is gone")
    return owner, found
