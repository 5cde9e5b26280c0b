"""How the units report on a matter, and how the office reviews what they report."""

import re
from datetime import datetime
from uuid import UUID

from services.supervision.domain.commands import (
    AcceptFeedback,
    GiveFeedback,
    SendBackFeedback,
)
from services.supervision.domain.completing import complete
from services.supervision.domain.events import (
    FeedbackAccepted,
    FeedbackGiven,
    FeedbackLate,
    FeedbackSentBack,
    MatterEvent,
)
from services.supervision.domain.ladder import DatedRung, resumed
from services.supervision.domain.refusals import (
    AlreadyAcceptedError,
    AlreadyCompletedError,
    AlreadySentBackError,
    EvidenceDigestError,
    EvidenceUnnamedError,
    FeedbackWaitingError,
    LeadReportsError,
    NotTheUnitHeadError,
    ProgressNotSentBackError,
    UnknownFeedbackError,
)
from services.supervision.domain.rhythm import current
from services.supervision.domain.state import Feedback, MatterState, Result
from services.supervision.domain.words import FeedbackKind, RungAt

SHA256 = re.compile(r"[0-9a-f]{64}")


def give_feedback(matter: MatterState, command: GiveFeedback) -> list[MatterEvent]:
    """Take the report of a unit that received it; a known *feedback_id* changes nothing."""
    if command.feedback_id in matter.feedback:
        return []
    matter.expect_not_closed()
    if matter.completed or matter.result is not None:
        raise AlreadyCompletedError
    number = matter.expect_received(command.unit)
    _expect_sound_evidence(command)
    if command.kind is FeedbackKind.FINAL:
        _expect_final_allowed(matter, command)
    dues = matter.feedback_dues if command.unit == matter.lead else ()
    period = current(dues, command.submitted_at, matter.feedback_answered)
    due = command.submitted_at if period is None else period.due
    later = [each.due for each in dues if period is not None and each.due > period.due]
    late = command.submitted_at > due
    given = FeedbackGiven(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=number,
        feedback_id=command.feedback_id,
        kind=command.kind,
        unit=command.unit,
        given_by=command.given_by,
        signed_by=command.signed_by,
        submitted_at=command.submitted_at,
        summary=command.summary,
        evidence_name=command.evidence_name,
        evidence_sha256=command.evidence_sha256,
        period=period.period if period else None,
        late=late,
        late_work_days=command.calendar.late_work_days(due, command.submitted_at),
        next_due=later[0] if later else None,
    )
    if period is None or not late or period.period in matter.feedback_late:
        return [given]
    # It came after its day but before the timer was heard: it was late all the same.
    missed = FeedbackLate(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=number,
        unit=command.unit,
        period=period.period,
        due=due,
    )
    return [missed, given]


def accept_feedback(matter: MatterState, command: AcceptFeedback) -> list[MatterEvent]:
    """Accept a feedback, once; a final one completes the matter once its children are."""
    given = _given(matter, command.feedback_id)
    if given.accepted:
        return []
    matter.expect_not_closed()
    if given.sent_back:
        raise AlreadySentBackError
    accepted = FeedbackAccepted(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=matter.number,
        lead=matter.lead,
        co=matter.co,
        feedback_id=command.feedback_id,
        accepted_by=command.accepted_by,
        accepted_at=command.accepted_at,
    )
    if given.kind is not FeedbackKind.FINAL or matter.open_children:
        return [accepted]
    result = Result(submitted_at=given.submitted_at, feedback_id=command.feedback_id)
    by, at = command.accepted_by, command.accepted_at
    completed = complete(matter, command.matter_id, result, command.calendar, by=by, at=at)
    return [accepted, *completed]


def send_back(matter: MatterState, command: SendBackFeedback) -> list[MatterEvent]:
    """Send a waiting result back, once; the rungs go on from where they stood (LOC S55)."""
    given = _given(matter, command.feedback_id)
    if given.sent_back:
        return []
    matter.expect_not_closed()
    if given.kind is not FeedbackKind.FINAL:
        raise ProgressNotSentBackError
    if given.accepted or matter.number is None or matter.lead is None:
        raise AlreadyAcceptedError
    now = command.sent_back_at
    moved = resumed(matter.rungs, given.submitted_at, now, command.calendar)
    return [
        FeedbackSentBack(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.lead,
            feedback_id=command.feedback_id,
            times=matter.sent_back + 1,
            due=matter.due,
            sent_back_by=command.sent_back_by,
            sent_back_at=now,
            reasons=command.reasons,
            rungs=tuple(rung for rung in moved if _is_to_come(matter, rung, now)),
        )
    ]


def _is_to_come(matter: MatterState, rung: DatedRung, now: datetime) -> bool:
    match rung.at:
        case RungAt.NEAR:
            return matter.near_marked != matter.due and now < matter.due
        case RungAt.DUE:
            return matter.overdue_marked != matter.due
        case RungAt.OPENING | RungAt.CLOSING:
            return rung.code not in matter.reached


def _given(matter: MatterState, feedback_id: UUID) -> Feedback:
    given = matter.feedback.get(feedback_id)
    if given is None:
        raise UnknownFeedbackError(feedback_id=feedback_id)
    return given


def _expect_sound_evidence(command: GiveFeedback) -> None:
    if command.evidence_sha256 is None:
        return
    if not SHA256.fullmatch(command.evidence_sha256):
        raise EvidenceDigestError
    if not command.evidence_name:
        raise EvidenceUnnamedError


def _expect_final_allowed(matter: MatterState, command: GiveFeedback) -> None:
    """Refuse a result but the lead's, signed by its head (LOC S45, S55)."""
    if command.unit != matter.lead:
        raise LeadReportsError(lead=matter.lead)
    if not command.signer_heads_unit:
        raise NotTheUnitHeadError(unit=command.unit, signed_by=command.signed_by)
    if matter.final_waits:
        raise FeedbackWaitingError
