"""How a matter is opened by hand, over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Moment, Title, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.supervision.api.concerning import PREFIX, TAG, supervising
from services.supervision.api.scores import Day
from services.supervision.domain.commands import OpenByHand
from services.supervision.domain.rhythm import Rhythm
from services.supervision.handlers import open_by_hand

router = doors(PREFIX, TAG)


class RhythmBody(Body):
    """On a day of every month, or on its first working day."""

    monthly_day: StrictInt | None = None
    first_work_day: StrictBool = False


class Opening(Body):
    """What a leader ordered. A *due* without an hour ends at close of business."""

    asked_by: Short
    asked_at: Moment | None = None
    subject: Title
    lead: Short
    co: Annotated[list[Short], Field(max_length=50)] = []
    due: Moment | Day
    parent_id: UUID | None = None
    rhythm: RhythmBody | None = None


@router.post("", status_code=201)
@allows("matter.open", supervising)
async def open_matter(body: Opening, request: Commanded, parts: Given) -> Answer:
    """Open a matter on a leader's order 领导交办, alone or under a parent."""
    cause = await request.cause(on_behalf_of=body.asked_by)
    rhythm = body.rhythm
    command = OpenByHand(
        matter_id=cause.command_id,
        organ=request.caller.organ,
        asked_by=body.asked_by,
        asked_at=body.asked_at or request.now,
        opened_at=request.now,
        subject=body.subject,
        lead=body.lead,
        co=tuple(body.co),
        due=body.due,
        parent_id=body.parent_id,
        rhythm=None if rhythm is None else Rhythm(**rhythm.model_dump()),
        calendar=parts.calendar,
    )
    return request.answer(await open_by_hand(parts, cause, command))
