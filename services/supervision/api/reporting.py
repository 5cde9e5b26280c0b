"""How a matter is answered, completed and closed, over HTTP."""

from uuid import UUID

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Text, Title, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.supervision.api.concerning import PREFIX, TAG, matter
from services.supervision.domain.commands import AcceptFeedback, CloseMatter, GiveFeedback
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import FeedbackKind

router = doors(PREFIX, TAG)


class Feedback(Body):
    """What a unit reports."""

    kind: FeedbackKind
    summary: Text
    signed_by: Short
    evidence_name: Title | None = None
    evidence_sha256: Short | None = None


@router.post("/{matter_id}/feedback", status_code=201)
@allows("matter.feedback", matter)
async def give_feedback(
    matter_id: UUID, body: Feedback, request: Commanded, parts: Given
) -> Answer:
    """Report for the caller's unit 反馈."""
    cause = await request.cause()
    signer = parts.people.people.get(body.signed_by)
    heads = signer is not None and signer.unit == request.caller.unit
    command = GiveFeedback(
        matter_id=matter_id,
        feedback_id=cause.command_id,
        kind=body.kind,
        unit=request.caller.unit,
        given_by=request.caller.subject,
        signed_by=body.signed_by,
        signer_heads_unit=heads and parts.people.has_role(body.signed_by, "unit_head"),
        submitted_at=request.now,
        summary=body.summary,
        evidence_name=body.evidence_name,
        evidence_sha256=body.evidence_sha256,
    )
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/feedback/{feedback_id}/acceptance", status_code=201)
@allows("matter.accept", matter)
async def accept(
    matter_id: UUID, feedback_id: UUID, request: Commanded, parts: Given
) -> Answer:
    """Find a feedback complete 审核通过."""
    command = AcceptFeedback(
        matter_id=matter_id,
        feedback_id=feedback_id,
        accepted_by=request.caller.subject,
        accepted_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/closure", status_code=201)
@allows("matter.close", matter)
async def close(matter_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Close it 销号."""
    command = CloseMatter(
        matter_id=matter_id, closed_by=request.caller.subject, closed_at=request.now
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))
