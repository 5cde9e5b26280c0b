"""The list of matters: open, near, overdue, waiting; by unit, by leader, by number."""

from typing import Any, assert_never

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from services.supervision.domain.events import (
    FeedbackAccepted,
    FeedbackGiven,
    FeedbackLate,
    FeedbackSentBack,
    HandlerNamed,
    HandlingReportNoted,
    MatterAssigned,
    MatterAssignmentOverdue,
    MatterClosed,
    MatterCompleted,
    MatterDecomposed,
    MatterEscalated,
    MatterEvent,
    MatterNearDue,
    MatterOpened,
    MatterOverdue,
    MatterReceiptOverdue,
    MatterReceived,
    MatterRoundOpened,
    MatterUrged,
    ResultSeen,
    SatisfactionVoteNoted,
    SubMatterCompleted,
    SupervisionNoticeIssued,
    SupervisionNoticeReceived,
    UrgingSheetPrepared,
    UrgingSheetReceived,
)
from services.supervision.domain.words import FeedbackKind
from services.supervision.projections import matter_rows
from services.supervision.projections.matter_table import matter, metadata


async def project(event: MatterEvent, connection: AsyncConnection) -> None:  # noqa: C901, PLR0912, PLR0915 (a case an event)
    """Bring the list up to date with *event*."""
    match event:
        case MatterOpened():
            await connection.execute(insert(matter).values(**matter_rows.opened(event)))
        case MatterAssigned():
            await _set(event, connection, **matter_rows.assigned(event))
        case MatterReceived(unit=unit):
            await _set(
                event, connection, status="in_progress", received=matter.c.received + [unit]
            )
        case HandlerNamed():
            await _set(event, connection, _led_by(event.unit), handler=event.handler)
        case MatterDecomposed(child_id=child):
            await _set(event, connection, children=matter.c.children + [child])
        case MatterNearDue() | MatterOverdue():
            await _set(event, connection, light=event.light)
        case UrgingSheetPrepared():
            await _reach(event, connection, sheet_prepared=True)
        case MatterEscalated():
            values: dict[str, Any] = {"escalated": matter.c.escalated + 1}
            if event.sheet is not None:
                waiting = matter.c.notices_waiting + 1
                values |= {"notice_prepared": True, "notices_waiting": waiting}
            await _reach(event, connection, **values)
        case MatterUrged(sheet_no=None):
            await _set(event, connection, urged=matter.c.urged + 1)
        case MatterUrged(sheet_no=sheet_no):
            values = {"sheet_no": sheet_no, "sheet_prepared": False}
            values |= {"sheet_received": False, "urged": matter.c.urged + 1}
            await _set(event, connection, **values)
        case UrgingSheetReceived():
            await _set(event, connection, sheet_received=True)
        case SupervisionNoticeIssued(sheet_no=number):
            waiting = matter.c.notices_waiting
            values = {"notice_prepared": waiting > 1, "notices_waiting": waiting - 1}
            values |= {"notice_no": number, "notice_received": False}
            await _set(event, connection, **values)
        case SupervisionNoticeReceived():
            await _set(event, connection, notice_received=True)
        case FeedbackGiven():
            await _report(event, connection)
        case FeedbackSentBack():
            rungs = matter_rows.steps(event.rungs)
            values = {"status": "in_progress", "feedback_waiting": None, "rungs": rungs}
            await _set(event, connection, sent_back=event.times, **values)
        case HandlingReportNoted():
            await _set(event, connection, status="feedback")
        case FeedbackAccepted(feedback_id=feedback_id):
            waiting = func.nullif(matter.c.feedback_waiting, feedback_id)
            await _set(event, connection, feedback_waiting=waiting)
        case MatterCompleted(late_work_days=late):
            values = {"status": "completed", "feedback_waiting": None, "rungs": []}
            values |= {"sheet_prepared": False, "notice_prepared": False}
            await _set(event, connection, late_work_days=late, next_feedback=None, **values)
        case MatterRoundOpened():
            await _set(event, connection, **matter_rows.begun_again(event))
        case MatterClosed():
            await _set(event, connection, status="closed", closed_at=event.closed_at)
        case ResultSeen() | SatisfactionVoteNoted() | SubMatterCompleted():
            pass  # The list shows results, not the way there.
        case MatterAssignmentOverdue() | MatterReceiptOverdue() | FeedbackLate():
            pass  # The ledger's business; what is late stays the next that is owed.
        case _:
            assert_never(event)


async def _report(event: FeedbackGiven, connection: AsyncConnection) -> None:
    values: dict[str, Any] = {}
    if event.kind is FeedbackKind.FINAL:
        values = {"status": "feedback", "feedback_waiting": event.feedback_id}
    if event.period is not None:
        values["next_feedback"] = event.next_due
    if values:
        await _set(event, connection, **values)


async def _reach(
    event: UrgingSheetPrepared | MatterEscalated, connection: AsyncConnection, **values: Any
) -> None:
    """Take the rung that was reached off those to come."""
    asked = select(matter.c.rungs).where(matter.c.matter_id == event.matter_id)
    rungs = (await connection.execute(asked)).scalar_one()
    left = [rung for rung in rungs if rung["code"] != event.rung]
    await _set(event, connection, rungs=left, light=event.light, **values)


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
    name="matters", version=2, tables=metadata, project={"matter": project}
)
