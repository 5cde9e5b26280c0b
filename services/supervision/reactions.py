"""What an event of ours makes us do next: the timers, and what a parent learns of its children."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.parts import Parts
from chassis.reactions import React
from chassis.store import Cause, Stored
from chassis.timers import Arm, Disarm, DisarmAll, Fired, Firing, Setting
from services.supervision.domain.commands import (
    MarkAssignmentOverdue,
    MarkFeedbackLate,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
    MatterCommand,
    NoteSubMatterCompleted,
    ReachRung,
)
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
from services.supervision.domain.ladder import DatedRung
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import RungAt

ASSIGNMENT = "assignment"
RECEIPT = "receipt"
NEAR = "near"
OVERDUE = "overdue"
RUNG = "rung"
FEEDBACK = "feedback"


def arm_matter(event: MatterEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms."""
    match event:
        case MatterOpened():
            return _opened(event)
        case MatterAssigned():
            return _assigned(event)
        case MatterRoundOpened():
            due = Arm(name=OVERDUE, due_at=event.deadline.due)
            return [Arm(name=NEAR, due_at=event.near), due]
        case MatterAssignmentOverdue():
            return [Disarm(name=ASSIGNMENT)]
        case MatterReceived(unit=unit) | MatterReceiptOverdue(unit=unit):
            return [Disarm(name=RECEIPT, rung=unit)]
        case MatterNearDue():
            return [Disarm(name=NEAR)]
        case MatterOverdue():
            return [Disarm(name=OVERDUE)]
        case UrgingSheetPrepared(rung=rung) | MatterEscalated(rung=rung):
            return [Disarm(name=RUNG, rung=rung)]
        case FeedbackLate(period=period) | FeedbackGiven(period=str() as period):
            return [Disarm(name=FEEDBACK, rung=period)]
        case FeedbackSentBack(rungs=rungs):
            return _rungs(rungs)
        case MatterCompleted() | MatterClosed():
            return [DisarmAll()]
        case HandlerNamed() | MatterUrged() | UrgingSheetReceived():
            return []
        case SupervisionNoticeIssued() | SupervisionNoticeReceived() | ResultSeen():
            return []
        case MatterDecomposed() | SubMatterCompleted() | SatisfactionVoteNoted():
            return []
        case FeedbackGiven() | FeedbackAccepted() | HandlingReportNoted():
            return []  # What waits silences the rungs in `decide`, not the timers.


def _opened(event: MatterOpened) -> Sequence[Setting]:
    moments = {
        OVERDUE: event.deadline.due,
        ASSIGNMENT: event.assign_due,
        NEAR: event.near,
    }
    return [Arm(name=name, due_at=due) for name, due in moments.items() if due is not None]


def _assigned(event: MatterAssigned) -> Sequence[Setting]:
    receipts = [
        Arm(name=RECEIPT, rung=unit, due_at=event.receive_due)
        for unit in (event.lead, *event.co)
        if event.receive_due is not None
    ]
    feedback = [
        Arm(name=FEEDBACK, rung=each.period, due_at=each.due)
        for each in event.feedback_dues
    ]
    due = Arm(name=OVERDUE, due_at=event.due)
    return [
        Disarm(name=ASSIGNMENT),
        *receipts,
        due,
        *_rungs(event.rungs),
        *feedback,
    ]


def _rungs(rungs: Iterable[DatedRung]) -> list[Setting]:
    names = {RungAt.NEAR: NEAR, RungAt.DUE: OVERDUE}
    return [
        Arm(name=names[rung.at], due_at=rung.due_at)
        if rung.at in names
        else Arm(name=RUNG, rung=rung.code, due_at=rung.due_at)
        for rung in rungs
    ]


def firing(parts: Parts) -> Mapping[str, Firing]:
    """Return what each timer does when its time has come."""
    matters = parts.store.of(MATTER)

    async def execute(fired: Fired, command: MatterCommand) -> None:
        await matters.execute(fired.item_id, command, fired.cause)

    async def assignment(fired: Fired) -> None:
        await execute(
            fired, MarkAssignmentOverdue(matter_id=fired.item_id, due=fired.due_at)
        )

    async def receipt(fired: Fired) -> None:
        command = MarkReceiptOverdue(
            matter_id=fired.item_id, unit=fired.rung, due=fired.due_at
        )
        await execute(fired, command)

    async def near(fired: Fired) -> None:
        due = (await matters.read(fired.item_id)).state.due
        await execute(fired, MarkNearDue(matter_id=fired.item_id, due=due))

    async def overdue(fired: Fired) -> None:
        await execute(fired, MarkOverdue(matter_id=fired.item_id, due=fired.due_at))

    async def rung(fired: Fired) -> None:
        command = ReachRung(matter_id=fired.item_id, rung=fired.rung, at=fired.due_at)
        await execute(fired, command)

    async def feedback(fired: Fired) -> None:
        command = MarkFeedbackLate(
            matter_id=fired.item_id,
            period=fired.rung,
            due=fired.due_at,
            marked_by=fired.cause.actor,
        )
        await execute(fired, command)

    return {
        ASSIGNMENT: assignment,
        RECEIPT: receipt,
        NEAR: near,
        OVERDUE: overdue,
        RUNG: rung,
        FEEDBACK: feedback,
    }


def reactions(parts: Parts) -> Mapping[str, React]:
    """Return what follows from an event of a matter on another matter."""

    async def tell_parent(stored: Stored[Any], cause: Cause) -> None:
        """Tell the parent that a sub-matter is completed."""
        event = stored.event
        if not isinstance(event, MatterCompleted) or event.parent_id is None:
            return
        command = NoteSubMatterCompleted(
            matter_id=event.parent_id,
            child_id=event.matter_id,
            child_number=event.number,
            submitted_at=event.submitted_at,
            noted_by=cause.actor,
            noted_at=cause.occurred_at,
            calendar=parts.calendar,
        )
        await parts.store.execute(MATTER, event.parent_id, command, cause)

    return {"matter": tell_parent}
