"""Which timers an event of ours arms and disarms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

from chassis.timers import Arm, Disarm, DisarmAll, Setting
from services.meetings.domain.agenda_item.events import (
    AgendaItemAccepted,
    AgendaItemDecided,
    AgendaItemEvent,
    AgendaItemRefused,
    AgendaItemScheduled,
    AgendaItemSubmitted,
    ResolutionAdopted,
)
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialEvent,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    OfStage,
    StatutoryDayMissed,
)
from services.meetings.domain.agenda_item.stages import ScheduledStage
from services.meetings.domain.meeting.events import (
    AgendaItemPlaced,
    MeetingClosed,
    MeetingEvent,
    MeetingHeld,
    MeetingNoticed,
    MeetingNoticeOverdue,
    MeetingRescheduled,
    MeetingScheduled,
    NoticeReceiptsRecorded,
    OutcomeRecorded,
)
from services.meetings.domain.opinion.events import (
    DeliberationOpinionDrafted,
    DeliberationOpinionHandedOver,
    DeliberationOpinionOpened,
    DeliberationOpinionPassed,
    HandlingReportCommented,
    HandlingReportDelivered,
    HandlingReportDrafted,
    OfHandling,
    OpinionEvent,
    OpinionStepOverdue,
    SatisfactionVoted,
)
from services.meetings.domain.words import OpinionStep

NOTICE: Final = "notice"
NEAR: Final = "near"
LATE: Final = "late"
STATUTORY: Final = "statutory"
STEP: Final = "step"

HandlingEvent: TypeAlias = (
    HandlingReportDrafted
    | HandlingReportCommented
    | HandlingReportDelivered
    | SatisfactionVoted
)


def arm_meeting(event: MeetingEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms: one, for the notice."""
    match event:
        case MeetingScheduled() | MeetingRescheduled():
            return [Arm(name=NOTICE, due_at=event.notice.due)]
        case MeetingNoticed() | MeetingNoticeOverdue():
            return [Disarm(name=NOTICE)]
        case MeetingHeld() | MeetingClosed():
            return [DisarmAll()]
        case AgendaItemPlaced() | NoticeReceiptsRecorded() | OutcomeRecorded():
            return []


def arm_item(event: AgendaItemEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms: three a stage."""
    match event:
        case AgendaItemScheduled():
            return [setting for s in event.stages for setting in _of_stage(s, event)]
        case OfStage():
            return _after_material(event)
        case AgendaItemDecided():
            return [DisarmAll()]
        case AgendaItemSubmitted() | AgendaItemAccepted() | AgendaItemRefused():
            return []
        case ResolutionAdopted():
            return []


def arm_opinion(event: OpinionEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms: one a step."""
    match event:
        case DeliberationOpinionOpened():
            return [
                _step(OpinionStep.DRAFT, event.draft.due),
                _step(OpinionStep.HAND_OVER, event.hand_over.due),
            ]
        case DeliberationOpinionDrafted():
            return [_taken(OpinionStep.DRAFT)]
        case DeliberationOpinionPassed():
            return []
        case DeliberationOpinionHandedOver():
            return [
                _taken(OpinionStep.HAND_OVER),
                _step(OpinionStep.COMMENT_DRAFT, event.comment.due),
                _step(OpinionStep.REPORT, event.deadline.due),
            ]
        case OpinionStepOverdue(step=step):
            return [_taken(step)]
        case OfHandling():
            return _after_handling(event)


def _after_material(event: MaterialEvent) -> Sequence[Setting]:
    match event:
        case MaterialNearDue(stage=stage):
            return [Disarm(name=NEAR, rung=stage.value)]
        case MaterialLate(stage=stage):
            return [Disarm(name=name, rung=stage.value) for name in (NEAR, LATE)]
        case StatutoryDayMissed(stage=stage):
            return [Disarm(name=STATUTORY, rung=stage.value)]
        case MaterialDelivered(stage=stage) | MaterialWaived(stage=stage):
            names = (NEAR, LATE, STATUTORY)
            return [Disarm(name=name, rung=stage.value) for name in names]
        case LateMaterialAccepted() | MaterialReviewed():
            return []


def _after_handling(event: HandlingEvent) -> Sequence[Setting]:
    match event:
        case HandlingReportDrafted():
            return [_taken(OpinionStep.COMMENT_DRAFT)]
        case HandlingReportCommented():
            return []
        case HandlingReportDelivered():
            return [_taken(OpinionStep.REPORT)]
        case SatisfactionVoted(again=again, comment_again=comment):
            rounds = {OpinionStep.COMMENT_DRAFT: comment, OpinionStep.REPORT: again}
            arms = [_step(step, limit.due) for step, limit in rounds.items() if limit]
            return [DisarmAll(), *arms]


def _of_stage(stage: ScheduledStage, event: AgendaItemScheduled) -> Sequence[Setting]:
    rung, due = stage.stage.value, stage.deadline.due
    settings: list[Setting] = [
        Disarm(name=NEAR, rung=rung),
        Disarm(name=STATUTORY, rung=rung),
        Arm(name=LATE, rung=rung, due_at=due),
    ]
    if due > event.scheduled_at:
        settings.append(Arm(name=NEAR, rung=rung, due_at=stage.near))
    if stage.statutory_ends is not None:
        settings.append(Arm(name=STATUTORY, rung=rung, due_at=stage.statutory_ends))
    return settings


def _step(step: OpinionStep, due: datetime) -> Setting:
    return Arm(name=STEP, rung=step.value, due_at=due)


def _taken(step: OpinionStep) -> Setting:
    return Disarm(name=STEP, rung=step.value)
