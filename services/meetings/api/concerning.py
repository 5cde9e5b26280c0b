"""What a call is about, for the policies: a meeting, an item, one stage of it, an opinion.

*organ* is the organ whose meeting body it is. *units* are the units that take part,
*owner_unit* and *owner_organ* who owes what the call delivers.
"""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from chassis.domain import UnknownItemError
from chassis.http import path_id
from services.meetings.domain.agenda_item.item import AGENDA_ITEM, AgendaItem
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.opinion import OPINION, Opinion
from services.meetings.domain.words import MaterialStage

MEETINGS = "/meetings/v1/meetings"
ITEMS = "/meetings/v1/agenda-items"
OPINIONS = "/meetings/v1/opinions"


async def meeting(request: Request) -> dict[str, Any]:
    """Return whose meeting the call is about. Raises `UnknownItemError`."""
    found = await request.app.state.store.read(MEETING, path_id(request, "meeting_id"))
    if not found.version:
        raise UnknownItemError
    return {"organ": found.state.organ}


async def item(request: Request) -> dict[str, Any]:
    """Return who takes part in the item. Raises `UnknownItemError`."""
    return _of_item(await _item(request))


async def stage(request: Request) -> dict[str, Any]:
    """Return who takes part in the item, and who owes the stage. Raises `UnknownItemError`."""
    state = await _item(request)
    try:
        found = state.stages.get(MaterialStage(request.path_params["stage"]))
    except ValueError:
        known = {"expected": ", ".join(MaterialStage)}
        fault = {"type": "enum", "loc": ("path", "stage"), "msg": "not a stage"}
        raise RequestValidationError([fault | {"ctx": known}]) from None
    owed = {"owner_organ": state.sides.reporting_organ, "owner_unit": ""}
    if found is not None:
        owed["owner_organ"] = found.scheduled.owner_organ
        owed["owner_unit"] = found.scheduled.owner_unit
    return _of_item(state) | owed


async def opinion(request: Request) -> dict[str, Any]:
    """Return who takes part in the opinion. Raises `UnknownItemError`."""
    found = await request.app.state.store.read(OPINION, path_id(request, "opinion_id"))
    state: Opinion = found.state
    if not found.version:
        raise UnknownItemError
    handed = state.number is not None
    return {
        "organ": state.organ,
        "committee": state.reviewing_committee,
        "owner_organ": state.addressed_organ if handed else "",
        "owner_unit": state.addressed_unit if handed else "",
        "units": [state.reviewing_committee, *([state.addressed_unit] if handed else ())],
    }


async def _item(request: Request) -> AgendaItem:
    found = await request.app.state.store.read(
        AGENDA_ITEM, path_id(request, "agenda_item_id")
    )
    if not found.version:
        raise UnknownItemError
    state: AgendaItem = found.state
    return state


def _of_item(state: AgendaItem) -> dict[str, Any]:
    units = {state.sides.office, state.sides.reporting_unit, state.submitted_by_unit}
    committee = state.reviewing_committee or ""
    return {
        "organ": state.organ,
        "committee": committee,
        "owner_organ": state.sides.reporting_organ,
        "owner_unit": state.sides.reporting_unit,
        "units": sorted((units | {committee}) - {""}),
    }
