"""What a call is about, for the policies: a matter, its organ and its units."""

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
    return owed | {"organ": state.organ, "units": sorted(state.units)}
