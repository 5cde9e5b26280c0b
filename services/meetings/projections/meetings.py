"""The list of meetings: by organ, by name, the latest day first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from chassis.rows import Rows
from services.meetings.domain.meeting.events import (
    AgendaItemPlaced,
    MeetingClosed,
    MeetingEvent,
    MeetingHeld,
    MeetingNoticed,
    MeetingNoticeOverdue,
    MeetingRescheduled,
    MeetingScheduled,
    NoticeReceiptsRecorded,
    OutcomeRecorded,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)

meeting = Table(
    "meeting",
    metadata,
    Column("meeting_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("meeting_body", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("members", Integer, nullable=False),
    Column("quorum", Integer, nullable=False),
    Column("notice_due", MOMENT, nullable=False),
    Column("notice_statutory_last_day", Date),
    Column("noticed_at", MOMENT),
    Column("notice_late", Boolean),
    Column("receipts", Integer, nullable=False),
    Column("present", Integer),
    Column("leave", Integer),
    Column("absent", Integer),
    Column("items", Integer, nullable=False),
    Column("decided", Integer, nullable=False),
    Index("meeting_by_day", "organ", "day", "meeting_id"),
    Index("meeting_by_name", "organ", "name"),
)


async def project(event: MeetingEvent, rows: Rows) -> None:
    """Bring the list up to date with *event*."""
    match event:
        case MeetingScheduled():
            _schedule(event, rows)
        case MeetingRescheduled():
            await _set(
                event,
                rows,
                status="planned",
                day=event.day,
                notice_due=event.notice.due,
                notice_statutory_last_day=event.notice.statutory_last_day,
                noticed_at=None,
                notice_late=None,
                receipts=0,
            )
        case AgendaItemPlaced():
            await _set(event, rows, items=meeting.c["items"] + 1)
        case MeetingNoticed():
            sent = {"noticed_at": event.sent_at, "notice_late": event.late}
            await _set(event, rows, status="noticed", **sent)
        case MeetingNoticeOverdue():
            await _set(event, rows, notice_late=True)
        case NoticeReceiptsRecorded():
            await _set(event, rows, receipts=event.total)
        case MeetingHeld():
            counted = {"leave": event.leave, "absent": event.absent}
            await _set(event, rows, status="held", present=event.present, **counted)
        case OutcomeRecorded():
            await _set(event, rows, decided=meeting.c.decided + 1)
        case MeetingClosed():
            await _set(event, rows, status="closed")
        case _:
            assert_never(event)


def _schedule(event: MeetingScheduled, rows: Rows) -> None:
    rows.insert(
        meeting,
        meeting_id=event.meeting_id,
        organ=event.organ,
        meeting_body=event.meeting_body,
        ordinal=event.ordinal,
        name=event.name,
        day=event.day,
        status="planned",
        members=event.members,
        quorum=event.quorum,
        notice_due=event.notice.due,
        notice_statutory_last_day=event.notice.statutory_last_day,
        receipts=0,
        items=0,
        decided=0,
    )


async def _set(event: MeetingEvent, rows: Rows, **values: Any) -> None:
    await rows.update(meeting, {"meeting_id": event.meeting_id}, values)


MEETINGS = Projection(
    name="meetings", version=1, tables=metadata, project={"meeting": project}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One meeting of the list."""

    meeting_id: UUID
    organ: str
    meeting_body: str
    ordinal: int
    name: str
    day: date
    status: str
    members: int
    quorum: int
    notice_due: datetime
    notice_statutory_last_day: date | None
    noticed_at: datetime | None
    notice_late: bool | None
    receipts: int
    present: int | None
    leave: int | None
    absent: int | None
    items: int
    decided: int


COLUMNS = [meeting.c[name] for name in Row.__slots__]


async def search(
    connection: AsyncConnection,
    organ: str,
    *,
    name: str | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int,
) -> Sequence[Row]:
    """Return meetings of *organ*, the latest day first."""
    query = select(*COLUMNS).where(meeting.c.organ == organ)
    if name is not None:
        query = query.where(meeting.c.name == name)
    if after is not None:
        query = query.where(tuple_(meeting.c.day, meeting.c.meeting_id) < after)
    order = (meeting.c.day.desc(), meeting.c.meeting_id.desc())
    rows = await connection.execute(query.order_by(*order).limit(limit))
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
