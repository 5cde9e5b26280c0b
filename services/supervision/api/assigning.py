"""How a matter is assigned and received, over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Text, Title, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.supervision.api.concerning import PREFIX, TAG, matter
from services.supervision.domain.commands import NameHandler, ReceiveMatter
from services.supervision.domain.matter import MATTER
from services.supervision.handlers import assign

router = doors(PREFIX, TAG)


class Assignment(Body):
    """The sheet: one item, one sheet."""

    mark: Short
    subject: Title
    requirement: Text
    lead: Short
    responsible_person: Short
    co: Annotated[list[Short], Field(max_length=50)] = []


class HandlerBody(Body):
    """Who works on it."""

    handler: Short


@router.post("/{matter_id}/assignment", status_code=201)
@allows("matter.assign", matter)
async def assign_matter(
    matter_id: UUID, body: Assignment, request: Commanded, parts: Given
) -> Answer:
    """Assign it under the next number 交办."""
    cause = await request.cause()
    done = await assign(
        parts,
        cause,
        matter_id,
        organ=request.caller.organ,
        mark=body.mark,
        subject=body.subject,
        requirement=body.requirement,
        lead=body.lead,
        responsible_person=body.responsible_person,
        co=tuple(body.co),
    )
    return request.answer(done)


@router.post("/{matter_id}/receipts", status_code=201)
@allows("matter.receive", matter)
async def receive(matter_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Receive it for the caller's unit 签收."""
    command = ReceiveMatter(
        matter_id=matter_id,
        unit=request.caller.unit,
        received_by=request.caller.subject,
        received_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/handler", status_code=201)
@allows("matter.name_handler", matter)
async def name_handler(
    matter_id: UUID, body: HandlerBody, request: Commanded, parts: Given
) -> Answer:
    """Name who works on it 明确经办人."""
    command = NameHandler(
        matter_id=matter_id,
        unit=request.caller.unit,
        handler=body.handler,
        named_by=request.caller.subject,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))
