"""The list of agenda items, and every stage of their materials with its light."""

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
    delete,
    select,
)

from chassis.projection import Projection
from chassis.rows import Rows
from services.meetings.domain.agenda_item.events import (
    AgendaItemAccepted,
    AgendaItemDecided,
    AgendaItemEvent,
    AgendaItemRefused,
    AgendaItemScheduled,
    AgendaItemSubmitted,
    ResolutionAdopted,
)
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialEvent,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    OfStage,
    StatutoryDayMissed,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)

item = Table(
    "agenda_item",
    metadata,
    Column("agenda_item_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("meeting_body", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reporting_organ", Text, nullable=False),
    Column("reporting_unit", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("reviewing_committee", Text),
    Column("submitted_by_unit", Text, nullable=False),
    Column("submitted_at", MOMENT, nullable=False),
    Column("prompted_by_number", Text),
    Column("meeting_id", Uuid),
    Column("ordinal", Integer),
    Column("day", Date),
    Column("outcome", Text),
    Column("votes_for", Integer),
    Column("votes_against", Integer),
    Column("abstentions", Integer),
    Column("speeches", Integer),
    Index("item_by_title", "organ", "title"),
    Index("item_by_place", "organ", "submitted_at", "agenda_item_id"),
    Index("item_by_reporting", "reporting_organ", "submitted_at", "agenda_item_id"),
    Index("item_by_meeting", "meeting_id"),
)
stage = Table(
    "stage",
    metadata,
    Column("agenda_item_id", Uuid, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("owner_organ", Text, nullable=False),
    Column("owner_unit", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("due", MOMENT, nullable=False),
    Column("statutory_last_day", Date),
    Column("near", MOMENT, nullable=False),
    Column("status", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("statutory_missed", Boolean, nullable=False),
    Column("delivered_at", MOMENT),
    Column("doc_no", Text),
    Column("late_work_days", Integer),
    Column("days_after_statutory", Integer),
    Column("late_accepted", Boolean, nullable=False),
    Column("comments", Integer),
    Index("stage_late", "late", "due"),
)


async def project(event: AgendaItemEvent, rows: Rows) -> None:
    """Bring the list up to date with *event*."""
    match event:
        case AgendaItemSubmitted():
            _submit(event, rows)
        case AgendaItemAccepted():
            await _set(event.agenda_item_id, rows, status="accepted")
        case AgendaItemRefused():
            await _set(event.agenda_item_id, rows, status="refused")
        case AgendaItemScheduled():
            await _schedule(event, rows)
        case AgendaItemDecided():
            counted = {"votes_for": event.votes_for, "votes_against": event.votes_against}
            counted |= {"abstentions": event.abstentions, "speeches": event.speeches}
            decided = {"status": "decided", "outcome": event.outcome.value}
            await _set(event.agenda_item_id, rows, **decided, **counted)
        case OfStage():
            await _project_material(event, rows)
        case ResolutionAdopted():
            pass  # The outcome says so already.
        case _:
            assert_never(event)


async def _project_material(event: MaterialEvent, rows: Rows) -> None:
    match event:
        case MaterialNearDue():
            await _mark(event, rows, status="near")
        case MaterialLate():
            await _mark(event, rows, status="late", late=True)
        case StatutoryDayMissed():
            await _mark(event, rows, statutory_missed=True)
        case MaterialDelivered():
            judged = {"late": event.late, "late_work_days": event.late_work_days}
            judged |= {"days_after_statutory": event.days_after_statutory}
            taken = {"delivered_at": event.delivered_at, "doc_no": event.doc_no}
            await _mark(event, rows, status="delivered", **taken, **judged)
        case LateMaterialAccepted():
            await _mark(event, rows, late_accepted=True)
        case MaterialReviewed():
            await _mark(event, rows, comments=event.comments)
        case MaterialWaived():
            await _mark(event, rows, status="waived")
        case _:
            assert_never(event)


def _submit(event: AgendaItemSubmitted, rows: Rows) -> None:
    rows.insert(
        item,
        agenda_item_id=event.agenda_item_id,
        organ=event.organ,
        meeting_body=event.meeting_body,
        kind=event.kind.value,
        title=event.title,
        status="submitted",
        reporting_organ=event.reporting_organ,
        reporting_unit=event.reporting_unit,
        office=event.office,
        reviewing_committee=event.reviewing_committee,
        submitted_by_unit=event.submitted_by_unit,
        submitted_at=event.submitted_at,
        prompted_by_number=event.prompted_by_number,
    )


async def _schedule(event: AgendaItemScheduled, rows: Rows) -> None:
    """Write the stages that are listed anew; on another meeting nothing else stays."""
    connection = await rows.written()
    of_item = stage.c.agenda_item_id == event.agenda_item_id
    found = await connection.execute(
        select(item.c.meeting_id, item.c.outcome).where(
            item.c.agenda_item_id == event.agenda_item_id
        )
    )
    before = found.one()
    listed = [s.stage.value for s in event.stages]
    if before.meeting_id == event.meeting_id and before.outcome is None:
        of_item &= stage.c.stage.in_(listed)
    await connection.execute(delete(stage).where(of_item))
    for scheduled in event.stages:
        rows.insert(
            stage,
            agenda_item_id=event.agenda_item_id,
            stage=scheduled.stage.value,
            owner_organ=scheduled.owner_organ,
            owner_unit=scheduled.owner_unit,
            basis=scheduled.basis.value,
            due=scheduled.deadline.due,
            statutory_last_day=scheduled.deadline.statutory_last_day,
            near=scheduled.near,
            status="open",
            late=False,
            statutory_missed=False,
            late_accepted=False,
        )
    at = {"meeting_id": event.meeting_id, "ordinal": event.ordinal, "day": event.day}
    await _set(event.agenda_item_id, rows, status="scheduled", outcome=None, **at)


async def _set(item_id: UUID, rows: Rows, **values: Any) -> None:
    await rows.update(item, {"agenda_item_id": item_id}, values)


async def _mark(event: OfStage, rows: Rows, **values: Any) -> None:
    key = {"agenda_item_id": event.agenda_item_id, "stage": event.stage.value}
    await rows.update(stage, key, values)


AGENDA_ITEMS = Projection(
    name="agenda_items", version=1, tables=metadata, project={"agenda_item": project}
)
