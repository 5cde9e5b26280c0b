"""What a deliberation opinion remembers, and how each event changes that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Self, TypedDict, assert_never
from uuid import UUID

from services.meetings.domain.opinion.events import (
    DeliberationOpinionDrafted,
    DeliberationOpinionHandedOver,
    DeliberationOpinionOpened,
    DeliberationOpinionPassed,
    HandlingReportCommented,
    HandlingReportDelivered,
    HandlingReportDrafted,
    OpinionEvent,
    OpinionStepOverdue,
    SatisfactionVoted,
)
from services.meetings.domain.opinion.refusals import NotHandedOverError, OpinionDoneError
from services.meetings.domain.words import OpinionStep, SatisfactionOutcome

NOWHERE = UUID(int=0)
NEVER = datetime.max.replace(tzinfo=UTC)


class NamesHandling(TypedDict):
    """The fields of `OfHandling`."""

    opinion_id: UUID
    organ: str
    number: str
    reviewing_committee: str
    addressed_organ: str
    addressed_unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpinionState:
    """A deliberation opinion, reduced to what its decisions need and its events must name.

    *organ* is empty until it is opened, *number* None until it is handed over. *due* holds
    each step's limit from when it is known, *taken* the steps of this round that were taken,
    *reported_at* when the last report came in, *judged_at* the meetings that voted.
    """

    opinion_id: UUID = NOWHERE
    organ: str = ""
    agenda_item_id: UUID = NOWHERE
    meeting_id: UUID = NOWHERE
    title: str = ""
    reviewing_committee: str = ""
    addressed_organ: str = ""
    addressed_unit: str = ""
    due: Mapping[OpinionStep, datetime] = field(default_factory=dict)
    taken: frozenset[OpinionStep] = frozenset()
    overdue: frozenset[OpinionStep] = frozenset()
    passed_by: str | None = None
    number: str | None = None
    reported_at: datetime = NEVER
    judged_at: frozenset[UUID] = frozenset()
    done: bool = False

    def expect_handed_over(self) -> NamesHandling:
        """Return what each event about its handling names, or refuse what comes too early."""
        if self.number is None:
            raise NotHandedOverError
        if self.done:
            raise OpinionDoneError(number=self.number)
        return NamesHandling(
            opinion_id=self.opinion_id,
            organ=self.organ,
            number=self.number,
            reviewing_committee=self.reviewing_committee,
            addressed_organ=self.addressed_organ,
            addressed_unit=self.addressed_unit,
        )

    def evolve(self, event: OpinionEvent) -> Self:
        """Return the opinion after *event*."""
        match event:
            case DeliberationOpinionOpened():
                return self._opened(event)
            case DeliberationOpinionDrafted():
                return self._took(OpinionStep.DRAFT)
            case DeliberationOpinionPassed():
                return replace(self, passed_by=event.passed_meeting)
            case DeliberationOpinionHandedOver():
                due = {
                    OpinionStep.COMMENT_DRAFT: event.comment.due,
                    OpinionStep.REPORT: event.deadline.due,
                }
                return replace(
                    self,
                    number=event.number,
                    due={**self.due, **due},
                    taken=self.taken | {OpinionStep.HAND_OVER},
                )
            case OpinionStepOverdue():
                return replace(self, overdue=self.overdue | {event.step})
            case HandlingReportDrafted():
                return self._took(OpinionStep.COMMENT_DRAFT)
            case HandlingReportCommented():
                return self
            case HandlingReportDelivered():
                took = self._took(OpinionStep.REPORT)
                return replace(took, reported_at=event.delivered_at)
            case SatisfactionVoted():
                return self._voted(event)
            case _:
                assert_never(event)

    def _took(self, step: OpinionStep) -> Self:
        return replace(self, taken=self.taken | {step})

    def _opened(self, event: DeliberationOpinionOpened) -> Self:
        return replace(
            self,
            opinion_id=event.opinion_id,
            organ=event.organ,
            agenda_item_id=event.agenda_item_id,
            meeting_id=event.meeting_id,
            title=event.title,
            reviewing_committee=event.reviewing_committee,
            addressed_organ=event.addressed_organ,
            addressed_unit=event.addressed_unit,
            due={
                OpinionStep.DRAFT: event.draft.due,
                OpinionStep.HAND_OVER: event.hand_over.due,
            },
        )

    def _voted(self, event: SatisfactionVoted) -> Self:
        judged_at = self.judged_at | {event.meeting_id}
        if event.outcome is SatisfactionOutcome.SATISFIED:
            return replace(self, judged_at=judged_at, done=True)
        again = {OpinionStep.COMMENT_DRAFT, OpinionStep.REPORT}
        due = dict(self.due)
        if event.again is not None and event.comment_again is not None:
            due[OpinionStep.REPORT] = event.again.due
            due[OpinionStep.COMMENT_DRAFT] = event.comment_again.due
        return replace(
            self,
            due=due,
            taken=self.taken - again,
            overdue=self.overdue - again,
            judged_at=judged_at,
        )
