"""Reading over HTTP: one item, always current; the lists, narrowed to what concerns the caller."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from chassis.auth import Caller, allows
from chassis.http import Asked, Page, Title, doors, page
from chassis.http.bodies import Short
from chassis.http.lists import Asking, moment
from chassis.parts import Given
from services.meetings.api import concerning
from services.meetings.api.details import item_of, meeting_of, opinion_of
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.projections import item_lists, meetings, opinions
from services.meetings.projections.agenda_items import AGENDA_ITEMS
from services.meetings.projections.item_lists import ItemRow, LateRow
from services.meetings.projections.meetings import MEETINGS
from services.meetings.projections.opinions import OPINIONS

router = doors("/meetings/v1", "reading 查阅")

OF_ORGAN = frozenset(
    {"section_head", "office_head", "principal", "leader_in_charge", "aide"}
)


def visible(caller: Caller) -> item_lists.Filter:
    """Return which items *caller* may see: the organ's, or those of the unit."""
    if caller.roles & OF_ORGAN:
        return item_lists.of_organ(caller.organ)
    return item_lists.of_unit(caller.unit)


@router.get("/meetings/{meeting_id}")
@allows("meeting.read", concerning.meeting)
async def read_meeting(meeting_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one meeting with its agenda and outcomes."""
    return meeting_of(await parts.store.history(MEETING, meeting_id), parts.calendar)


@router.get("/agenda-items/{agenda_item_id}")
@allows("item.read", concerning.item)
async def read_item(agenda_item_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one agenda item with the stages of its materials and their arithmetic."""
    return item_of(await parts.store.history(AGENDA_ITEM, agenda_item_id), parts.calendar)


@router.get("/opinions/{opinion_id}")
@allows("opinion.read", concerning.opinion)
async def read_opinion(opinion_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one deliberation opinion, step by step."""
    return opinion_of(await parts.store.history(OPINION, opinion_id), parts.calendar)


@router.get("/meetings")
@allows("meeting.list")
async def browse_meetings(
    request: Asked,
    parts: Given,
    paging: Asking,
    name: Annotated[Short | None, Query()] = None,
) -> Page[meetings.Row]:
    """List the meetings of the caller's organ, the latest day first."""
    async with parts.views.reading(MEETINGS, paging.position) as connection:
        rows = await meetings.search(
            connection,
            request.caller.organ,
            name=name,
            after=paging.place(date.fromisoformat, UUID),
            limit=paging.limit + 1,
        )
    return page(rows, paging.limit, lambda row: (row.day.isoformat(), row.meeting_id))


@router.get("/agenda-items")
@allows("item.list")
async def browse_items(
    request: Asked,
    parts: Given,
    paging: Asking,
    title: Annotated[Title | None, Query()] = None,
    meeting_id: Annotated[UUID | None, Query()] = None,
) -> Page[ItemRow]:
    """List agenda items, the latest submitted first."""
    filters = [visible(request.caller)]
    if title is not None:
        filters.append(item_lists.titled(title))
    if meeting_id is not None:
        filters.append(item_lists.on_meeting(meeting_id))
    async with parts.views.reading(AGENDA_ITEMS, paging.position) as connection:
        place = paging.place(moment, UUID)
        rows = await item_lists.search(
            connection, *filters, after=place, limit=paging.limit + 1
        )

    def key(row: ItemRow) -> tuple[str, UUID]:
        return row.submitted_at.isoformat(), row.agenda_item_id

    return page(rows, paging.limit, key)


@router.get("/late-materials")
@allows("item.list")
async def browse_late(request: Asked, parts: Given, paging: Asking) -> Page[LateRow]:
    """List the materials that were late, the earliest due first."""
    async with parts.views.reading(AGENDA_ITEMS, paging.position) as connection:
        place = paging.place(moment, UUID, str)
        mine = visible(request.caller)
        rows = await item_lists.late(connection, mine, after=place, limit=paging.limit + 1)

    def key(row: LateRow) -> tuple[str, UUID, str]:
        return row.due.isoformat(), row.agenda_item_id, row.stage

    return page(rows, paging.limit, key)


@router.get("/opinions")
@allows("opinion.list")
async def browse_opinions(
    request: Asked,
    parts: Given,
    paging: Asking,
    name: Annotated[Title | None, Query()] = None,
) -> Page[opinions.Row]:
    """List opinions of the caller's organ, given or received; *name* is number or title."""
    filters = [opinions.of_organ(request.caller.organ)]
    if name is not None:
        filters.append(opinions.called(name))
    async with parts.views.reading(OPINIONS, paging.position) as connection:
        place = paging.place(moment, UUID)
        rows = await opinions.search(
            connection, *filters, after=place, limit=paging.limit + 1
        )
    return page(rows, paging.limit, lambda row: (row.opened_at.isoformat(), row.opinion_id))
