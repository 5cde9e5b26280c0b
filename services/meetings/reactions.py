"""What an event of ours makes us do next: timers, items that move, opinions that open."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.parts import Parts
from chassis.store import Cause, Stored
from chassis.store.cause import derived_id
from chassis.timers import Arm, Disarm, DisarmAll, Fired, Firing, Setting
from services.meetings.domain.agenda_item.commands import (
    MarkMaterialLate,
    MarkMaterialNear,
    MarkStatutoryDayMissed,
    MoveAgendaItem,
)
from services.meetings.domain.agenda_item.events import (
    AgendaItemAccepted,
    AgendaItemDecided,
    AgendaItemEvent,
    AgendaItemRefused,
    AgendaItemScheduled,
    AgendaItemSubmitted,
    ResolutionAdopted,
)
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    StatutoryDayMissed,
)
from services.meetings.domain.agenda_item.stages import ScheduledStage
from services.meetings.domain.meeting.events import (
    MeetingClosed,
    MeetingEvent,
    MeetingRescheduled,
)
from services.meetings.domain.opinion.commands import MarkOpinionStepOverdue, OpenOpinion
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
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.domain.words import (
    AgendaItemKind,
    MaterialStage,
    OpinionStep,
    Outcome,
)
from services.meetings.policies import opinion_limits

NEAR = "near"
LATE = "late"
STATUTORY = "statutory"
STEP = "step"


def arm_item(event: AgendaItemEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms: three a stage."""
    match event:
        case AgendaItemScheduled():
            return [setting for s in event.stages for setting in _of_stage(s, event)]
        case MaterialNearDue(stage=stage):
            return [Disarm(name=NEAR, rung=stage.value)]
        case MaterialLate(stage=stage):
            return [Disarm(name=name, rung=stage.value) for name in (NEAR, LATE)]
        case StatutoryDayMissed(stage=stage):
            return [Disarm(name=STATUTORY, rung=stage.value)]
        case MaterialDelivered(stage=stage) | MaterialWaived(stage=stage):
            names = (NEAR, LATE, STATUTORY)
            return [Disarm(name=name, rung=stage.value) for name in names]
        case AgendaItemDecided():
            return [DisarmAll()]
        case AgendaItemSubmitted() | AgendaItemAccepted() | AgendaItemRefused():
            return []
        case LateMaterialAccepted() | MaterialReviewed() | ResolutionAdopted():
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
        case DeliberationOpinionHandedOver():
            return [
                _taken(OpinionStep.HAND_OVER),
                _step(OpinionStep.COMMENT_DRAFT, event.comment.due),
                _step(OpinionStep.REPORT, event.deadline.due),
            ]
        case OpinionStepOverdue(step=step):
            return [_taken(step)]
        case HandlingReportDrafted():
            return [_taken(OpinionStep.COMMENT_DRAFT)]
        case HandlingReportDelivered():
            return [_taken(OpinionStep.REPORT)]
        case SatisfactionVoted(again=again, comment_again=comment):
            rounds = {OpinionStep.COMMENT_DRAFT: comment, OpinionStep.REPORT: again}
            arms = [_step(step, limit.due) for step, limit in rounds.items() if limit]
            return [DisarmAll(), *arms]
        case DeliberationOpinionPassed() | HandlingReportCommented():
            return []


def firing(parts: Parts) -> Mapping[str, Firing]:
    """Return what each timer does when its time has come."""
    items, opinions = parts.store.of(AGENDA_ITEM), parts.store.of(OPINION)

    async def near(fired: Fired) -> None:
        stage = MaterialStage(fired.rung)
        command = MarkMaterialNear(
            agenda_item_id=fired.item_id, stage=stage, near=fired.due_at
        )
        await items.execute(fired.item_id, command, fired.cause)

    async def late(fired: Fired) -> None:
        stage = MaterialStage(fired.rung)
        command = MarkMaterialLate(
            agenda_item_id=fired.item_id, stage=stage, due=fired.due_at
        )
        await items.execute(fired.item_id, command, fired.cause)

    async def statutory(fired: Fired) -> None:
        stage = MaterialStage(fired.rung)
        command = MarkStatutoryDayMissed(
            agenda_item_id=fired.item_id, stage=stage, ended=fired.due_at
        )
        await items.execute(fired.item_id, command, fired.cause)

    async def step(fired: Fired) -> None:
        command = MarkOpinionStepOverdue(
            opinion_id=fired.item_id, step=OpinionStep(fired.rung), due=fired.due_at
        )
        await opinions.execute(fired.item_id, command, fired.cause)

    return {NEAR: near, LATE: late, STATUTORY: statutory, STEP: step}


def reactions(
    parts: Parts,
) -> Mapping[str, Callable[[Stored[Any], Cause], Awaitable[object]]]:
    """Return what follows from our own events on other streams of ours."""

    async def follow_meeting(stored: Stored[MeetingEvent], cause: Cause) -> None:
        """Move the items of a meeting that moved; open the opinions of one that closed."""
        event = stored.event
        if isinstance(event, MeetingRescheduled):
            for item_id in event.agenda_item_ids:
                await _move(parts, item_id, event, cause)
        elif isinstance(event, MeetingClosed):
            for item in event.items:
                reported = item.kind is AgendaItemKind.SPECIAL_WORK_REPORT
                if reported and item.outcome is Outcome.DELIBERATED:
                    await _open(parts, item.agenda_item_id, event, cause)

    return {"meeting": follow_meeting}


async def _move(
    parts: Parts, item_id: UUID, event: MeetingRescheduled, cause: Cause
) -> None:
    command = MoveAgendaItem(
        agenda_item_id=item_id,
        meeting_id=event.meeting_id,
        day=event.day,
        moved_at=event.rescheduled_at,
        calendar=parts.calendar,
    )
    own = replace(
        cause.for_target(item_id), correlation_id=None
    )  # goes on in its own story
    await parts.store.execute(AGENDA_ITEM, item_id, command, own)


async def _open(parts: Parts, item_id: UUID, event: MeetingClosed, cause: Cause) -> None:
    history = await parts.store.history(AGENDA_ITEM, item_id)
    item = (await parts.store.read(AGENDA_ITEM, item_id)).state
    opinion_id = derived_id("opinion", event.meeting_id, item_id)
    day = parts.calendar.local(event.closed_at).date()
    command = OpenOpinion(
        opinion_id=opinion_id,
        organ=event.organ,
        agenda_item_id=item_id,
        meeting_id=event.meeting_id,
        title=item.title,
        reviewing_committee=item.reviewing_committee or "",
        addressed_organ=item.sides.reporting_organ,
        addressed_unit=item.sides.reporting_unit,
        opened_at=event.closed_at,
        limits=opinion_limits(parts, day),
        calendar=parts.calendar,
    )
    last = history[-1]  # the opinion goes on in the story of its item
    own = replace(
        cause.for_target(opinion_id),
        correlation_id=last.meta.correlation_id,
        causation_id=last.event_id,
    )
    await parts.store.execute(OPINION, opinion_id, command, own)


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
