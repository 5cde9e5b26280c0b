"""What follows from our own events on other streams: items that move, opinions that open."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.parts import Parts
from chassis.store import Cause, Stored
from chassis.store.cause import derived_id
from services.meetings.domain.agenda_item.commands import MoveAgendaItem
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.events import (
    MeetingClosed,
    MeetingEvent,
    MeetingRescheduled,
)
from services.meetings.domain.opinion.commands import OpenOpinion
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.domain.words import AgendaItemKind, Outcome
from services.meetings.policies import opinion_limits


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
