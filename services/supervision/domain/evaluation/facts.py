"""Facts: what an event of a matter says of a unit's work. The ledger is the list of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.supervision.domain.evaluation.words import FactKind
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The circumstances of a stored event that a fact names."""

    event_id: UUID
    event_type: str
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One entry of the ledger: what happened to a unit in a matter, by which event.

    *late* is of a completion, *work_days* by how many it was; *by* is who commended.
    """

    event_id: UUID
    event_type: str
    occurred_at: datetime
    kind: FactKind
    organ: str
    unit: str
    matter_id: UUID
    number: str
    late: bool = False
    work_days: int = 0
    by: str | None = None


def fact_of(event: MatterEvent, recorded: Recorded) -> Fact | None:
    """Return what *event* says of a unit's work, or None.

    Of the whole matter it is the work of the unit that leads: no unit's where the matter is
    addressed to an organ, which is never scored.
    """
    match event:
        case MatterAssigned():
            return _fact(FactKind.ASSIGNED, event, event.lead, recorded)
        case MatterReceived():
            late = event.minutes_late > 0
            unit = event.unit if late else None
            return _fact(FactKind.RECEIVED_LATE, event, unit, recorded)
        case MatterReceiptOverdue():
            return _fact(FactKind.RECEIPT_OVERDUE, event, event.unit, recorded)
        case FeedbackLate():
            return _fact(FactKind.FEEDBACK_LATE, event, event.unit, recorded)
        case FeedbackSentBack():
            return _fact(FactKind.SENT_BACK, event, event.unit, recorded)
        case MatterEscalated():
            return _fact(FactKind.ESCALATED, event, event.unit, recorded)
        case MatterCompleted():
            judged = {"late": event.late, "work_days": event.late_work_days}
            return _fact(FactKind.COMPLETED, event, event.lead, recorded, **judged)
        case ResultSeen():
            unit = event.lead if event.commended else None
            return _fact(FactKind.COMMENDED, event, unit, recorded, by=event.seen_by)
        case MatterClosed():
            return _fact(FactKind.CLOSED, event, event.lead, recorded)
        case MatterOpened() | MatterAssignmentOverdue() | MatterDecomposed():
            return None  # the office's part
        case HandlerNamed() | FeedbackGiven() | FeedbackAccepted():
            return None  # the work itself: what counts is what came of it
        case MatterNearDue() | MatterOverdue() | MatterUrged() | UrgingSheetPrepared():
            return None  # lateness is judged once, when it is over
        case (
            UrgingSheetReceived() | SupervisionNoticeIssued() | SupervisionNoticeReceived()
        ):
            return None  # the same
        case SubMatterCompleted():
            return None  # the sub-matter is an item of its own
        case HandlingReportNoted() | SatisfactionVoteNoted() | MatterRoundOpened():
            return None  # an organ answered: it is never scored


def _fact(
    kind: FactKind, event: Any, unit: str | None, recorded: Recorded, **more: Any
) -> Fact | None:
    if unit is None or event.number is None or getattr(event, "addressed_organ", None):
        return None
    return Fact(
        event_id=recorded.event_id,
        event_type=recorded.event_type,
        occurred_at=recorded.occurred_at,
        kind=kind,
        organ=event.organ,
        unit=unit,
        matter_id=event.matter_id,
        number=event.number,
        **more,
    )
