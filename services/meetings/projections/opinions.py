"""The list of deliberation opinions: whose, how far, and when what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from chassis.rows import Rows
from services.meetings.domain.opinion.events import (
    DeliberationOpinionDrafted,
    DeliberationOpinionHandedOver,
    DeliberationOpinionOpened,
    DeliberationOpinionPassed,
    HandlingReportCommented,
    HandlingReportDelivered,
    HandlingReportDrafted,
    OpinionEvent,
    OpinionStepOverdue,
    SatisfactionVoted,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)

opinion = Table(
    "opinion",
    metadata,
    Column("opinion_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("number", Text),
    Column("title", Text, nullable=False),
    Column("agenda_item_id", Uuid, nullable=False),
    Column("meeting_id", Uuid, nullable=False),
    Column("reviewing_committee", Text, nullable=False),
    Column("addressed_organ", Text, nullable=False),
    Column("addressed_unit", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("draft_due", MOMENT, nullable=False),
    Column("hand_over_due", MOMENT, nullable=False),
    Column("passed_meeting", Text),
    Column("due", MOMENT),
    Column("due_statutory_last_day", Date),
    Column("comment_due", MOMENT),
    Column("overdue", ARRAY(Text), nullable=False),
    Column("comments", Integer),
    Column("report_no", Text),
    Column("report_late_work_days", Integer),
    Column("satisfied", Integer),
    Column("basically_satisfied", Integer),
    Column("dissatisfied", Integer),
    Column("outcome", Text),
    Index("opinion_by_number", "number"),
    Index("opinion_by_title", "title"),
    Index("opinion_by_place", "organ", "opened_at", "opinion_id"),
    Index("opinion_by_addressed", "addressed_organ", "opened_at", "opinion_id"),
)


async def project(event: OpinionEvent, rows: Rows) -> None:
    """Bring the list up to date with *event*."""
    match event:
        case DeliberationOpinionOpened():
            _open(event, rows)
        case DeliberationOpinionDrafted():
            await _set(event, rows, status="drafted")
        case DeliberationOpinionPassed():
            passed = event.passed_meeting
            await _set(event, rows, status="passed", passed_meeting=passed)
        case DeliberationOpinionHandedOver():
            last = event.deadline.statutory_last_day
            dates = {"due": event.deadline.due, "comment_due": event.comment.due}
            numbered = {"number": event.number, "due_statutory_last_day": last}
            await _set(event, rows, status="handed_over", **dates, **numbered)
        case OpinionStepOverdue():
            overdue = opinion.c.overdue + [event.step.value]
            await _set(event, rows, overdue=overdue)
        case HandlingReportDrafted():
            await _set(event, rows, status="report_drafted")
        case HandlingReportCommented():
            await _set(event, rows, comments=event.comments)
        case HandlingReportDelivered():
            judged = {"report_late_work_days": event.late_work_days}
            await _set(event, rows, status="reported", report_no=event.doc_no, **judged)
        case SatisfactionVoted():
            await _vote(event, rows)
        case _:
            assert_never(event)


def _open(event: DeliberationOpinionOpened, rows: Rows) -> None:
    rows.insert(
        opinion,
        opinion_id=event.opinion_id,
        organ=event.organ,
        title=event.title,
        agenda_item_id=event.agenda_item_id,
        meeting_id=event.meeting_id,
        reviewing_committee=event.reviewing_committee,
        addressed_organ=event.addressed_organ,
        addressed_unit=event.addressed_unit,
        status="opened",
        opened_at=event.opened_at,
        draft_due=event.draft.due,
        hand_over_due=event.hand_over.due,
        overdue=[],
    )


async def _vote(event: SatisfactionVoted, rows: Rows) -> None:
    values: dict[str, Any] = {
        "status": event.outcome.value,
        "outcome": event.outcome.value,
        "satisfied": event.satisfied,
        "basically_satisfied": event.basically_satisfied,
        "dissatisfied": event.dissatisfied,
    }
    if event.again is not None and event.comment_again is not None:
        values |= {"due": event.again.due, "comment_due": event.comment_again.due}
        values |= {"due_statutory_last_day": None}
    await _set(event, rows, **values)


async def _set(event: OpinionEvent, rows: Rows, **values: Any) -> None:
    await rows.update(opinion, {"opinion_id": event.opinion_id}, values)


OPINIONS = Projection(
    name="opinions", version=1, tables=metadata, project={"opinion": project}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One opinion of the list."""

    opinion_id: UUID
    organ: str
    number: str | None
    title: str
    agenda_item_id: UUID
    meeting_id: UUID
    reviewing_committee: str
    addressed_organ: str
    addressed_unit: str
    status: str
    opened_at: datetime
    draft_due: datetime
    hand_over_due: datetime
    passed_meeting: str | None
    due: datetime | None
    due_statutory_last_day: date | None
    comment_due: datetime | None
    overdue: list[str]
    comments: int | None
    report_no: str | None
    report_late_work_days: int | None
    satisfied: int | None
    basically_satisfied: int | None
    dissatisfied: int | None
    outcome: str | None


COLUMNS = [opinion.c[name] for name in Row.__slots__]
Filter = ColumnElement[bool]


def of_organ(organ: str) -> Filter:
    """Opinions of this organ's meeting bodies, and those handed over to it."""
    handed = (opinion.c.addressed_organ == organ) & opinion.c.number.is_not(None)
    return or_(opinion.c.organ == organ, handed)


def called(name: str) -> Filter:
    """Name an opinion by its number, or by the title of the item that was deliberated."""
    return or_(opinion.c.number == name, opinion.c.title == name)


async def search(
    connection: AsyncConnection,
    *filters: Filter,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Row]:
    """Return opinions, the latest first."""
    query = select(*COLUMNS).where(*filters)
    if after is not None:
        query = query.where(tuple_(opinion.c.opened_at, opinion.c.opinion_id) < after)
    order = (opinion.c.opened_at.desc(), opinion.c.opinion_id.desc())
    rows = await connection.execute(query.order_by(*order).limit(limit))
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
