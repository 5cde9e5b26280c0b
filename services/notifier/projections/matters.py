"""What the notifier knows of matters: enough for its rules and the digest."""

from datetime import datetime
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.wire import moment, moment_if_set
from chassis.workdays import Calendar
from services.notifier.domain.events import Line
from shuniu.supervision.v1.events_pb2 import (
    FeedbackGiven,
    FeedbackKind,
    FeedbackSentBack,
    HandlerNamed,
    MatterAssigned,
    MatterClosed,
    MatterCompleted,
    MatterOpened,
    MatterRoundOpened,
)

_OPENED = text(
    "insert into notifier.matter (matter_id, organ, lead, co, asked_by, asked_at, addressee, due, "
    "outside_due) values (:matter_id, :organ, :lead, :co, :asked_by, :asked_at, :addressee, :due, "
    ":outside_due) on conflict do nothing"
)
_FACTS = text(
    "select responsible_person, handler, asked_by, addressee, due "
    "from notifier.matter where matter_id = :matter_id"
)
_OPEN = text(
    "select * from notifier.matter where not closed "
    "and (asked_by = :leader or addressee = :leader) order by due, matter_id limit 200"
)
_HOLD = text("select pg_advisory_xact_lock(hashtextextended(:digest, 0))")


async def keep(message: Message, connection: AsyncConnection) -> None:
    """Bring what we know up to date with *message*, in the caller's transaction."""
    if isinstance(message, MatterOpened):
        await connection.execute(
            _OPENED,
            {
                "matter_id": message.matter_id,
                "organ": message.organ,
                "lead": message.lead or None,
                "co": list(message.co),
                "asked_by": message.asked_by,
                "asked_at": moment(message.asked_at),
                "addressee": message.addressee or None,
                "due": moment(message.due),
                "outside_due": moment_if_set(message, "outside_due"),
            },
        )
    elif isinstance(message, MatterAssigned):
        await _set(
            connection,
            message.matter_id,
            number=message.number,
            lead=message.lead,
            co=list(message.co),
            responsible_person=message.responsible_person,
            due=moment(message.due),
        )
    elif isinstance(message, HandlerNamed):
        await connection.execute(
            text(
                "update notifier.matter set handler = :handler "
                "where matter_id = :matter_id and lead = :unit"
            ),
            {
                "handler": message.handler,
                "matter_id": message.matter_id,
                "unit": message.unit,
            },
        )
    elif isinstance(message, FeedbackGiven):
        if message.kind == FeedbackKind.FEEDBACK_KIND_FINAL:
            await _set(connection, message.matter_id, feedback=True)
    elif isinstance(message, FeedbackSentBack):
        await _set(connection, message.matter_id, feedback=False)
    elif isinstance(message, MatterRoundOpened):
        due = moment(message.due)
        await _set(connection, message.matter_id, due=due, feedback=False, completed=False)
    elif isinstance(message, MatterCompleted):
        await _set(connection, message.matter_id, completed=True)
    elif isinstance(message, MatterClosed):
        await _set(connection, message.matter_id, closed=True)


async def facts_of(matter_id: str, connection: AsyncConnection) -> dict[str, Any]:
    """Return what a matter's rules may need beside its event: its people, its due date."""
    row = (await connection.execute(_FACTS, {"matter_id": matter_id})).mappings().first()
    return dict(row) | {"due": row["due"].isoformat()} if row else {}


async def hold_digest(leader: str, connection: AsyncConnection) -> None:
    """Let no other transaction hold the leader's digest until this one ends.

    Otherwise a digest could end, for want of lines, while a matter of theirs is being added.
    """
    await connection.execute(_HOLD, {"digest": f"digest of {leader}"})


async def lines_of(
    connection: AsyncConnection, leader: str, now: datetime, calendar: Calendar
) -> list[Line]:
    """Return the digest's lines for *leader*: what is open of what they asked for."""
    today = calendar.local(now).date()
    lines = []
    for row in (await connection.execute(_OPEN, {"leader": leader})).mappings():
        waiting = row["feedback"] or row["completed"]
        outside = row["outside_due"]
        lines.append(
            Line(
                matter_id=row["matter_id"],
                number=row["number"],
                unit=row["lead"],
                due=row["due"],
                overdue_work_days=0
                if waiting or now <= row["due"]
                else calendar.work_days_between(calendar.day_of(row["due"]), today),
                work_days_left=calendar.work_days_between(today, calendar.day_of(outside))
                if outside
                else None,
                feedback=row["feedback"],
                completed=row["completed"],
            )
        )
    return lines


async def _set(connection: AsyncConnection, matter_id: str, **values: Any) -> None:
    names = ", ".join(f"{name} = :{name}" for name in values)
    statement = text(f"update notifier.matter set {names} where matter_id = :matter_id")  # noqa: S608 our own names
    await connection.execute(statement, {**values, "matter_id": matter_id})
