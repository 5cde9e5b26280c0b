"""The list of matters: open, near, overdue, waiting; by unit, by leader, by number."""

from typing import Any, assert_never

from sqlalchemy import (
    ARRAY,
    Boolean,
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
    insert,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from services.supervision.domain.events import (
    FeedbackAccepted,
    FeedbackGiven,
    HandlerNamed,
    MatterAssigned,
    MatterAssignmentOverdue,
    MatterClosed,
    MatterCompleted,
    MatterEvent,
    MatterNearDue,
    MatterOpened,
    MatterOverdue,
    MatterReceiptOverdue,
    MatterReceived,
    MatterUrged,
    ResultSeen,
    UrgingSheetPrepared,
    UrgingSheetReceived,
)
from services.supervision.domain.words import FeedbackKind

metadata = MetaData()
MOMENT = DateTime(timezone=True)

matter = Table(
    "matter",
    metadata,
    Column("matter_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("light", Text, nullable=False),
    Column("number", Text),
    Column("subject", Text),
    Column("requirement", Text),
    Column("source_document_id", Uuid, nullable=False),
    Column("source_document_no", Text),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("addressee", Text),
    Column("lead", Text),
    Column("responsible_person", Text),
    Column("handler", Text),
    Column("assigned_by", Text),
    Column("co", ARRAY(Text), nullable=False),
    Column("received", ARRAY(Text), nullable=False),
    Column("start", Date, nullable=False),
    Column("counted", ARRAY(Date), nullable=False),
    Column("rule", Text, nullable=False),
    Column("due", MOMENT, nullable=False),
    Column("outside_due", MOMENT),
    Column("lead_time_work_days", Integer),
    Column("assign_due", MOMENT),
    Column("sheet_no", Text),
    Column("sheet_prepared", Boolean, nullable=False),
    Column("sheet_received", Boolean, nullable=False),
    Column("urged", Integer, nullable=False),
    Column("feedback_waiting", Uuid),
    Column("late_work_days", Integer),
    Column("closed_at", MOMENT),
    Index("matter_by_number", "number"),
    Index("matter_by_due", "organ", "status", "due", "matter_id"),
    Index("matter_by_lead", "lead", "due", "matter_id"),
    Index("matter_by_source", "source_document_id"),
)


async def project(event: MatterEvent, connection: AsyncConnection) -> None:  # noqa: C901, PLR0912 (a case an event)
    """Bring the list up to date with *event*."""
    match event:
        case MatterOpened():
            await _open(event, connection)
        case MatterAssigned():
            await _set(
                event,
                connection,
                status="assigned",
                number=event.number,
                subject=event.subject,
                requirement=event.requirement,
                lead=event.lead,
                responsible_person=event.responsible_person,
                assigned_by=event.assigned_by,
                co=list(event.co),
            )
        case MatterReceived(unit=unit):
            await _set(
                event, connection, status="in_progress", received=matter.c.received + [unit]
            )
        case HandlerNamed():
            await _set(event, connection, _led_by(event.unit), handler=event.handler)
        case MatterNearDue():
            await _set(event, connection, light="yellow")
        case MatterOverdue():
            await _set(event, connection, light="red")
        case UrgingSheetPrepared():
            await _set(event, connection, sheet_prepared=True)
        case MatterUrged(sheet_no=sheet_no):
            values: dict[str, Any] = {"urged": matter.c.urged + 1}
            if sheet_no is not None:
                values |= {"sheet_no": sheet_no, "sheet_prepared": False}
            await _set(event, connection, **values)
        case UrgingSheetReceived():
            await _set(event, connection, sheet_received=True)
        case FeedbackGiven(kind=FeedbackKind.FINAL):
            await _set(
                event, connection, status="feedback", feedback_waiting=event.feedback_id
            )
        case MatterCompleted():
            late = event.late_work_days
            await _set(
                event,
                connection,
                status="completed",
                feedback_waiting=None,
                late_work_days=late,
            )
        case MatterClosed():
            await _set(event, connection, status="closed", closed_at=event.closed_at)
        case FeedbackGiven() | FeedbackAccepted() | ResultSeen():
            pass  # The list shows results, not the way there.
        case MatterAssignmentOverdue() | MatterReceiptOverdue():
            pass  # The ledger's business.
        case _:
            assert_never(event)


async def _open(event: MatterOpened, connection: AsyncConnection) -> None:
    await connection.execute(
        insert(matter).values(
            matter_id=event.matter_id,
            organ=event.organ,
            status="opened",
            light="green",
            source_document_id=event.source_document_id,
            source_document_no=event.source_document_no,
            asked_by=event.asked_by,
            asked_at=event.asked_at,
            addressee=event.addressee,
            lead=event.lead,
            co=list(event.co),
            received=[],
            start=event.deadline.start,
            counted=list(event.deadline.counted),
            rule=event.deadline.rule,
            due=event.deadline.due,
            outside_due=event.outside_due,
            lead_time_work_days=event.lead_time_work_days,
            assign_due=event.assign_due,
            sheet_prepared=False,
            sheet_received=False,
            urged=0,
        )
    )


async def _set(
    event: MatterEvent,
    connection: AsyncConnection,
    *also: ColumnElement[bool],
    **values: Any,
) -> None:
    statement = update(matter).where(matter.c.matter_id == event.matter_id, *also)
    await connection.execute(statement.values(**values))


def _led_by(unit: str) -> ColumnElement[bool]:
    return matter.c.lead == unit


MATTERS = Projection(
    name="matters", version=1, tables=metadata, project={"matter": project}
)
