"""Deliberation opinions over HTTP: compiled, passed, handed over."""

from uuid import UUID

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Text, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.meetings.api.bodies import Ordinal
from services.meetings.api.concerning import OPINIONS, opinion
from services.meetings.domain.opinion.commands import DraftOpinion, PassOpinion
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.handlers import hand_over
from services.meetings.policies import meeting_body_of

router = doors(OPINIONS, "opinions 审议意见")


class Compiled(Body):
    """What the committee compiled."""

    text: Text


class PassedBy(Body):
    """Which chairpersons' meeting passed it."""

    meeting_body: Short
    ordinal: Ordinal


class Numbering(Body):
    """Under which mark."""

    mark: Short


@router.post("/{opinion_id}/draft", status_code=201)
@allows("opinion.draft", opinion)
async def draft(
    opinion_id: UUID, body: Compiled, request: Commanded, parts: Given
) -> Answer:
    """Hand in what the committee compiled 整理."""
    command = DraftOpinion(
        opinion_id=opinion_id,
        text=body.text,
        drafted_by=request.caller.subject,
        drafted_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(OPINION).execute(opinion_id, command, cause))


@router.post("/{opinion_id}/passage", status_code=201)
@allows("opinion.pass", opinion)
async def pass_opinion(
    opinion_id: UUID, body: PassedBy, request: Commanded, parts: Given
) -> Answer:
    """Record which chairpersons' meeting passed it 主任会议通过."""
    today = parts.calendar.local(request.now).date()
    command = PassOpinion(
        opinion_id=opinion_id,
        meeting_body=meeting_body_of(parts, today, body.meeting_body, request.caller.organ),
        ordinal=body.ordinal,
        recorded_by=request.caller.subject,
        passed_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(OPINION).execute(opinion_id, command, cause))


@router.post("/{opinion_id}/handover", status_code=201)
@allows("opinion.hand_over", opinion)
async def hand_it_over(
    opinion_id: UUID, body: Numbering, request: Commanded, parts: Given
) -> Answer:
    """Hand it over under the next number of a series 转交."""
    cause = await request.cause()
    organ = request.caller.organ
    done = await hand_over(parts, cause, opinion_id, organ=organ, mark=body.mark)
    return request.answer(done)
