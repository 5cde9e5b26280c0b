"""How a matter is answered, completed and closed, over HTTP."""

from typing import Literal
from uuid import UUID

from pydantic import StrictBool

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Moment, Text, Title, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.supervision.api.concerning import PREFIX, TAG, matter
from services.supervision.domain.commands import (
    AcceptFeedback,
    CloseMatter,
    GiveFeedback,
    RecordResultSeen,
    SendBackFeedback,
)
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


class SendingBack(Body):
    """Why a result is sent back."""

    reasons: Text


class Seen(Body):
    """Which leader saw the result, and whether they commended it."""

    given_by: Short
    given_at: Moment | None = None
    kind: Literal["read"] = "read"
    commended: StrictBool = False


@router.post("/{matter_id}/feedback", status_code=201)
@allows("matter.feedback", matter)
async def give_feedback(
    matter_id: UUID, body: Feedback, request: Commanded, parts: Given
) -> Answer:
    """Report for the caller's unit 反馈."""
    cause = await request.cause()
    people = await parts.directory.people()
    signer = people.people.get(body.signed_by)
    heads = signer is not None and signer.unit == request.caller.unit
    command = GiveFeedback(
        matter_id=matter_id,
        feedback_id=cause.command_id,
        kind=body.kind,
        unit=request.caller.unit,
        given_by=request.caller.subject,
        signed_by=body.signed_by,
        signer_heads_unit=heads and people.has_role(body.signed_by, "unit_head"),
        submitted_at=request.now,
        summary=body.summary,
        evidence_name=body.evidence_name,
        evidence_sha256=body.evidence_sha256,
        calendar=parts.calendar,
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


@router.post("/{matter_id}/feedback/{feedback_id}/sending-back", status_code=201)
@allows("matter.send_back", matter)
async def send_back(
    matter_id: UUID,
    feedback_id: UUID,
    body: SendingBack,
    request: Commanded,
    parts: Given,
) -> Answer:
    """Send a result back to be done again 退回重办."""
    command = SendBackFeedback(
        matter_id=matter_id,
        feedback_id=feedback_id,
        sent_back_by=request.caller.subject,
        sent_back_at=request.now,
        reasons=body.reasons,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/result-seen", status_code=201)
@allows("matter.record_seen", matter)
async def record_result_seen(
    matter_id: UUID, body: Seen, request: Commanded, parts: Given
) -> Answer:
    """Record that a leader has seen the result 领导阅知结果, and whether they commended it."""
    command = RecordResultSeen(
        matter_id=matter_id,
        seen_by=body.given_by,
        seen_at=body.given_at or request.now,
        commended=body.commended,
        recorded_by=request.caller.subject,
        recorded_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause(on_behalf_of=body.given_by)
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
