"""Reading matters over HTTP: one, always current, and the list of what concerns the caller."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from chassis.auth import Caller, allows
from chassis.http import Asked, Page, doors, page
from chassis.http.bodies import Short
from chassis.http.lists import Asking, moment
from chassis.parts import Given
from services.supervision.api.concerning import PREFIX, TAG, matter
from services.supervision.api.detail import detail_of
from services.supervision.domain.matter import MATTER
from services.supervision.projections import matter_lists as view
from services.supervision.projections.matter_lists import Row
from services.supervision.projections.matters import MATTERS

router = doors(PREFIX, TAG)

SUPERVISING = frozenset(
    {"section_head", "supervision_officer", "office_head", "registry_clerk", "aide"}
)


@router.get("/{matter_id}")
@allows("matter.read", matter)
async def read(matter_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one matter: always current."""
    return detail_of(await parts.store.history(MATTER, matter_id))


def visible(caller: Caller) -> Sequence[view.Filter]:
    """Return what of the list *caller* may see: the organ's, the leader's, or the unit's."""
    if caller.roles & {"principal", "leader_in_charge"}:
        return view.of_leader(caller.subject, caller.organ)
    if caller.roles & SUPERVISING:
        return view.of_organ(caller.organ), view.addressed_to(caller.organ)
    return view.of_unit(caller.unit)


@router.get("")
@allows("matter.list")
async def browse(
    request: Asked,
    parts: Given,
    paging: Asking,
    number: Annotated[Short | None, Query()] = None,
    closed: bool = False,
) -> Page[Row]:
    """List matters by due date; *number* is the matter's, its source's or its document's."""
    mine = visible(request.caller)
    async with parts.views.reading(MATTERS, paging.position) as connection:
        place, most = paging.place(moment, UUID), paging.limit + 1
        if number is not None:
            named = view.any_of(mine), view.numbered(number)
            rows = await view.search(connection, *named, after=place, limit=most)
        else:
            statuses = view.EVERY if closed else view.OPEN
            rows = await view.listed(connection, mine, statuses, after=place, limit=most)
    return page(rows, paging.limit, lambda row: (row.due.isoformat(), row.matter_id))
