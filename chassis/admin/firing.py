"""Firing a timer before its time, as an operator may.

Its due date stays as it was: the command that it leads to names it, and an item that has
another due date ignores the command as superseded.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from chassis.domain import UnknownItemError
from chassis.parts import Parts
from chassis.store import Cause
from chassis.store.cause import derived_id
from chassis.timers import ACTOR, Fired, Firing

_TIMER = """
select due_at, armed_by from feed.timer
where stream_id = $1 and name = $2 and rung = $3 and fired_at is null
"""
_FIRED = """
update feed.timer set fired_at = $4, error = null, retry_at = null
where stream_id = $1 and name = $2 and rung = $3 and armed_by = $5
"""


async def fire_now(
    parts: Parts, firing: Mapping[str, Firing], timer: tuple[str, str, str], now: datetime
) -> None:
    """Fire *timer* (stream, name, rung) under the id it would fire under by itself.

    Raises `UnknownItemError`, and what its command raises.
    """
    stream, name, rung = timer
    row = await parts.store.pool.fetchrow(_TIMER, *timer)
    if row is None or name not in firing:
        raise UnknownItemError
    cause = Cause(
        command_id=derived_id(row["armed_by"], name, rung),
        actor=ACTOR,
        occurred_at=now,
        causation_id=row["armed_by"],
    )
    fired = Fired(
        item_id=UUID(stream.partition("-")[2]),
        name=name,
        rung=rung,
        due_at=row["due_at"],
        cause=cause,
    )
    await firing[name](fired)
    await parts.store.pool.execute(_FIRED, *timer, now, row["armed_by"])
