"""The lists of matters: by organ, unit, leader, number, source; the earliest due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    cast,
    func,
    join,
    or_,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.projections.matter_table import matter


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One matter of the list. *rungs* are those after the due date that are still to come."""

    matter_id: UUID
    organ: str
    status: str
    light: str
    number: str | None
    subject: str | None
    requirement: str | None
    source_kind: str
    source_no: str | None
    source_document_id: UUID | None
    source_document_no: str | None
    addressed_organ: str | None
    parent_id: UUID | None
    children: list[UUID]
    asked_by: str
    asked_at: datetime
    addressee: str | None
    lead: str | None
    responsible_person: str | None
    handler: str | None
    assigned_by: str | None
    co: list[str]
    received: list[str]
    start: date
    counted: list[date]
    rule: str
    due: datetime
    statutory_last_day: date | None
    comment_due: datetime | None
    outside_due: datetime | None
    lead_time_work_days: int | None
    assign_due: datetime | None
    sheet_no: str | None
    sheet_prepared: bool
    sheet_received: bool
    urged: int
    rungs: list[dict[str, Any]]
    notice_no: str | None
    notice_prepared: bool
    notice_received: bool
    escalated: int
    next_feedback: datetime | None
    sent_back: int
    feedback_waiting: UUID | None
    late_work_days: int | None
    closed_at: datetime | None


COLUMNS = [matter.c[name] for name in Row.__slots__]
ORDER = (matter.c.due, matter.c.matter_id)
Filter = ColumnElement[bool]


OPEN = ("opened", "assigned", "in_progress", "feedback", "completed")
EVERY = (*OPEN, "closed")


def of_organ(organ: str) -> Filter:
    """Matters that this organ supervises."""
    return matter.c.organ == organ


def addressed_to(organ: str) -> Filter:
    """Matters of other organs that this organ owes the result of."""
    return matter.c.addressed_organ == organ


def of_unit(unit: str) -> Sequence[Filter]:
    """Matters assigned to this unit, to lead or to co-handle: named is not yet assigned."""
    assigned = matter.c.status != "opened"
    return (matter.c.lead == unit) & assigned, matter.c.co.contains([unit]) & assigned


def of_leader(person: str, organ: str) -> Sequence[Filter]:
    """Matters of this organ that a leader asked for or is to see to."""
    here = of_organ(organ)
    return (matter.c.asked_by == person) & here, (matter.c.addressee == person) & here


def any_of(concerning: Sequence[Filter]) -> Filter:
    """Matters that any of *concerning* finds."""
    return or_(*concerning)


def numbered(number: str) -> Filter:
    """Name a matter by its number, or by that of its source or source document."""
    return or_(
        matter.c.number == number,
        matter.c.source_no == number,
        matter.c.source_document_no == number,
    )


def sourced_from(document_id: UUID) -> Filter:
    """Matters that an instruction on this document opened."""
    return matter.c.source_document_id == document_id


async def search(
    connection: AsyncConnection,
    *filters: Filter,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Row]:
    """Return matters by due date, the earliest first: of the few that *filters* leave."""
    query = select(*COLUMNS).where(*filters, *_beyond(after)).order_by(*ORDER).limit(limit)
    return await _rows(connection, query)


async def listed(
    connection: AsyncConnection,
    concerning: Sequence[Filter],
    statuses: Sequence[str],
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Row]:
    """Return matters by due date: those of *statuses* that any of *concerning* finds.

    Each way to be concerned and each status is read in its index's own order, and only as
    far as the page goes: what a page costs does not depend on how many matters there are.
    """
    each = func.unnest(cast(list(statuses), ARRAY(Text))).table_valued("status")
    wanted = each.render_derived("wanted")
    places = []
    for concerned in concerning:
        first = (
            select(matter.c.due, matter.c.matter_id)
            .where(concerned, matter.c.status == wanted.c.status, *_beyond(after))
            .order_by(*ORDER)
            .limit(limit)
            .lateral()
        )
        places.append(select(first).select_from(join(wanted, first, true())))
    found = union(*places).subquery()
    page = select(found.c.matter_id).order_by(found.c.due, found.c.matter_id).limit(limit)
    query = select(*COLUMNS).where(matter.c.matter_id.in_(page)).order_by(*ORDER)
    return await _rows(connection, query)


async def closed_since(
    connection: AsyncConnection, concerning: Sequence[Filter], moment: datetime, limit: int
) -> Sequence[Row]:
    """Return matters that were closed at *moment* or later, the last ones if there are more.

    They stand by due date.
    """
    query = select(*COLUMNS).where(any_of(concerning), matter.c.closed_at >= moment)
    last = query.order_by(matter.c.closed_at.desc(), matter.c.matter_id).limit(limit)
    return sorted(await _rows(connection, last), key=lambda row: (row.due, row.matter_id))


def _beyond(after: tuple[datetime, UUID] | None) -> Sequence[Filter]:
    return () if after is None else (tuple_(*ORDER) > after,)


async def _rows(connection: AsyncConnection, query: Select[Any]) -> Sequence[Row]:
    rows = await connection.execute(query)
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
