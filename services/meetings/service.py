"""Meetings, composed: what it serves, follows and takes."""

from pathlib import Path

from chassis.series import NUMBER_SERIES
from chassis.service import Service
from services.meetings import contracts, reactions
from services.meetings.api import ROUTERS
from services.meetings.consumers import subscriptions
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.projections.agenda_items import AGENDA_ITEMS
from services.meetings.projections.meetings import MEETINGS
from services.meetings.projections.opinions import OPINIONS

SERVICE = Service(
    name="meetings",
    title="Shuniu meetings 办会",
    folder=Path(__file__).parent,
    categories=(MEETING, AGENDA_ITEM, OPINION, NUMBER_SERIES),
    projections=(MEETINGS, AGENDA_ITEMS, OPINIONS),
    topics=contracts.TOPICS,
    to_public=contracts.to_public,
    arming={
        "meeting": reactions.arm_meeting,
        "agenda_item": reactions.arm_item,
        "opinion": reactions.arm_opinion,
    },
    firing=reactions.firing,
    reactions=reactions.reactions,
    subscriptions=subscriptions,
    routers=ROUTERS,
)
