"""What a call is about, for the policies: a matter, its organ, its units, who supervises."""

from typing import Any

from fastapi import Request

from chassis.domain import UnknownItemError
from chassis.http import path_id
from services.supervision.domain.matter import MATTER

PREFIX = "/supervision/v1/matters"
TAG = "matters 督办事项"


async def matter(request: Request) -> dict[str, Any]:
    """Return whose matter the call is about, and who owes it. Raises `UnknownItemError`."""
    item = await request.app.state.store.read(MATTER, path_id(request, "matter_id"))
    if not item.version:
        raise UnknownItemError
    state = item.state
    owed = {} if state.addressed_organ is None else {"addressed": state.addressed_organ}
    named = {"organ": state.organ, "units": sorted(state.units)}
    return owed | named | await supervising(request)


async def supervising(request: Request) -> dict[str, Any]:
    """Return the units whose function supervision is: theirs it is to run matters."""
    people = await request.app.state.parts.directory.people()
    units = people.units.values()
    return {"supervising": [unit.id for unit in units if "supervision" in unit.functions]}
