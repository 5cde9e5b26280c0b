"""What can have happened to a deliberation opinion 审议意见.

It is compiled by the reviewing committee, passed by the chairpersons' meeting and handed
over to the organ that it addresses (监督法 第十七条).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label
from chassis.workdays import Deadline
from services.meetings.domain.words import OpinionStep, SatisfactionOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliberationOpinionOpened(Event):
    """A meeting that heard a report has closed: its opinion is to be compiled (审议意见待整理)."""

    label: ClassVar[Label] = Label("审议意见待整理", "Deliberation opinion opened")

    opinion_id: UUID
    organ: str
    agenda_item_id: UUID
    meeting_id: UUID
    title: str
    reviewing_committee: str
    addressed_organ: str
    addressed_unit: str
    draft: Deadline
    hand_over: Deadline
    opened_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliberationOpinionDrafted(Event):
    """The committee handed in what it compiled (整理审议意见)."""

    label: ClassVar[Label] = Label("整理审议意见", "Deliberation opinion drafted")

    opinion_id: UUID
    organ: str
    reviewing_committee: str
    text: str
    due: datetime
    drafted_by: str
    drafted_at: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliberationOpinionPassed(Event):
    """The chairpersons' meeting passed it (审议意见通过)."""

    label: ClassVar[Label] = Label("审议意见通过", "Deliberation opinion passed")

    opinion_id: UUID
    organ: str
    reviewing_committee: str
    passed_meeting_body: str
    passed_ordinal: int
    passed_meeting: str
    recorded_by: str
    passed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliberationOpinionHandedOver(Event):
    """The addressed organ has it, and has to deal with it (审议意见转交)."""

    label: ClassVar[Label] = Label("审议意见转交", "Deliberation opinion handed over")

    opinion_id: UUID
    organ: str
    number: str
    agenda_item_id: UUID
    meeting_id: UUID
    handed_over_by: str
    handed_over_at: datetime
    addressed_organ: str
    addressed_unit: str
    reviewing_committee: str
    deadline: Deadline
    comment: Deadline
    hand_over_due: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OpinionStepOverdue(Event):
    """The limit of a step passed without the step (审议意见环节超时)."""

    label: ClassVar[Label] = Label("审议意见环节超时", "Opinion step overdue")

    opinion_id: UUID
    organ: str
    number: str | None
    step: OpinionStep
    due: datetime
    reviewing_committee: str
    addressed_organ: str
    addressed_unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OfHandling(Event):
    """What every event about the handling of an opinion names."""

    opinion_id: UUID
    organ: str
    number: str
    reviewing_committee: str
    addressed_organ: str
    addressed_unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingReportDrafted(OfHandling):
    """The draft of the handling report is at the committee (报告送审)."""

    label: ClassVar[Label] = Label("研究处理情况报告送审", "Handling report drafted")

    due: datetime
    drafted_by: str
    drafted_at: datetime
    late: bool
    late_work_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingReportCommented(OfHandling):
    """The committee has read that draft (报告审阅)."""

    label: ClassVar[Label] = Label("研究处理情况报告审阅", "Handling report commented")

    comments: int
    remarks: str | None
    commented_by: str
    commented_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingReportDelivered(OfHandling):
    """The organ reported what came of the opinion (研究处理情况报告)."""

    label: ClassVar[Label] = Label("研究处理情况报告", "Handling report delivered")

    doc_no: str
    delivered_by: str
    delivered_at: datetime
    due: datetime
    late: bool
    late_work_days: int
    days_early: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SatisfactionVoted(OfHandling):
    """The members judged what came of it; not satisfied, it is dealt with again (满意度测评)."""

    label: ClassVar[Label] = Label("满意度测评", "Satisfaction voted")

    satisfied: int
    basically_satisfied: int
    dissatisfied: int
    outcome: SatisfactionOutcome
    meeting_id: UUID
    recorded_by: str
    voted_at: datetime
    again: Deadline | None
    comment_again: Deadline | None


OpinionEvent: TypeAlias = (
    DeliberationOpinionOpened
    | DeliberationOpinionDrafted
    | DeliberationOpinionPassed
    | DeliberationOpinionHandedOver
    | OpinionStepOverdue
    | HandlingReportDrafted
    | HandlingReportCommented
    | HandlingReportDelivered
    | SatisfactionVoted
)
