"""What others may know of how a matter was answered, completed and closed."""

from chassis import wire
from services.supervision.contracts.about import one, rung
from services.supervision.domain import events
from shuniu.supervision.v1 import events_pb2 as public


def feedback_given(event: events.FeedbackGiven) -> public.FeedbackGiven:
    """Return what tells others that a unit reported."""
    return public.FeedbackGiven(
        **one(event),
        unit=event.unit,
        feedback_id=str(event.feedback_id),
        kind=wire.value_of(public.FeedbackKind, event.kind),
        given_by=event.given_by,
        signed_by=event.signed_by,
        submitted_at=wire.timestamp(event.submitted_at),
        period=event.period,
        late=event.late,
        late_work_days=event.late_work_days,
        next_due=wire.timestamp(event.next_due),
    )


def feedback_late(event: events.FeedbackLate) -> public.FeedbackLate:
    """Return what tells others that progress feedback was not in when it was due."""
    return public.FeedbackLate(
        **one(event), unit=event.unit, period=event.period, due=wire.timestamp(event.due)
    )


def sent_back(event: events.FeedbackSentBack) -> public.FeedbackSentBack:
    """Return what tells others that a result was sent back; not why."""
    return public.FeedbackSentBack(
        **one(event),
        unit=event.unit,
        feedback_id=str(event.feedback_id),
        times=event.times,
        due=wire.timestamp(event.due),
        sent_back_by=event.sent_back_by,
        sent_back_at=wire.timestamp(event.sent_back_at),
        rungs=[rung(pinned) for pinned in event.rungs],
    )


def completed(event: events.MatterCompleted) -> public.MatterCompleted:
    """Return what tells others that it is done."""
    return public.MatterCompleted(
        **one(event),
        lead=event.lead,
        co=event.co,
        addressed_organ=event.addressed_organ,
        parent_id=wire.text(event.parent_id),
        source_document_id=wire.text(event.source_document_id),
        feedback_id=wire.text(event.feedback_id),
        report_no=event.report_no,
        due=wire.timestamp(event.due),
        submitted_at=wire.timestamp(event.submitted_at),
        late=event.late,
        late_work_days=event.late_work_days,
    )


def result_seen(event: events.ResultSeen) -> public.ResultSeen:
    """Return what tells others that a leader has seen the result."""
    return public.ResultSeen(
        **one(event),
        lead=event.lead,
        co=event.co,
        seen_by=event.seen_by,
        seen_at=wire.timestamp(event.seen_at),
        recorded_by=event.recorded_by,
        commended=event.commended,
    )


def closed(event: events.MatterClosed) -> public.MatterClosed:
    """Return what tells others that it is closed."""
    return public.MatterClosed(
        **one(event),
        lead=event.lead,
        co=event.co,
        addressed_organ=event.addressed_organ,
        source_document_id=wire.text(event.source_document_id),
        due=wire.timestamp(event.due),
        submitted_at=wire.timestamp(event.submitted_at),
        late=event.late,
        late_work_days=event.late_work_days,
        closed_by=event.closed_by,
        closed_at=wire.timestamp(event.closed_at),
    )
