"""The list of matters: open, near, overdue, waiting; by unit, by leader, by number."""

from typing import Any, assert_never

from sqlalchemy import func, select, update

from chassis.projection import Projection
from chassis.rows import Rows
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


async def project(event: MatterEvent, rows: Rows) -> None:  # noqa: C901, PLR0912, PLR0915 (a case an event)
    """Bring the list up to date with *event*."""
    match event:
        case MatterOpened():
            rows.insert(matter, **matter_rows.opened(event))
        case MatterAssigned():
            await _set(event, rows, **matter_rows.assigned(event))
        case MatterReceived(unit=unit):
            await _set(
                event, rows, status="in_progress", received=matter.c.received + [unit]
            )
        case HandlerNamed():
            await _name(event, rows)
        case MatterDecomposed(child_id=child):
            await _set(event, rows, children=matter.c.children + [child])
        case MatterNearDue() | MatterOverdue():
            await _set(event, rows, light=event.light)
        case UrgingSheetPrepared():
            await _reach(event, rows, sheet_prepared=True)
        case MatterEscalated():
            values: dict[str, Any] = {"escalated": matter.c.escalated + 1}
            if event.sheet is not None:
                waiting = matter.c.notices_waiting + 1
                values |= {"notice_prepared": True, "notices_waiting": waiting}
            await _reach(event, rows, **values)
        case MatterUrged(sheet_no=None):
            await _set(event, rows, urged=matter.c.urged + 1)
        case MatterUrged(sheet_no=sheet_no):
            values = {"sheet_no": sheet_no, "sheet_prepared": False}
            values |= {"sheet_received": False, "urged": matter.c.urged + 1}
            await _set(event, rows, **values)
        case UrgingSheetReceived():
            await _set(event, rows, sheet_received=True)
        case SupervisionNoticeIssued(sheet_no=number):
            waiting = matter.c.notices_waiting
            values = {"notice_prepared": waiting > 1, "notices_waiting": waiting - 1}
            values |= {"notice_no": number, "notice_received": False}
            await _set(event, rows, **values)
        case SupervisionNoticeReceived():
            await _set(event, rows, notice_received=True)
        case FeedbackGiven():
            await _report(event, rows)
        case FeedbackSentBack():
            rungs = matter_rows.steps(event.rungs)
            values = {"status": "in_progress", "feedback_waiting": None, "rungs": rungs}
            await _set(event, rows, sent_back=event.times, **values)
        case HandlingReportNoted():
            await _set(event, rows, status="feedback")
        case FeedbackAccepted(feedback_id=feedback_id):
            waiting = func.nullif(matter.c.feedback_waiting, feedback_id)
            await _set(event, rows, feedback_waiting=waiting)
        case MatterCompleted(late_work_days=late):
            values = {"status": "completed", "feedback_waiting": None, "rungs": []}
            values |= {"sheet_prepared": False, "notice_prepared": False}
            await _set(event, rows, late_work_days=late, next_feedback=None, **values)
        case MatterRoundOpened():
            await _set(event, rows, **matter_rows.begun_again(event))
        case MatterClosed():
            await _set(event, rows, status="closed", closed_at=event.closed_at)
        case ResultSeen() | SatisfactionVoteNoted() | SubMatterCompleted():
            pass  # The list shows results, not the way there.
        case MatterAssignmentOverdue() | MatterReceiptOverdue() | FeedbackLate():
            pass  # The ledger's business; what is late stays the next that is owed.
        case _:
            assert_never(event)


async def _report(event: FeedbackGiven, rows: Rows) -> None:
    values: dict[str, Any] = {}
    if event.kind is FeedbackKind.FINAL:
        values = {"status": "feedback", "feedback_waiting": event.feedback_id}
    if event.period is not None:
        values["next_feedback"] = event.next_due
    if values:
        await _set(event, rows, **values)


async def _reach(
    event: UrgingSheetPrepared | MatterEscalated, rows: Rows, **values: Any
) -> None:
    """Take the rung that was reached off those to come."""
    connection = await rows.written()
    asked = select(matter.c.rungs).where(matter.c.matter_id == event.matter_id)
    rungs = (await connection.execute(asked)).scalar_one()
    left = [rung for rung in rungs if rung["code"] != event.rung]
    await _set(event, rows, rungs=left, light=event.light, **values)


async def _name(event: HandlerNamed, rows: Rows) -> None:
    """Note who handles it, where the unit that says so is its lead."""
    connection = await rows.written()
    led = (matter.c.matter_id == event.matter_id, matter.c.lead == event.unit)
    await connection.execute(update(matter).where(*led).values(handler=event.handler))


async def _set(event: MatterEvent, rows: Rows, **values: Any) -> None:
    await rows.update(matter, {"matter_id": event.matter_id}, values)


MATTERS = Projection(
    name="matters", version=3, tables=metadata, project={"matter": project}
)
