"""What others may know of our events: each stored event's public message, or why it has none.

Public messages carry no subject, no text and no personal data; `proto/` says what they promise.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from google.protobuf.message import Message

from chassis.series import NumberDrawn, SeriesEvent, SeriesOpened
from services.supervision.contracts import assigning, reporting, scoring, urging
from services.supervision.domain import events
from services.supervision.domain.evaluation.events import ScoreEvent, ScorePublished

TOPICS: Final[Mapping[str, str]] = {
    "matter": "public.supervision.matter.v1",
    "score": "public.supervision.score.v1",
}
"""The topic of each category of streams that others may follow."""


def to_public(
    event: events.MatterEvent | ScoreEvent | SeriesEvent,
) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.MatterOpened():
            return assigning.opened(event)
        case events.MatterAssignmentOverdue():
            return assigning.assignment_overdue(event)
        case events.MatterAssigned():
            return assigning.assigned(event)
        case events.MatterReceived():
            return assigning.received(event)
        case events.MatterReceiptOverdue():
            return assigning.receipt_overdue(event)
        case events.HandlerNamed():
            return assigning.handler_named(event)
        case events.MatterRoundOpened():
            return assigning.round_opened(event)
        case events.MatterUrged():
            return urging.urged(event)
        case events.MatterNearDue():
            return urging.near_due(event)
        case events.MatterOverdue():
            return urging.overdue(event)
        case events.UrgingSheetPrepared():
            return urging.sheet_prepared(event)
        case events.UrgingSheetReceived():
            return urging.sheet_received(event)
        case events.MatterEscalated():
            return urging.escalated(event)
        case events.SupervisionNoticeIssued():
            return urging.notice_issued(event)
        case events.SupervisionNoticeReceived():
            return urging.notice_received(event)
        case events.FeedbackGiven():
            return reporting.feedback_given(event)
        case events.FeedbackLate():
            return reporting.feedback_late(event)
        case events.FeedbackSentBack():
            return reporting.sent_back(event)
        case events.MatterCompleted():
            return reporting.completed(event)
        case events.ResultSeen():
            return reporting.result_seen(event)
        case events.MatterClosed():
            return reporting.closed(event)
        case events.FeedbackAccepted():
            return None  # of a result MatterCompleted tells; progress changes nothing
        case events.MatterDecomposed() | events.SubMatterCompleted():
            return None  # the sub-matter's own messages name their parent
        case events.HandlingReportNoted() | events.SatisfactionVoteNoted():
            return None  # meetings told it; what follows from it is told
        case ScorePublished():
            return scoring.score_published(event)
        case SeriesOpened() | NumberDrawn():
            return None  # a number is told with the item that it was drawn for
        case _:
            assert_never(event)
