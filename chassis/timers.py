"""Timers: armed and disarmed by events, fired when business time has come.

They are rows derived from the feed, so they survive restarts and are rebuilt with it.
Whoever holds the follower's lease fires, and only when it has caught up with the feed: a
lagging one would fire for items that are closed already. Firing twice is harmless, since
the command's id derives from the event that armed the timer.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import text

from chassis.clock import Clock
from chassis.database import retryable
from chassis.domain import RefusedError
from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.store import Cause, ForgottenCommandError, Stored
from chassis.store.cause import derived_id

ACTOR = "system:timer"
FIRED_AT_ONCE = 100
LATENESS_SECONDS = 0.2

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """Set the timer *name* (of a ladder: at *rung*) of the event's item to *due_at*."""

    name: str
    due_at: datetime
    rung: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Disarm:
    """Take back a timer of the event's item: one rung, or with None all of that name."""

    name: str
    rung: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DisarmAll:
    """Take back every timer of the event's item."""


Setting: TypeAlias = Arm | Disarm | DisarmAll
Arming = Callable[[Any], Sequence[Setting]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fired:
    """A timer whose time has come, with the cause for the command it leads to."""

    item_id: UUID
    name: str
    rung: str
    due_at: datetime
    cause: Cause


Firing = Callable[[Fired], Awaitable[object]]

_ARM = text(
    "insert into feed.timer (stream_id, name, rung, due_at, armed_by, armed_version) "
    "values (:stream_id, :name, :rung, :due_at, :armed_by, :armed_version) "
    "on conflict (stream_id, name, rung) do update set due_at = excluded.due_at, "
    "armed_by = excluded.armed_by, armed_version = excluded.armed_version, "
    "fired_at = null, error = null, retry_at = null"
)
_DISARM = text(
    "delete from feed.timer where stream_id = :stream_id and name = :name "
    "and (cast(:rung as text) is null or rung = :rung)"
)
_DISARM_ALL = text("delete from feed.timer where stream_id = :stream_id")
_DUE = """
select stream_id, name, rung, due_at, armed_by from feed.timer
where fired_at is null and due_at <= $1 and (retry_at is null or retry_at <= clock_timestamp())
order by due_at, stream_id, name, rung limit $2
"""
_FIRED = """
update feed.timer set fired_at = $5, error = $6, retry_at = null
where stream_id = $1 and name = $2 and rung = $3 and armed_by = $4
"""
_RETRY = """
update feed.timer set error = $5, retry_at = clock_timestamp() + interval '10 s'
where stream_id = $1 and name = $2 and rung = $3 and armed_by = $4
"""


class Timers(Follower):
    """Arms the timers of one service, and fires them."""

    idle_seconds = LATENESS_SECONDS
    rest_seconds = 0.05

    def __init__(
        self, arming: Mapping[str, Arming], firing: Mapping[str, Firing], clock: Clock
    ) -> None:
        super().__init__("timers")
        self._arming = arming
        self._firing = firing
        self._clock = clock

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Arm and disarm what *batch* says, with the checkpoint in one transaction."""
        async with step.engine.begin() as connection:
            for stored in batch:
                arming = self._arming.get(stored.category)
                for setting in arming(stored.event) if arming else ():
                    await connection.execute(*_statement(setting, stored))
            await step.done(connection)

    async def caught_up(self, feed: Feed) -> None:
        """Fire what is due."""
        now = await self._clock.now()
        for row in await feed.store.pool.fetch(_DUE, now, FIRED_AT_ONCE):
            await self._fire(feed, row, now)

    async def _fire(self, feed: Feed, row: Any, now: datetime) -> None:
        key = (row["stream_id"], row["name"], row["rung"], row["armed_by"])
        cause = Cause(
            command_id=derived_id(row["armed_by"], row["name"], row["rung"]),
            actor=ACTOR,
            occurred_at=now,
            causation_id=row["armed_by"],
        )
        fired = Fired(
            item_id=UUID(row["stream_id"].partition("-")[2]),
            name=row["name"],
            rung=row["rung"],
            due_at=row["due_at"],
            cause=cause,
        )
        try:
            await self._firing[row["name"]](fired)
        except RefusedError as refusal:
            await feed.store.pool.execute(_FIRED, *key, now, f"refused: {refusal.rule}")
        except ForgottenCommandError:
            await feed.store.pool.execute(_FIRED, *key, now, None)
        except Exception as error:
            if retryable(error):
                raise
            logger.exception("timer.failed", timer=row["name"], stream=row["stream_id"])
            await feed.store.pool.execute(
                _RETRY, *key, f"{type(error).__name__}: {error}"[:500]
            )
        else:
            await feed.store.pool.execute(_FIRED, *key, now, None)


def _statement(setting: Setting, stored: Stored[Any]) -> tuple[Any, dict[str, Any]]:
    given: dict[str, Any] = {"stream_id": stored.stream_id}
    match setting:
        case Arm(name=name, due_at=due_at, rung=rung):
            given |= {"name": name, "rung": rung, "due_at": due_at}
            given |= {"armed_by": stored.event_id, "armed_version": stored.version}
            return _ARM, given
        case Disarm(name=name, rung=rung):
            return _DISARM, given | {"name": name, "rung": rung}
        case DisarmAll():
            return _DISARM_ALL, given
