"""What a timer does when its time has come: a command to the item that it was armed for."""

from collections.abc import Mapping

from chassis.parts import Parts
from chassis.timers import Fired, Firing
from services.meetings.domain.agenda_item.commands import (
    MarkMaterialLate,
    MarkMaterialNear,
    MarkStatutoryDayMissed,
)
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.commands import MarkMeetingNoticeOverdue
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.commands import MarkOpinionStepOverdue
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.domain.words import MaterialStage, OpinionStep
from services.meetings.reactions.arming import LATE, NEAR, NOTICE, STATUTORY, STEP


def firing(parts: Parts) -> Mapping[str, Firing]:
    """Return what each timer does when its time has come."""
    meetings = parts.store.of(MEETING)
    items, opinions = parts.store.of(AGENDA_ITEM), parts.store.of(OPINION)

    async def notice(fired: Fired) -> None:
        command = MarkMeetingNoticeOverdue(meeting_id=fired.item_id, due=fired.due_at)
        await meetings.execute(fired.item_id, command, fired.cause)

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

    return {
        NOTICE: notice,
        NEAR: near,
        LATE: late,
        STATUTORY: statutory,
        STEP: step,
    }
