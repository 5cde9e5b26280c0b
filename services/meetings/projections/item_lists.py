"""The lists of agenda items and of late materials, narrowed to whom they concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.projections.agenda_items import item, stage

Filter = ColumnElement[bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """One agenda item of the list."""

    agenda_item_id: UUID
    organ: str
    meeting_body: str
    kind: str
    title: str
    status: str
    reporting_organ: str
    reporting_unit: str
    office: str
    reviewing_committee: str | None
    submitted_by_unit: str
    submitted_at: datetime
    prompted_by_number: str | None
    meeting_id: UUID | None
    ordinal: int | None
    day: date | None
    outcome: str | None
    votes_for: int | None
    votes_against: int | None
    abstentions: int | None
    speeches: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LateRow:
    """One stage that was late, delivered by now or not."""

    agenda_item_id: UUID
    stage: str
    title: str
    day: date | None
    owner_organ: str
    owner_unit: str
    basis: str
    due: datetime
    statutory_last_day: date | None
    statutory_missed: bool
    delivered_at: datetime | None
    late_work_days: int | None
    days_after_statutory: int | None
    late_accepted: bool


ITEM_COLUMNS = [item.c[name] for name in ItemRow.__slots__]
LATE_COLUMNS = [
    (item if name in {"title", "day"} else stage).c[name] for name in LateRow.__slots__
]


def of_organ(organ: str) -> Filter:
    """Items before a meeting body of this organ, or on which it reports."""
    return or_(item.c.organ == organ, item.c.reporting_organ == organ)


def of_unit(unit: str) -> Filter:
    """Items that this unit submitted, reports on or reviews."""
    columns = (item.c.submitted_by_unit, item.c.reporting_unit, item.c.reviewing_committee)
    return or_(*(column == unit for column in columns))


def titled(title: str) -> Filter:
    """Name an item by its title."""
    return item.c.title == title


def on_meeting(meeting_id: UUID) -> Filter:
    """Items that are on this meeting."""
    return item.c.meeting_id == meeting_id


async def search(
    connection: AsyncConnection,
    *filters: Filter,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[ItemRow]:
    """Return items, the latest submitted first."""
    query = select(*ITEM_COLUMNS).where(*filters)
    if after is not None:
        query = query.where(tuple_(item.c.submitted_at, item.c.agenda_item_id) < after)
    order = (item.c.submitted_at.desc(), item.c.agenda_item_id.desc())
    rows = await connection.execute(query.order_by(*order).limit(limit))
    return [ItemRow(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name


async def late(
    connection: AsyncConnection,
    *filters: Filter,
    after: tuple[datetime, UUID, str] | None = None,
    limit: int,
) -> Sequence[LateRow]:
    """Return the stages that were late, the earliest due first."""
    joined = stage.join(item, stage.c.agenda_item_id == item.c.agenda_item_id)
    query = select(*LATE_COLUMNS).select_from(joined).where(stage.c.late, *filters)
    place = (stage.c.due, stage.c.agenda_item_id, stage.c.stage)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    rows = await connection.execute(query.order_by(*place).limit(limit))
    return [LateRow(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
