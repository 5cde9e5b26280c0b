"""A meeting, its item and an opinion that are there: for tests of every door."""

from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.opinion import OPINION
from tests.support.meeting_samples import (
    ITEM_ID,
    MEETING_ID,
    OPINION_ID,
    accept,
    place,
    plan,
    schedule,
    submit,
)
from tests.support.opinion_samples import OPEN, PASS, draft, hand_over
from tests.support.samples import cause
from tests.support.suite import Suite


async def meeting_ids(suite: Suite) -> dict[str, str]:
    """Make them, past all doors; return their ids by the path that names them."""
    store = suite.hosted.running["meetings"].parts.store
    for planning in (plan(), place()):
        await store.execute(MEETING, MEETING_ID, planning, cause())
    for preparing in (submit(), accept(), schedule()):
        await store.execute(AGENDA_ITEM, ITEM_ID, preparing, cause())
    for compiling in (OPEN, draft(), PASS, hand_over()):
        await store.execute(OPINION, OPINION_ID, compiling, cause())
    return {
        "{meeting_id}": str(MEETING_ID),
        "{agenda_item_id}": str(ITEM_ID),
        "{opinion_id}": str(OPINION_ID),
        "{stage}": "draft_for_comment",
    }
