"""Who judges what came of an opinion, when, and how often."""

from datetime import date
from uuid import UUID

from chassis.testing import given
from services.meetings.domain.opinion import refusals
from tests.support.meeting_samples import did
from tests.support.opinion_samples import draft_report, report, reported, vote

AGAIN = date(2025, 12, 26)


def test_the_meeting_body_that_deliberated_judges_and_no_smaller_one() -> None:
    small = vote(3, present=5, electorate=5, meeting_body="npc.chairpersons")
    given(reported()).when(small).then_refused(refusals.VoteOfAnotherMeetingBodyError)


def test_a_meeting_that_was_over_before_the_report_came_judges_nothing() -> None:
    june = vote(17, meeting_day=date(2025, 6, 20))
    given(reported()).when(june).then_refused(refusals.MeetingBeforeReportError)
    assert reported().decide(vote(17, meeting_day=date(2025, 9, 23)))


def test_a_meeting_judges_an_opinion_once_whatever_is_reported_again() -> None:
    round_two = did(
        reported(),
        vote(13, again_by=AGAIN),
        draft_report("10-17 11:00"),
        report("10-17 15:00"),
    )
    given(round_two).when(vote(17)).then_refused(refusals.AlreadyJudgedHereError)
    later = vote(17, meeting_id=UUID(int=77), meeting_day=date(2025, 12, 29))
    assert did(round_two, later).done


def test_the_next_report_leaves_the_committee_time_to_comment() -> None:
    # 15 days before 11-01 is 10-17, the day of the vote, until 18:00.
    too_soon = vote(13, again_by=date(2025, 10, 31))
    given(reported()).when(too_soon).then_refused(refusals.NewDayTooSoonError, days=15)
    assert reported().decide(vote(13, again_by=date(2025, 11, 1)))
