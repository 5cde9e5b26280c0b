"""The first screen's part that documents knows."""

from typing import Any

from sqlalchemy import func, select

from chassis.auth import allows
from chassis.http import Asked, doors
from chassis.parts import Given
from services.documents.projections.incoming import (
    INCOMING_REGISTER,
    answers_owed,
    register,
    without_instruction,
)
from services.documents.projections.outgoing import OUTGOING_REGISTER, outbox

router = doors("/documents/v1/today", "today 今天")

SHOWN = 5


@router.get("")
@allows("document.read")
async def today(request: Asked, parts: Given) -> dict[str, Any]:
    """Say what waits in the office, and what has to be answered next."""
    organ = request.caller.organ
    async with parts.views.reading(INCOMING_REGISTER) as connection:
        counted = select(register.c.status, func.count()).where(
            register.c.organ == organ, register.c.status.in_(("received", "answered"))
        )
        incoming = dict(
            map(tuple, await connection.execute(counted.group_by(register.c.status)))
        )
        to_instruct = await without_instruction(connection, organ)
        owed = await answers_owed(connection, organ, SHOWN)
    async with parts.views.reading(OUTGOING_REGISTER) as connection:
        counted = select(outbox.c.status, func.count()).where(
            outbox.c.organ == organ, outbox.c.status.in_(("drafted", "sealed"))
        )
        outgoing = dict(
            map(tuple, await connection.execute(counted.group_by(outbox.c.status)))
        )
    calendar, now = parts.calendar, request.now
    return {
        "now": now,
        "to_register": incoming.get("received", 0),
        "to_instruct": to_instruct,
        "to_file": incoming.get("answered", 0),
        "to_sign": outgoing.get("drafted", 0),
        "to_issue": outgoing.get("sealed", 0),
        "answers_owed": [
            {
                "document_id": row.document_id,
                "receipt_no": row.receipt_no,
                "sender": row.sender,
                "title": row.title,
                "outside_due": row.outside_due,
                "work_days_left": calendar.work_days_between(
                    calendar.local(now).date(), calendar.day_of(row.outside_due)
                )
                if row.outside_due
                else None,
            }
            for row in owed
        ],
    }
