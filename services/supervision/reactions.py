"""What an event of ours makes us do next: the timers of receipt, light and ladder."""

from collections.abc import Mapping, Sequence

from chassis.parts import Parts
from chassis.timers import Arm, Disarm, DisarmAll, Fired, Firing, Setting
from services.supervision.domain.commands import (
    MarkAssignmentOverdue,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
    MatterCommand,
    PrepareUrgingSheet,
)
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
from services.supervision.domain.matter import MATTER

ASSIGNMENT = "assignment"
RECEIPT = "receipt"
NEAR = "near"
OVERDUE = "overdue"
SHEET = "sheet"


def arm_matter(event: MatterEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms."""
    match event:
        case MatterOpened(assign_due=assign_due):
            overdue = Arm(name=OVERDUE, due_at=event.deadline.due)
            assignment = [Arm(name=ASSIGNMENT, due_at=assign_due)] if assign_due else []
            return [overdue, *assignment]
        case MatterAssigned():
            return _assigned(event)
        case MatterAssignmentOverdue():
            return [Disarm(name=ASSIGNMENT)]
        case MatterReceived(unit=unit) | MatterReceiptOverdue(unit=unit):
            return [Disarm(name=RECEIPT, rung=unit)]
        case MatterNearDue():
            return [Disarm(name=NEAR)]
        case MatterOverdue():
            return [Disarm(name=OVERDUE)]
        case UrgingSheetPrepared():
            return [Disarm(name=SHEET)]
        case MatterCompleted() | MatterClosed():
            return [DisarmAll()]
        case HandlerNamed() | MatterUrged() | UrgingSheetReceived():
            return []
        case FeedbackGiven() | FeedbackAccepted() | ResultSeen():
            return []  # A waiting feedback silences the rungs in `decide`, not the timers.


def _assigned(event: MatterAssigned) -> Sequence[Setting]:
    receipts = [
        Arm(name=RECEIPT, rung=unit, due_at=event.receive_due)
        for unit in (event.lead, *event.co)
        if event.receive_due is not None
    ]
    return [
        Disarm(name=ASSIGNMENT),
        *receipts,
        Arm(name=NEAR, due_at=event.near),
        Arm(name=OVERDUE, due_at=event.due),
        Arm(name=SHEET, due_at=event.sheet_due),
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

    async def sheet(fired: Fired) -> None:
        due = (await matters.read(fired.item_id)).state.due
        await execute(fired, PrepareUrgingSheet(matter_id=fired.item_id, due=due))

    return {
        ASSIGNMENT: assignment,
        RECEIPT: receipt,
        NEAR: near,
        OVERDUE: overdue,
        SHEET: sheet,
    }
