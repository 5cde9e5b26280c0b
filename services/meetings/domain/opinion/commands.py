"""What can be asked of a deliberation opinion."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.meetings.domain.meeting_bodies import MeetingBody, OpinionLimits
from services.meetings.domain.words import OpinionStep


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenOpinion(Command):
    """A meeting closed that deliberated the item."""

    opinion_id: UUID
    organ: str
    agenda_item_id: UUID
    meeting_id: UUID
    title: str
    reviewing_committee: str
    addressed_organ: str
    addressed_unit: str
    opened_at: datetime
    limits: OpinionLimits
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftOpinion(Command):
    """Hand in what the committee compiled."""

    opinion_id: UUID
    text: str
    drafted_by: str
    drafted_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class PassOpinion(Command):
    """Record that the chairpersons' meeting number *ordinal* passed it."""

    opinion_id: UUID
    meeting_body: MeetingBody
    ordinal: int
    recorded_by: str
    passed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverOpinion(Command):
    """Hand it over under the number just drawn."""

    opinion_id: UUID
    number: str
    handed_over_by: str
    handed_over_at: datetime
    limits: OpinionLimits
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkOpinionStepOverdue(Command):
    """A timer says that a step had to be taken by *due*."""

    opinion_id: UUID
    step: OpinionStep
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftHandlingReport(Command):
    """Send the draft of the handling report to the committee."""

    opinion_id: UUID
    drafted_by: str
    drafted_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentHandlingReport(Command):
    """Give the committee's comments on that draft."""

    opinion_id: UUID
    comments: int
    remarks: str | None
    commented_by: str
    commented_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverHandlingReport(Command):
    """Deliver the handling report."""

    opinion_id: UUID
    doc_no: str
    delivered_by: str
    delivered_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordSatisfactionVote(Command):
    """Record the vote of a meeting; whether it was held, and who may vote, is looked up.

    *deliberating_body* is the meeting body that made the opinion, and the one that judges.
    *electorate* is what more than half is counted of (P-SAT). *again_by* is the day on which
    a new report is due where the members were not satisfied.
    """

    opinion_id: UUID
    satisfied: int
    basically_satisfied: int
    dissatisfied: int
    meeting_id: UUID
    meeting_organ: str
    meeting_body: str
    meeting_day: date
    deliberating_body: str
    present: int | None
    electorate: int
    again_by: date | None
    recorded_by: str
    voted_at: datetime
    limits: OpinionLimits
    calendar: Calendar


OpinionCommand: TypeAlias = (
    OpenOpinion
    | DraftOpinion
    | PassOpinion
    | HandOverOpinion
    | MarkOpinionStepOverdue
    | DraftHandlingReport
    | CommentHandlingReport
    | DeliverHandlingReport
    | RecordSatisfactionVote
)
