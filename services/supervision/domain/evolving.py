"""How each event changes what a supervised matter remembers."""

from dataclasses import dataclass, replace
from typing import Self, assert_never

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
from services.supervision.domain.state import NEVER, Feedback, MatterState, Result
from services.supervision.domain.words import FeedbackKind


@dataclass(frozen=True, kw_only=True, slots=True)
class EvolvingMatter(MatterState):
    """A supervised matter that remembers."""

    def evolve(self, event: MatterEvent) -> Self:
        """Return the matter after *event*."""
        match event:
            case MatterOpened():
                return self._opened(event)
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
                    rungs=event.rungs,
                    feedback_dues=event.feedback_dues,
                )
            case MatterReceived():
                return replace(self, received=self.received | {event.unit})
            case MatterReceiptOverdue():
                return replace(self, receipt_overdue=self.receipt_overdue | {event.unit})
            case HandlerNamed():
                return replace(self, handlers={**self.handlers, event.unit: event.handler})
            case MatterDecomposed():
                return replace(self, children={**self.children, event.child_id: False})
            case SubMatterCompleted():
                return replace(self, children={**self.children, event.child_id: True})
            case MatterUrged():
                return self._urged(event)
            case MatterNearDue():
                return replace(self, near_marked=event.due)
            case MatterOverdue():
                return replace(self, overdue_marked=event.due)
            case UrgingSheetPrepared():
                reached = self.reached | {event.rung}
                return replace(
                    self, reached=reached, sheet_for=event.unit, sheet_colour=event.colour
                )
            case UrgingSheetReceived():
                return replace(
                    self, sheets_received=self.sheets_received | {event.sheet_no}
                )
            case MatterEscalated():
                prepared = () if event.sheet is None else (event.rung,)
                return replace(
                    self,
                    reached=self.reached | {event.rung},
                    notices_prepared=self.notices_prepared + prepared,
                )
            case SupervisionNoticeIssued():
                return replace(
                    self,
                    notices_prepared=self.notices_prepared[1:],
                    notices={**self.notices, event.sheet_no: event.unit_head},
                )
            case SupervisionNoticeReceived():
                return replace(
                    self, notices_received=self.notices_received | {event.sheet_no}
                )
            case FeedbackGiven():
                return self._reported(event)
            case FeedbackLate():
                return replace(self, feedback_late=self.feedback_late | {event.period})
            case FeedbackSentBack():
                return self._sent_back(event)
            case FeedbackAccepted():
                return self._accepted(event)
            case HandlingReportNoted():
                result = Result(submitted_at=event.submitted_at, report_no=event.report_no)
                return replace(self, result=result)
            case MatterCompleted():
                return replace(
                    self,
                    submitted_at=event.submitted_at,
                    late=event.late,
                    late_work_days=event.late_work_days,
                )
            case ResultSeen():
                return replace(self, seen={**self.seen, event.seen_by: event.commended})
            case SatisfactionVoteNoted():
                votes = self.votes | {event.meeting_id}
                return replace(self, votes=votes, satisfied=event.satisfied)
            case MatterRoundOpened():
                return self._again(event)
            case MatterClosed():
                return replace(self, closed=True)
            case _:
                assert_never(event)

    def _opened(self, event: MatterOpened) -> Self:
        return replace(
            self,
            source_id=event.source_id,
            source_document_id=event.source_document_id,
            source_document_no=event.source_document_no,
            organ=event.organ,
            addressed_organ=event.addressed_organ,
            number=event.source_no if event.addressed_organ else None,
            parent_id=event.parent_id,
            asked_by=event.asked_by,
            addressee=event.addressee,
            urgency=event.urgency,
            lead=event.lead,
            co=event.co,
            due=event.deadline.due,
            comment_due=event.comment_due,
            outside_due=event.outside_due,
            start=event.deadline.start,
            rhythm=event.rhythm,
            assign_due=event.assign_due,
        )

    def _urged(self, event: MatterUrged) -> Self:
        if event.sheet_no is None:
            return self  # neither a call nor a timer leaves anything to decide by
        sheets = {**self.sheets, event.sheet_no: event.unit}
        return replace(self, sheet_for=None, sheet_colour=None, sheets=sheets)

    def _reported(self, event: FeedbackGiven) -> Self:
        given = Feedback(kind=event.kind, submitted_at=event.submitted_at)
        answered = self.feedback_answered
        for each in self.feedback_dues:
            if each.period == event.period:
                answered = each.due
        return replace(
            self,
            feedback={**self.feedback, event.feedback_id: given},
            feedback_answered=answered,
        )

    def _sent_back(self, event: FeedbackSentBack) -> Self:
        again = replace(self.feedback[event.feedback_id], sent_back=True)
        moved = {rung.code: rung for rung in event.rungs}
        answered = self.feedback_answered
        for each in self.feedback_dues:  # what ended while the office reviewed is not owed
            if again.submitted_at < each.due <= event.sent_back_at:
                answered = each.due
        return replace(
            self,
            feedback={**self.feedback, event.feedback_id: again},
            feedback_answered=answered,
            sent_back=event.times,
            rungs=tuple(moved.get(rung.code, rung) for rung in self.rungs),
        )

    def _accepted(self, event: FeedbackAccepted) -> Self:
        accepted = replace(self.feedback[event.feedback_id], accepted=True)
        result = self.result
        if accepted.kind is FeedbackKind.FINAL:
            result = Result(
                submitted_at=accepted.submitted_at, feedback_id=event.feedback_id
            )
        feedback = {**self.feedback, event.feedback_id: accepted}
        return replace(self, feedback=feedback, result=result)

    def _again(self, event: MatterRoundOpened) -> Self:
        return replace(
            self,
            round=event.round,
            due=event.deadline.due,
            comment_due=event.comment_due,
            start=event.deadline.start,
            reached=frozenset(),
            result=None,
            submitted_at=NEVER,
            late=False,
            late_work_days=None,
            seen={},
        )
