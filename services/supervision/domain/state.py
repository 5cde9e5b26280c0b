"""What a supervised matter remembers, and how each event changes that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Self, assert_never
from uuid import UUID

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
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    NotAssignedToUnitError,
    NotReceivedError,
)
from services.supervision.domain.words import FeedbackKind

NEVER = datetime.max.replace(tzinfo=UTC)
NOWHERE = UUID(int=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """A feedback, reduced to what accepting it needs."""

    kind: FeedbackKind
    submitted_at: datetime
    accepted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterState:
    """A supervised matter, reduced to what its decisions need and its events must name.

    *source_id* is None until it is opened, *number* until it is assigned, *late_work_days*
    until it is completed. *lead* and *co* are as assigned; before that, as the leader who
    asked named them. *sheet_for* is the unit whose urging sheet waits to be issued,
    *sheets* are the issued ones with the units they urge.
    """

    source_id: UUID | None = None
    source_document_id: UUID = NOWHERE
    source_document_no: str | None = None
    organ: str = ""
    asked_by: str = ""
    addressee: str | None = None
    urgency: str = ""
    due: datetime = NEVER
    outside_due: datetime | None = None
    start: date = date.max
    assign_due: datetime | None = None
    assignment_overdue: bool = False
    number: str | None = None
    lead: str | None = None
    co: tuple[str, ...] = ()
    receive_due: datetime | None = None
    received: frozenset[str] = frozenset()
    receipt_overdue: frozenset[str] = frozenset()
    handlers: Mapping[str, str] = field(default_factory=dict)
    near_marked: datetime | None = None
    overdue_marked: datetime | None = None
    sheet_prepared: bool = False
    sheet_for: str | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    sheets_received: frozenset[str] = frozenset()
    feedback: Mapping[UUID, Feedback] = field(default_factory=dict)
    completed_at: datetime = NEVER
    late: bool = False
    late_work_days: int | None = None
    result_seen: bool = False
    closed: bool = False

    @property
    def units(self) -> frozenset[str]:
        """The units that it is assigned to: none until it is."""
        if self.number is None or self.lead is None:
            return frozenset()
        return frozenset((self.lead, *self.co))

    @property
    def final_waits(self) -> bool:
        """Whether a final feedback waits to be accepted."""
        return any(
            given.kind is FeedbackKind.FINAL and not given.accepted
            for given in self.feedback.values()
        )

    @property
    def answered(self) -> bool:
        """Whether the lead has answered, so that the lights and rungs rest."""
        return self.late_work_days is not None or self.final_waits

    def expect_not_closed(self) -> None:
        """Refuse to change what is closed."""
        if self.closed:
            raise AlreadyClosedError

    def expect_unit(self, unit: str) -> str:
        """Return the number, or refuse *unit* where it neither leads nor co-handles."""
        if self.number is None or unit not in self.units:
            raise NotAssignedToUnitError(unit=unit)
        return self.number

    def expect_received(self, unit: str) -> str:
        """Return the number, or refuse *unit* until it has received the matter."""
        number = self.expect_unit(unit)
        if unit not in self.received:
            raise NotReceivedError(unit=unit)
        return number

    def evolve(self, event: MatterEvent) -> Self:
        """Return the matter after *event*."""
        match event:
            case MatterOpened():
                return replace(
                    self,
                    source_id=event.source_id,
                    source_document_id=event.source_document_id,
                    source_document_no=event.source_document_no,
                    organ=event.organ,
                    asked_by=event.asked_by,
                    addressee=event.addressee,
                    urgency=event.urgency,
                    lead=event.lead,
                    co=event.co,
                    due=event.deadline.due,
                    outside_due=event.outside_due,
                    start=event.deadline.start,
                    assign_due=event.assign_due,
                )
            case MatterAssignmentOverdue():
                return replace(self, assignment_overdue=True)
            case MatterAssigned():
                return replace(
                    self,
                    number=event.number,
                    lead=event.lead,
                    co=event.co,
                    due=event.due,
                    receive_due=event.receive_due,
                )
            case MatterReceived():
                return replace(self, received=self.received | {event.unit})
            case MatterReceiptOverdue():
                return replace(self, receipt_overdue=self.receipt_overdue | {event.unit})
            case HandlerNamed():
                return replace(self, handlers={**self.handlers, event.unit: event.handler})
            case MatterUrged():
                return self._urged(event)
            case MatterNearDue():
                return replace(self, near_marked=event.due)
            case MatterOverdue():
                return replace(self, overdue_marked=event.due)
            case UrgingSheetPrepared():
                return replace(self, sheet_prepared=True, sheet_for=event.unit)
            case UrgingSheetReceived():
                return replace(
                    self, sheets_received=self.sheets_received | {event.sheet_no}
                )
            case FeedbackGiven():
                given = Feedback(kind=event.kind, submitted_at=event.submitted_at)
                return replace(self, feedback={**self.feedback, event.feedback_id: given})
            case FeedbackAccepted():
                accepted = replace(self.feedback[event.feedback_id], accepted=True)
                return replace(
                    self, feedback={**self.feedback, event.feedback_id: accepted}
                )
            case MatterCompleted():
                return replace(
                    self,
                    completed_at=event.judged_at,
                    late=event.late,
                    late_work_days=event.late_work_days,
                )
            case ResultSeen():
                return replace(self, result_seen=True)
            case MatterClosed():
                return replace(self, closed=True)
            case _:
                assert_never(event)

    def _urged(self, event: MatterUrged) -> Self:
        if event.sheet_no is None:
            return self  # a call leaves nothing to decide by
        sheets = {**self.sheets, event.sheet_no: event.unit}
        return replace(self, sheet_for=None, sheets=sheets)
