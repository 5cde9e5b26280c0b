"""Progress that was not fed back when its period ended: told once, and urged by itself."""

from services.supervision.domain.commands import MarkFeedbackLate
from services.supervision.domain.events import FeedbackLate, MatterEvent, MatterUrged
from services.supervision.domain.rhythm import FeedbackDue
from services.supervision.domain.state import MatterState
from services.supervision.domain.words import UrgeMeans


def mark_feedback_late(matter: MatterState, command: MarkFeedbackLate) -> list[MatterEvent]:
    """Mark once a period that the lead fed nothing back since the one before, and urge it."""
    if FeedbackDue(period=command.period, due=command.due) not in matter.feedback_dues:
        return []  # superseded
    answered = matter.feedback_answered
    if matter.answered or (answered is not None and answered >= command.due):
        return []
    if command.period in matter.feedback_late:
        return []
    if matter.number is None or matter.lead is None:
        return []
    return [
        FeedbackLate(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.lead,
            period=command.period,
            due=command.due,
        ),
        MatterUrged(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.lead,
            means=UrgeMeans.AUTOMATIC,
            by_hand=False,
            urged_by=command.marked_by,
            urged_at=command.due,
        ),
    ]
