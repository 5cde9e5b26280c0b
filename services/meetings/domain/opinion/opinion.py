"""A deliberation opinion 审议意见: compiled, passed and handed over (监督法 第十七条; P-OPN).

`handling` is what the addressed organ does about it; `state` is what both decide by.
"""

from dataclasses import dataclass
from typing import assert_never, get_args

from chassis.domain import Category, UnknownItemError
from services.meetings.domain.opinion import handling, refusals
from services.meetings.domain.opinion.commands import (
    CommentHandlingReport,
    DeliverHandlingReport,
    DraftHandlingReport,
    DraftOpinion,
    HandOverOpinion,
    MarkOpinionStepOverdue,
    OpenOpinion,
    OpinionCommand,
    PassOpinion,
    RecordSatisfactionVote,
)
from services.meetings.domain.opinion.events import (
    DeliberationOpinionDrafted,
    DeliberationOpinionHandedOver,
    DeliberationOpinionOpened,
    DeliberationOpinionPassed,
    OpinionEvent,
    OpinionStepOverdue,
)
from services.meetings.domain.opinion.state import OpinionState
from services.meetings.domain.ordinals import name_of
from services.meetings.domain.words import MeetingBodyKind, OpinionStep


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion(OpinionState):
    """A deliberation opinion that decides."""

    def decide(self, command: OpinionCommand) -> list[OpinionEvent]:
        """Return the events that *command* causes, or refuse it."""
        if not self.organ and not isinstance(command, OpenOpinion):
            raise UnknownItemError
        match command:
            case OpenOpinion():
                return self._open(command)
            case DraftOpinion():
                return self._draft(command)
            case PassOpinion():
                return self._pass(command)
            case HandOverOpinion():
                return self._hand_over(command)
            case MarkOpinionStepOverdue():
                return self._mark_overdue(command)
            case DraftHandlingReport():
                return handling.draft_report(self, command)
            case CommentHandlingReport():
                return handling.comment_report(self, command)
            case DeliverHandlingReport():
                return handling.deliver_report(self, command)
            case RecordSatisfactionVote():
                return handling.record_vote(self, command)
            case _:
                assert_never(command)

    def _open(self, command: OpenOpinion) -> list[OpinionEvent]:
        if self.organ:
            return []
        calendar, limits = command.calendar, command.limits
        day = calendar.local(command.opened_at).date()
        return [
            DeliberationOpinionOpened(
                opinion_id=command.opinion_id,
                organ=command.organ,
                agenda_item_id=command.agenda_item_id,
                meeting_id=command.meeting_id,
                title=command.title,
                reviewing_committee=command.reviewing_committee,
                addressed_organ=command.addressed_organ,
                addressed_unit=command.addressed_unit,
                draft=calendar.add_work_days(day, limits.draft_work_days),
                hand_over=calendar.add_work_days(day, limits.hand_over_work_days),
                opened_at=command.opened_at,
            )
        ]

    def _draft(self, command: DraftOpinion) -> list[OpinionEvent]:
        if OpinionStep.DRAFT in self.taken:
            raise refusals.OpinionAlreadyDraftedError
        due = self.due[OpinionStep.DRAFT]
        return [
            DeliberationOpinionDrafted(
                opinion_id=self.opinion_id,
                organ=self.organ,
                reviewing_committee=self.reviewing_committee,
                text=command.text,
                due=due,
                drafted_by=command.drafted_by,
                drafted_at=command.drafted_at,
                late=command.drafted_at > due,
                late_work_days=command.calendar.late_work_days(due, command.drafted_at),
            )
        ]

    def _pass(self, command: PassOpinion) -> list[OpinionEvent]:
        meeting_body = command.meeting_body
        if (
            meeting_body.kind is not MeetingBodyKind.CHAIRPERSONS
            or meeting_body.organ != self.organ
        ):
            raise refusals.NotTheChairpersonsError(meeting_body=meeting_body.name_zh)
        if OpinionStep.DRAFT not in self.taken:
            raise refusals.NotDraftedError
        if self.passed_by is not None:
            raise refusals.OpinionAlreadyPassedError(meeting=self.passed_by)
        return [
            DeliberationOpinionPassed(
                opinion_id=self.opinion_id,
                organ=self.organ,
                reviewing_committee=self.reviewing_committee,
                passed_meeting_body=meeting_body.code,
                passed_ordinal=command.ordinal,
                passed_meeting=name_of(command.ordinal, meeting_body.name_zh),
                recorded_by=command.recorded_by,
                passed_at=command.passed_at,
            )
        ]

    def _hand_over(self, command: HandOverOpinion) -> list[OpinionEvent]:
        """Hand it over: months run from here, and the draft is due some days before their end."""
        if self.passed_by is None:
            raise refusals.NotPassedError
        if self.number is not None:
            raise refusals.AlreadyHandedOverError(number=self.number)
        calendar, limits = command.calendar, command.limits
        at, hand_over_due = command.handed_over_at, self.due[OpinionStep.HAND_OVER]
        deadline = calendar.add_months(calendar.local(at).date(), limits.months)
        last = calendar.day_of(deadline.due)
        return [
            DeliberationOpinionHandedOver(
                opinion_id=self.opinion_id,
                organ=self.organ,
                number=command.number,
                agenda_item_id=self.agenda_item_id,
                meeting_id=self.meeting_id,
                handed_over_by=command.handed_over_by,
                handed_over_at=at,
                addressed_organ=self.addressed_organ,
                addressed_unit=self.addressed_unit,
                reviewing_committee=self.reviewing_committee,
                deadline=deadline,
                comment=calendar.days_before(last, limits.comment_days_before),
                hand_over_due=hand_over_due,
                late=at > hand_over_due,
                late_work_days=calendar.late_work_days(hand_over_due, at),
            )
        ]

    def _mark_overdue(self, command: MarkOpinionStepOverdue) -> list[OpinionEvent]:
        """Mark once for a due date that a step was not taken."""
        superseded = self.due.get(command.step) != command.due
        known = self.taken | self.overdue
        if superseded or command.step in known or self.done:
            return []
        return [
            OpinionStepOverdue(
                opinion_id=self.opinion_id,
                organ=self.organ,
                number=self.number,
                step=command.step,
                due=command.due,
                reviewing_committee=self.reviewing_committee,
                addressed_organ=self.addressed_organ,
                addressed_unit=self.addressed_unit,
            )
        ]


OPINION: Category[Opinion, OpinionCommand, OpinionEvent] = Category(
    name="opinion",
    noun="DeliberationOpinion",
    initial=Opinion(),
    events=get_args(OpinionEvent),
    commands=get_args(OpinionCommand),
)
