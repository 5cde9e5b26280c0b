"""How an opinion is dealt with: the report in draft, its comments, the report, the vote."""

from chassis.workdays import Deadline
from services.meetings.domain.opinion import refusals
from services.meetings.domain.opinion.commands import (
    CommentHandlingReport,
    DeliverHandlingReport,
    DraftHandlingReport,
    RecordSatisfactionVote,
)
from services.meetings.domain.opinion.events import (
    HandlingReportCommented,
    HandlingReportDelivered,
    HandlingReportDrafted,
    OpinionEvent,
    SatisfactionVoted,
)
from services.meetings.domain.opinion.state import OpinionState
from services.meetings.domain.words import OpinionStep, SatisfactionOutcome


def draft_report(opinion: OpinionState, command: DraftHandlingReport) -> list[OpinionEvent]:
    """Send the draft to the committee, once a round (监督法 第十七条)."""
    named = opinion.expect_handed_over()
    if OpinionStep.COMMENT_DRAFT in opinion.taken:
        raise refusals.ReportAlreadyDraftedError(number=opinion.number)
    due = opinion.due[OpinionStep.COMMENT_DRAFT]
    return [
        HandlingReportDrafted(
            **named,
            due=due,
            drafted_by=command.drafted_by,
            drafted_at=command.drafted_at,
            late=command.drafted_at > due,
            late_work_days=command.calendar.late_work_days(due, command.drafted_at),
        )
    ]


def comment_report(
    opinion: OpinionState, command: CommentHandlingReport
) -> list[OpinionEvent]:
    """Give the committee's comments on a draft whose report is not in yet."""
    named = opinion.expect_handed_over()
    if OpinionStep.COMMENT_DRAFT not in opinion.taken:
        committee = opinion.reviewing_committee
        raise refusals.ReportNotDraftedError(committee=committee)
    if OpinionStep.REPORT in opinion.taken:
        raise refusals.ReportAlreadyDeliveredError(number=opinion.number)
    return [
        HandlingReportCommented(
            **named,
            comments=command.comments,
            remarks=command.remarks,
            commented_by=command.commented_by,
            commented_at=command.commented_at,
        )
    ]


def deliver_report(
    opinion: OpinionState, command: DeliverHandlingReport
) -> list[OpinionEvent]:
    """Take the report in, once a round, after its draft was with the committee."""
    named = opinion.expect_handed_over()
    if OpinionStep.COMMENT_DRAFT not in opinion.taken:
        committee = opinion.reviewing_committee
        raise refusals.ReportNotDraftedError(committee=committee)
    if OpinionStep.REPORT in opinion.taken:
        raise refusals.ReportAlreadyDeliveredError(number=opinion.number)
    due, calendar = opinion.due[OpinionStep.REPORT], command.calendar
    early = calendar.day_of(due) - calendar.local(command.delivered_at).date()
    return [
        HandlingReportDelivered(
            **named,
            doc_no=command.doc_no,
            delivered_by=command.delivered_by,
            delivered_at=command.delivered_at,
            due=due,
            late=command.delivered_at > due,
            late_work_days=calendar.late_work_days(due, command.delivered_at),
            days_early=max(0, early.days),
        )
    ]


def record_vote(
    opinion: OpinionState, command: RecordSatisfactionVote
) -> list[OpinionEvent]:
    """Judge the report: satisfied are more than half of the electorate (P-SAT).

    Otherwise it is dealt with again, by the day that the meeting names.
    """
    named = opinion.expect_handed_over()
    if OpinionStep.REPORT not in opinion.taken:
        raise refusals.ReportNotDeliveredError(number=opinion.number)
    if command.present is None or command.meeting_organ != opinion.organ:
        raise refusals.VoteOutsideMeetingError
    if command.meeting_body != command.deliberating_body:
        raise refusals.VoteOfAnotherMeetingBodyError
    if command.meeting_id in opinion.judged_at:
        raise refusals.AlreadyJudgedHereError(number=opinion.number)
    reported_on = command.calendar.local(opinion.reported_at).date()
    if command.meeting_day < reported_on:
        raise refusals.MeetingBeforeReportError(
            number=opinion.number, day=command.meeting_day, reported_on=reported_on
        )
    votes = command.satisfied + command.basically_satisfied + command.dissatisfied
    if votes > command.present:
        raise refusals.MoreJudgesThanPresentError(votes=votes, present=command.present)
    outcome, again, comment = _verdict(command)
    return [
        SatisfactionVoted(
            **named,
            satisfied=command.satisfied,
            basically_satisfied=command.basically_satisfied,
            dissatisfied=command.dissatisfied,
            outcome=outcome,
            meeting_id=command.meeting_id,
            recorded_by=command.recorded_by,
            voted_at=command.voted_at,
            again=again,
            comment_again=comment,
        )
    ]


def _verdict(
    command: RecordSatisfactionVote,
) -> tuple[SatisfactionOutcome, Deadline | None, Deadline | None]:
    majority = command.electorate // 2 + 1
    if command.satisfied >= majority:
        if command.again_by is not None:
            raise refusals.NoNewDayWantedError
        return SatisfactionOutcome.SATISFIED, None, None
    if command.again_by is None:
        raise refusals.NewDayMissingError(satisfied=command.satisfied, majority=majority)
    calendar, day = command.calendar, command.again_by
    voted_on = calendar.local(command.voted_at).date()
    if day <= voted_on:
        raise refusals.NewDayPassedError(day=day)
    again = Deadline(
        due=calendar.end_of(day),
        start=voted_on,
        rule="P-SAT",
        provisional=calendar.provisional_between(voted_on, day),
    )
    comment = calendar.days_before(day, command.limits.comment_days_before)
    if comment.due <= command.voted_at:
        days = command.limits.comment_days_before
        raise refusals.NewDayTooSoonError(day=day, days=days)
    return SatisfactionOutcome.NOT_SATISFIED, again, comment
