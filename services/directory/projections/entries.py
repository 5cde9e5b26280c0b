"""All entries as they stand: what commands are checked against, and what is listed.

Names are not in it: they are read from the events, where their key can still be erased.
"""

from dataclasses import asdict
from typing import Any, assert_never

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    DateTime,
    MetaData,
    Table,
    Text,
    delete,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from chassis.rows import Rows
from services.directory.domain.entries import (
    ORGAN,
    PERSON,
    UNIT,
    Entry,
    OrganEntry,
    Organisation,
    PersonEntry,
    UnitEntry,
)
from services.directory.domain.events import (
    OrganChanged,
    OrganEvent,
    PersonChanged,
    PersonEvent,
    PersonLeft,
    PersonNamed,
    SubjectErased,
    UnitChanged,
    UnitEvent,
)

metadata = MetaData()
entry = Table(
    "entry",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("organ", Text),
    Column("unit", Text),
    Column("entry", JSON, nullable=False),
    Column("left_at", DateTime(timezone=True)),
    Column("taken_over_by", Text),
)
ENTRIES: dict[str, TypeAdapter[Any]] = {
    ORGAN: TypeAdapter(OrganEntry),
    UNIT: TypeAdapter(UnitEntry),
    PERSON: TypeAdapter(PersonEntry),
}
Filter = ColumnElement[bool]


async def project(event: OrganEvent | UnitEvent | PersonEvent, rows: Rows) -> None:
    """Bring the entries up to date with *event*."""
    match event:
        case OrganChanged(entry=changed):
            await _put(rows, ORGAN, changed, organ=changed.id)
        case UnitChanged(entry=changed):
            await _put(rows, UNIT, changed, organ=changed.organ, unit=changed.id)
        case PersonChanged(entry=changed):
            await _put(rows, PERSON, changed, unit=changed.unit)
        case PersonLeft():
            left = {"left_at": event.left_at, "taken_over_by": event.taken_over_by}
            await rows.update(entry, {"kind": PERSON, "id": event.entry.id}, left)
        case PersonNamed() | SubjectErased():
            pass  # names are not in it
        case _:
            assert_never(event)


async def _put(rows: Rows, kind: str, changed: Entry, **places: str) -> None:
    connection = await rows.written()
    named = (entry.c.kind == kind, entry.c.id == changed.id)
    await connection.execute(delete(entry).where(*named))
    content = ENTRIES[kind].dump_python(changed, mode="json")
    rows.insert(entry, kind=kind, id=changed.id, entry=content, **places)


async def organisation(connection: AsyncConnection) -> Organisation:
    """Return all there is."""
    rows = (await connection.execute(select(entry).order_by(entry.c.id))).all()
    found: dict[str, dict[str, Any]] = {ORGAN: {}, UNIT: {}, PERSON: {}}
    for row in rows:
        found[row.kind][row.id] = ENTRIES[row.kind].validate_python(row.entry)
    return Organisation(
        organs=found[ORGAN],
        units=found[UNIT],
        people=found[PERSON],
        left=frozenset(row.id for row in rows if row.left_at is not None),
    )


def of_organ(organ: str) -> Filter:
    """Units of this organ."""
    return entry.c.organ == organ


def of_unit(unit: str) -> Filter:
    """People of this unit."""
    return entry.c.unit == unit


def in_office() -> Filter:
    """Leave out who has left."""
    return entry.c.left_at.is_(None)


async def search(
    connection: AsyncConnection,
    kind: str,
    *filters: Filter,
    after: str | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return entries of one kind by code."""
    query = select(entry).where(entry.c.kind == kind, *filters)
    if after is not None:
        query = query.where(entry.c.id > after)
    rows = await connection.execute(query.order_by(entry.c.id).limit(limit))
    return [_shown(kind, row) for row in rows]


def _shown(kind: str, row: Any) -> dict[str, Any]:
    shown = asdict(ENTRIES[kind].validate_python(row.entry))
    if kind == PERSON:
        shown |= {"left_at": row.left_at, "taken_over_by": row.taken_over_by}
    return shown


PROJECTION = Projection(
    name="entries",
    version=1,
    tables=metadata,
    project={"organ": project, "unit": project, "person": project},
)
