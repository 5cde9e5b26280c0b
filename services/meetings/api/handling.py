"""How an opinion is dealt with, over HTTP: the report in draft, comments, report, vote."""

from uuid import UUID

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Text, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.meetings.api.bodies import Count, Day
from services.meetings.api.concerning import OPINIONS, opinion
from services.meetings.domain.opinion.commands import (
    CommentHandlingReport,
    DeliverHandlingReport,
    DraftHandlingReport,
)
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.handlers import vote_on_handling

router = doors(OPINIONS, "opinions 审议意见")


class Comments(Body):
    """How many comments the committee has, and what they are."""

    comments: Count
    remarks: Text | None = None


class Report(Body):
    """The number that the report came under."""

    doc_no: Short


class Vote(Body):
    """How the members judged, where, and when a new report is due if they were not satisfied."""

    meeting_id: UUID
    satisfied: Count
    basically_satisfied: Count = 0
    dissatisfied: Count = 0
    again_by: Day | None = None


@router.post("/{opinion_id}/handling-report/draft", status_code=201)
@allows("opinion.draft_report", opinion)
async def draft_report(opinion_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Send the draft of the handling report to the committee 报告送审."""
    command = DraftHandlingReport(
        opinion_id=opinion_id,
        drafted_by=request.caller.subject,
        drafted_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(OPINION).execute(opinion_id, command, cause))


@router.post("/{opinion_id}/handling-report/comments", status_code=201)
@allows("opinion.comment", opinion)
async def comment_report(
    opinion_id: UUID, body: Comments, request: Commanded, parts: Given
) -> Answer:
    """Give the committee's comments on that draft 报告审阅."""
    command = CommentHandlingReport(
        opinion_id=opinion_id,
        comments=body.comments,
        remarks=body.remarks,
        commented_by=request.caller.subject,
        commented_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(OPINION).execute(opinion_id, command, cause))


@router.post("/{opinion_id}/handling-report", status_code=201)
@allows("opinion.deliver_report", opinion)
async def deliver_report(
    opinion_id: UUID, body: Report, request: Commanded, parts: Given
) -> Answer:
    """Deliver the handling report 研究处理情况报告."""
    command = DeliverHandlingReport(
        opinion_id=opinion_id,
        doc_no=body.doc_no,
        delivered_by=request.caller.subject,
        delivered_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(OPINION).execute(opinion_id, command, cause))


@router.post("/{opinion_id}/satisfaction-vote", status_code=201)
@allows("opinion.vote", opinion)
async def vote(opinion_id: UUID, body: Vote, request: Commanded, parts: Given) -> Answer:
    """Record how the members judged what came of it 满意度测评."""
    cause = await request.cause()
    done = await vote_on_handling(
        parts,
        cause,
        opinion_id,
        meeting_id=body.meeting_id,
        satisfied=body.satisfied,
        basically_satisfied=body.basically_satisfied,
        dissatisfied=body.dissatisfied,
        again_by=body.again_by,
    )
    return request.answer(done)
