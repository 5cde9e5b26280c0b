"""What the digest knows of a matter: as its last event left it."""

from datetime import timedelta
from uuid import uuid4

from google.protobuf.message import Message

from chassis.wire import timestamp
from services.notifier.domain.events import Line
from services.notifier.projections.matters import keep, lines_of
from shuniu.supervision.v1 import events_pb2 as supervision
from tests.support.alerts import Process
from tests.support.samples import NOON

MATTER = str(uuid4())
LEADER = "zhou.zhiyuan"
OPENED = supervision.MatterOpened(
    matter_id=MATTER,
    organ="gov",
    lead="water",
    asked_by=LEADER,
    asked_at=timestamp(NOON),
    due=timestamp(NOON + timedelta(days=10)),
)
FINAL = supervision.FeedbackGiven(
    matter_id=MATTER, kind=supervision.FEEDBACK_KIND_FINAL, unit="water"
)


async def line(streamer: Process, *told: Message) -> Line:
    """Return the matter's line in the digest after *told*."""
    parts = streamer.running.parts
    async with parts.engine.begin() as connection:
        for message in (OPENED, *told):
            await keep(message, connection)
        (found,) = await lines_of(connection, LEADER, NOON, parts.calendar)
        return found


async def test_a_result_that_was_sent_back_is_not_under_review_any_more(
    streamer: Process,
) -> None:
    assert (await line(streamer, FINAL)).feedback
    sent_back = supervision.FeedbackSentBack(matter_id=MATTER, unit="water")
    assert not (await line(streamer, sent_back)).feedback


async def test_a_new_round_is_open_and_has_its_own_due_date(streamer: Process) -> None:
    due = NOON + timedelta(days=90)
    completed = supervision.MatterCompleted(matter_id=MATTER)
    assert (await line(streamer, FINAL, completed)).completed
    again = supervision.MatterRoundOpened(matter_id=MATTER, round=2, due=timestamp(due))
    found = await line(streamer, again)
    assert (found.feedback, found.completed, found.due) == (False, False, due)
