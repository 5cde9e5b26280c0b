"""The first screen's part that supervision knows."""

from datetime import datetime, time, timedelta
from typing import Any

from chassis.auth import allows
from chassis.http import Asked, doors
from chassis.parts import Given
from services.supervision.api.reading import visible
from services.supervision.projections import matter_lists as view
from services.supervision.projections.matters import MATTERS

router = doors("/supervision/v1/today", "today 今天")

SHOWN = 200


@router.get("")
@allows("matter.list")
async def today(request: Asked, parts: Given) -> dict[str, Any]:
    """Say what is open of what concerns the caller, and what was closed this week."""
    mine = visible(request.caller)
    day = parts.calendar.local(request.now).date()
    monday = datetime.combine(
        day - timedelta(days=day.weekday()), time(0), parts.calendar.zone
    )
    async with parts.views.reading(MATTERS) as connection:
        going = await view.listed(connection, mine, view.OPEN, limit=SHOWN)
        closed = await view.closed_since(connection, mine, monday, SHOWN)
    return {"now": request.now, "open": going, "closed_this_week": closed}
