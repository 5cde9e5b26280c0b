"""What others may know of our events: each stored event's public message, or why it has none.

Public messages carry no title, no text and no reason; `proto/` says what they promise.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from google.protobuf.message import Message

from chassis.series import NumberDrawn, SeriesEvent, SeriesOpened
from services.meetings.contracts.agenda_items import item_to_public
from services.meetings.contracts.materials import material_to_public
from services.meetings.contracts.meetings import meeting_to_public
from services.meetings.contracts.opinions import opinion_to_public
from services.meetings.domain.agenda_item.events import AgendaItemEvent, OfItem
from services.meetings.domain.agenda_item.material_events import OfStage
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
from services.meetings.domain.opinion.events import OpinionEvent

TOPICS: Final[Mapping[str, str]] = {
    "meeting": "public.meetings.meeting.v1",
    "agenda_item": "public.meetings.agenda-item.v1",
    "opinion": "public.meetings.opinion.v1",
}
"""The topic of each category of streams that others may follow."""

PublicEvent: TypeAlias = MeetingEvent | AgendaItemEvent | OpinionEvent | SeriesEvent


def to_public(event: PublicEvent) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case (
            MeetingScheduled()
            | MeetingRescheduled()
            | AgendaItemPlaced()
            | MeetingNoticed()
            | MeetingNoticeOverdue()
            | NoticeReceiptsRecorded()
            | MeetingHeld()
            | OutcomeRecorded()
            | MeetingClosed()
        ):
            return meeting_to_public(event)
        case OfStage():
            return material_to_public(event)
        case OfItem():
            return item_to_public(event)
        case SeriesOpened() | NumberDrawn():
            return None  # a number is told with the opinion that it was drawn for
        case _:
            return opinion_to_public(event)


__all__ = ["TOPICS", "to_public"]
