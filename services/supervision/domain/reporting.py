"""How a matter is answered, completed and closed."""

import re

from services.supervision.domain.commands import (
    AcceptFeedback,
    CloseMatter,
    GiveFeedback,
    NoteResultSeen,
)
from services.supervision.domain.events import (
    FeedbackAccepted,
    FeedbackGiven,
    MatterClosed,
    MatterCompleted,
    MatterEvent,
    ResultSeen,
)
from services.supervision.domain.refusals import (
    AlreadyCompletedError,
    EvidenceDigestError,
    EvidenceUnnamedError,
    FeedbackWaitingError,
    LeadReportsError,
    NotCompletedError,
    NotTheUnitHeadError,
    ResultNotSeenError,
    UnknownFeedbackError,
)
from services.supervision.domain.state import MatterState
from services.supervision.domain.words import FeedbackKind

SHA256 = re.compile(r"[0-9a-f]{64}")


def give_feedback(matter: MatterState, command: GiveFeedback) -> list[MatterEvent]:
    """Take the report of a unit that received it; a known *feedback_id* changes nothing."""
    if command.feedback_id in matter.feedback:
        return []
    matter.expect_not_closed()
    if matter.late_work_days is not None:
        raise AlreadyCompletedError
    number = matter.expect_received(command.unit)
    _expect_sound_evidence(command)
    if command.kind is FeedbackKind.FINAL:
        _expect_final_allowed(matter, command)
    return [
        FeedbackGiven(
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
        )
    ]


def accept_feedback(matter: MatterState, command: AcceptFeedback) -> list[MatterEvent]:
    """Accept a feedback, once; a final one completes the matter.

    Lateness freezes here, judged by when it was submitted: the office's own review time
    never counts against the unit.
    """
    given = matter.feedback.get(command.feedback_id)
    if given is None:
        raise UnknownFeedbackError(feedback_id=command.feedback_id)
    if given.accepted:
        return []
    matter.expect_not_closed()
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
    if given.kind is not FeedbackKind.FINAL:
        return [accepted]
    completed = MatterCompleted(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=matter.number,
        lead=matter.lead,
        co=matter.co,
        source_document_id=matter.source_document_id,
        feedback_id=command.feedback_id,
        due=matter.due,
        judged_at=given.submitted_at,
        late=given.submitted_at > matter.due,
        late_work_days=command.calendar.late_work_days(matter.due, given.submitted_at),
    )
    return [accepted, completed]


def note_result_seen(matter: MatterState, command: NoteResultSeen) -> list[MatterEvent]:
    """Note once that the leader who asked has seen the result; nobody else counts."""
    if matter.late_work_days is None or matter.result_seen:
        return []
    if command.seen_by != matter.asked_by:
        return []
    return [
        ResultSeen(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            seen_by=command.seen_by,
            seen_at=command.seen_at,
        )
    ]


def close(matter: MatterState, command: CloseMatter) -> list[MatterEvent]:
    """Close what is completed, once the leader who asked has seen the result (LOC S55)."""
    matter.expect_not_closed()
    if matter.late_work_days is None:
        raise NotCompletedError
    if not matter.result_seen:
        raise ResultNotSeenError(asked_by=matter.asked_by)
    return [
        MatterClosed(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            source_document_id=matter.source_document_id,
            due=matter.due,
            completed_at=matter.completed_at,
            closed_by=command.closed_by,
            closed_at=command.closed_at,
            late=matter.late,
            late_work_days=matter.late_work_days,
        )
    ]


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
