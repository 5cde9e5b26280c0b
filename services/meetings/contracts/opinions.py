"""What others may know of deliberation opinions."""

from typing import assert_never

from google.protobuf.message import Message

from chassis import wire
from services.meetings.contracts.days import day_text
from services.meetings.domain.opinion import events
from shuniu.meetings.v1 import events_pb2 as public


def opinion_to_public(event: events.OpinionEvent) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.DeliberationOpinionOpened():
            return public.DeliberationOpinionOpened(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                agenda_item_id=str(event.agenda_item_id),
                meeting_id=str(event.meeting_id),
                reviewing_committee=event.reviewing_committee,
                addressed_organ=event.addressed_organ,
                addressed_unit=event.addressed_unit,
                draft_due=wire.timestamp(event.draft.due),
                hand_over_due=wire.timestamp(event.hand_over.due),
                opened_at=wire.timestamp(event.opened_at),
            )
        case events.DeliberationOpinionDrafted():
            return public.DeliberationOpinionDrafted(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                reviewing_committee=event.reviewing_committee,
                due=wire.timestamp(event.due),
                drafted_by=event.drafted_by,
                drafted_at=wire.timestamp(event.drafted_at),
                late=event.late,
                late_work_days=event.late_work_days,
            )
        case events.DeliberationOpinionPassed():
            return public.DeliberationOpinionPassed(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                reviewing_committee=event.reviewing_committee,
                passed_meeting_body=event.passed_meeting_body,
                passed_ordinal=event.passed_ordinal,
                recorded_by=event.recorded_by,
                passed_at=wire.timestamp(event.passed_at),
            )
        case events.DeliberationOpinionHandedOver():
            return public.DeliberationOpinionHandedOver(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                number=event.number,
                agenda_item_id=str(event.agenda_item_id),
                meeting_id=str(event.meeting_id),
                handed_over_by=event.handed_over_by,
                handed_over_at=wire.timestamp(event.handed_over_at),
                addressed_organ=event.addressed_organ,
                reviewing_committee=event.reviewing_committee,
                due=wire.timestamp(event.deadline.due),
                due_statutory_last_day=day_text(event.deadline.statutory_last_day) or "",
                comment_due=wire.timestamp(event.comment.due),
                addressed_unit=event.addressed_unit,
                hand_over_due=wire.timestamp(event.hand_over_due),
                late=event.late,
                late_work_days=event.late_work_days,
            )
        case events.OpinionStepOverdue():
            return public.OpinionStepOverdue(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                number=event.number,
                step=wire.value_of(public.OpinionStep, event.step),
                due=wire.timestamp(event.due),
                reviewing_committee=event.reviewing_committee,
                addressed_organ=event.addressed_organ,
                addressed_unit=event.addressed_unit,
            )
        case events.HandlingReportDrafted():
            return public.HandlingReportDrafted(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                number=event.number,
                reviewing_committee=event.reviewing_committee,
                addressed_organ=event.addressed_organ,
                addressed_unit=event.addressed_unit,
                due=wire.timestamp(event.due),
                drafted_by=event.drafted_by,
                drafted_at=wire.timestamp(event.drafted_at),
                late=event.late,
                late_work_days=event.late_work_days,
            )
        case events.HandlingReportCommented():
            return public.HandlingReportCommented(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                number=event.number,
                reviewing_committee=event.reviewing_committee,
                addressed_organ=event.addressed_organ,
                addressed_unit=event.addressed_unit,
                comments=event.comments,
                commented_by=event.commented_by,
                commented_at=wire.timestamp(event.commented_at),
            )
        case events.HandlingReportDelivered():
            return public.HandlingReportDelivered(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                number=event.number,
                doc_no=event.doc_no,
                delivered_by=event.delivered_by,
                delivered_at=wire.timestamp(event.delivered_at),
                due=wire.timestamp(event.due),
                late=event.late,
                late_work_days=event.late_work_days,
                days_early=event.days_early,
                reviewing_committee=event.reviewing_committee,
                addressed_organ=event.addressed_organ,
                addressed_unit=event.addressed_unit,
            )
        case events.SatisfactionVoted():
            return public.SatisfactionVoted(
                opinion_id=str(event.opinion_id),
                organ=event.organ,
                number=event.number,
                satisfied=event.satisfied,
                basically_satisfied=event.basically_satisfied,
                dissatisfied=event.dissatisfied,
                outcome=wire.value_of(public.SatisfactionOutcome, event.outcome),
                meeting_id=str(event.meeting_id),
                voted_at=wire.timestamp(event.voted_at),
                due_again=wire.timestamp(event.again.due if event.again else None),
                comment_due_again=wire.timestamp(
                    event.comment_again.due if event.comment_again else None
                ),
                reviewing_committee=event.reviewing_committee,
                addressed_organ=event.addressed_organ,
                addressed_unit=event.addressed_unit,
            )
        case _:
            assert_never(event)
