"""Looking up organs, units and people over HTTP: one, always current, and lists by code."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query

from chassis.auth import allows
from chassis.domain import UnknownItemError
from chassis.http import Asked, Page, doors, page
from chassis.http.lists import Asking
from chassis.parts import Given
from services.directory.api.lines import Code
from services.directory.domain.entries import ORGAN, PERSON, UNIT, item_id
from services.directory.domain.organ import ORGANS
from services.directory.domain.person import PEOPLE
from services.directory.domain.unit import UNITS
from services.directory.handlers import names_of
from services.directory.projections import entries as view
from services.directory.projections.entries import PROJECTION

router = doors("/directory/v1", "directory 机构人员")

Row = dict[str, Any]


@router.get("/organs")
@allows("directory.read")
async def list_organs(_: Asked, parts: Given, paging: Asking) -> Page[Row]:
    """List organs by code."""
    async with parts.views.reading(PROJECTION, paging.position) as connection:
        (after,) = paging.place(str) or (None,)
        rows = await view.search(connection, ORGAN, after=after, limit=paging.limit + 1)
    return page(rows, paging.limit, lambda row: [row["id"]])


@router.get("/units")
@allows("directory.read")
async def list_units(
    _: Asked, parts: Given, paging: Asking, organ: Annotated[Code | None, Query()] = None
) -> Page[Row]:
    """List units by code; *organ* names those of one organ."""
    filters = [view.of_organ(organ)] if organ else []
    async with parts.views.reading(PROJECTION, paging.position) as connection:
        (after,) = paging.place(str) or (None,)
        rows = await view.search(
            connection, UNIT, *filters, after=after, limit=paging.limit + 1
        )
    return page(rows, paging.limit, lambda row: [row["id"]])


@router.get("/people")
@allows("directory.read")
async def list_people(
    _: Asked,
    parts: Given,
    paging: Asking,
    unit: Annotated[Code | None, Query()] = None,
    left: bool = False,
) -> Page[Row]:
    """List people by code; *unit* names those of one unit, *left* adds who has left."""
    filters = [view.of_unit(unit)] if unit else []
    filters += [] if left else [view.in_office()]
    async with parts.views.reading(PROJECTION, paging.position) as connection:
        (after,) = paging.place(str) or (None,)
        rows = await view.search(
            connection, PERSON, *filters, after=after, limit=paging.limit + 1
        )
    names = await names_of(parts, [row["id"] for row in rows])
    named = [
        row | {"name": n.name if (n := names.get(row["id"])) else None} for row in rows
    ]
    return page(named, paging.limit, lambda row: [row["id"]])


@router.get("/organs/{organ}")
@allows("directory.read")
async def read_organ(organ: Code, _: Asked, parts: Given) -> Row:
    """Look up an organ."""
    found = await parts.store.read(ORGANS, item_id(ORGAN, organ))
    if found.state.entry is None:
        raise UnknownItemError
    return asdict(found.state.entry) | {"version": found.version}


@router.get("/units/{unit}")
@allows("directory.read")
async def read_unit(unit: Code, _: Asked, parts: Given) -> Row:
    """Look up a unit."""
    found = await parts.store.read(UNITS, item_id(UNIT, unit))
    if found.state.entry is None:
        raise UnknownItemError
    return asdict(found.state.entry) | {"version": found.version}


@router.get("/people/{person}")
@allows("directory.read")
async def read_person(person: Code, _: Asked, parts: Given) -> Row:
    """Look up a person; contact targets are for the services that reach them."""
    found = await parts.store.read(PEOPLE, item_id(PERSON, person))
    state = found.state
    if state.entry is None:
        raise UnknownItemError
    name = state.named.name if state.named else None
    return asdict(state.entry) | {
        "name": name,
        "left_at": state.left_at,
        "version": found.version,
    }
