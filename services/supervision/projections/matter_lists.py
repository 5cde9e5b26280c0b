"""The lists of matters: by organ, unit, leader, number, source; the earliest due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, or_, select, tuple_
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
Filter = ColumnElement[bool]


def of_organ(organ: str) -> Filter:
    """Matters that this organ supervises."""
    return matter.c.organ == organ


def addressed_to(organ: str) -> Filter:
    """Matters of other organs that this organ owes the result of."""
    return matter.c.addressed_organ == organ


def of_unit(unit: str) -> Filter:
    """Matters assigned to this unit, to lead or to co-handle: named is not yet assigned."""
    named = or_(matter.c.lead == unit, any_(matter.c.co) == unit)
    return named & (matter.c.status != "opened")


def of_leader(person: str) -> Filter:
    """Matters that this leader asked for or is to see to."""
    return or_(matter.c.asked_by == person, matter.c.addressee == person)


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


def still_open() -> Filter:
    """Matters that are not closed."""
    return matter.c.status != "closed"


def closed_since(moment: datetime) -> Filter:
    """Matters that were closed at *moment* or later."""
    return matter.c.closed_at >= moment


async def search(
    connection: AsyncConnection,
    *filters: Filter,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Row]:
    """Return matters by due date, the earliest first."""
    query = select(*COLUMNS).where(*filters)
    if after is not None:
        query = query.where(tuple_(matter.c.due, matter.c.matter_id) > after)
    rows = await connection.execute(
        query.order_by(matter.c.due, matter.c.matter_id).limit(limit)
    )
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
