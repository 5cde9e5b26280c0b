"""Leaving, and being forgotten, over HTTP."""

from typing import Any

from fastapi import Request

from chassis.auth import allows
from chassis.domain import UnknownItemError
from chassis.http import Answer, Body, Commanded, Moment, doors
from chassis.parts import Given
from services.directory.api.lines import Code
from services.directory.domain.commands import EraseSubject
from services.directory.domain.entries import PERSON, item_id
from services.directory.domain.person import PEOPLE
from services.directory.handlers import announce_departure

router = doors("/directory/v1/people", "directory 机构人员")


async def person_of(request: Request) -> dict[str, Any]:
    """Return whose unit the call is about. Raises `UnknownItemError`."""
    item = item_id(PERSON, request.path_params["person"])
    found = await request.app.state.store.read(PEOPLE, item)
    if found.state.entry is None:
        raise UnknownItemError
    return {"units": [found.state.entry.unit]}


class Departure(Body):
    """When a person left (by default: now), and who takes over."""

    left_at: Moment | None = None
    taken_over_by: Code | None = None


@router.post("/{person}/departure", status_code=201)
@allows("person.announce_departure", person_of)
async def depart(person: Code, body: Departure, request: Commanded, parts: Given) -> Answer:
    """Announce that a person has left 离任, and who takes over 接手."""
    cause = await request.cause()
    left_at = body.left_at or request.now
    caller = request.caller
    within = None if "operator" in caller.roles else caller.unit
    done = await announce_departure(
        parts, cause, person, left_at, body.taken_over_by, within=within
    )
    return request.answer(done)


@router.post("/{person}/erasure", status_code=201)
@allows("person.erase", person_of)
async def erase(person: Code, request: Commanded, parts: Given) -> Answer:
    """Forget a person's name and contacts everywhere, for good 删除个人信息."""
    command = EraseSubject(erased_by=request.caller.subject)
    cause = await request.cause()
    done = await parts.store.execute(PEOPLE, item_id(PERSON, person), command, cause)
    return request.answer(done)
