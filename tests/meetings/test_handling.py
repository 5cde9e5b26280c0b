"""How an opinion is dealt with: the draft of the report, the report, the vote."""

from datetime import date

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from chassis.domain import RefusedError
from chassis.testing import given
from chassis.timers import Arm, DisarmAll
from services.meetings.domain.opinion import refusals
from services.meetings.domain.opinion.events import (
    HandlingReportCommented,
    HandlingReportDelivered,
    HandlingReportDrafted,
    SatisfactionVoted,
)
from services.meetings.domain.opinion.opinion import Opinion
from services.meetings.domain.words import SatisfactionOutcome
from services.meetings.reactions.arming import STEP, arm_opinion
from tests.support.meeting_samples import at, did
from tests.support.opinion_samples import (
    COMMENT,
    OPEN,
    PASS,
    draft,
    draft_report,
    handed_over,
    report,
    reported,
    vote,
)


def test_nothing_is_reported_before_it_is_handed_over_nor_without_the_committee() -> None:
    compiled = did(Opinion(), OPEN, draft(), PASS)
    given(compiled).when(draft_report()).then_refused(refusals.NotHandedOverError)
    first = refusals.ReportNotDraftedError
    given(handed_over()).when(report()).then_refused(first)
    given(handed_over()).when(COMMENT).then_refused(first)


@pytest.mark.parametrize(("when", "late"), [("09-10 09:30", 0), ("09-15 09:00", 1)])
def test_the_draft_of_the_report_goes_to_the_committee_once(when: str, late: int) -> None:
    [event] = handed_over().decide(draft_report(when))
    assert isinstance(event, HandlingReportDrafted)
    assert (event.late, event.late_work_days) == (bool(late), late)
    sent = did(handed_over(), draft_report(when))
    given(sent).when(draft_report()).then_refused(refusals.ReportAlreadyDraftedError)
    [commented] = sent.decide(COMMENT)
    assert isinstance(commented, HandlingReportCommented)


@pytest.mark.parametrize(
    ("when", "early", "late"), [("09-23 15:30", 5, 0), ("09-28 18:00", 0, 0)]
)
def test_the_report_says_how_early_or_late_it_is(when: str, early: int, late: int) -> None:
    [event] = did(handed_over(), draft_report()).decide(report(when))
    assert isinstance(event, HandlingReportDelivered)
    assert (event.days_early, event.late_work_days) == (early, late)


def test_the_report_is_delivered_once_a_round() -> None:
    delivered = refusals.ReportAlreadyDeliveredError
    given(reported()).when(report()).then_refused(delivered)
    given(reported()).when(COMMENT).then_refused(delivered)
    [late] = did(handed_over(), draft_report()).decide(report("09-29 09:00"))
    assert isinstance(late, HandlingReportDelivered)
    assert (late.late, late.late_work_days, late.days_early) == (True, 1, 0)


def test_more_than_half_of_all_members_are_satisfied_and_it_is_done_with() -> None:
    [event] = reported().decide(vote(17, 7, 1))
    assert isinstance(event, SatisfactionVoted)
    assert event.outcome is SatisfactionOutcome.SATISFIED
    assert arm_opinion(event) == [DisarmAll()]
    done = did(reported(), vote(17, 7, 1))
    given(done).when(vote(17)).then_refused(refusals.OpinionDoneError)
    given(handed_over()).when(vote(17)).then_refused(refusals.ReportNotDeliveredError)


def test_otherwise_it_is_dealt_with_again_by_a_day_that_the_vote_names() -> None:
    thirteen = vote(13, 10, 2)
    given(reported()).when(thirteen).then_refused(refusals.NewDayMissingError, majority=14)
    past = vote(13, again_by=date(2025, 10, 17))
    given(reported()).when(past).then_refused(refusals.NewDayPassedError)
    unasked = vote(14, again_by=date(2025, 12, 31))
    given(reported()).when(unasked).then_refused(refusals.NoNewDayWantedError)
    [event] = reported().decide(vote(13, 10, 2, again_by=date(2025, 12, 26)))
    assert isinstance(event, SatisfactionVoted)
    assert event.again is not None
    assert event.again.due == at("12-26 18:00")
    arms = [s for s in arm_opinion(event) if isinstance(s, Arm)]
    assert {(arm.name, arm.rung) for arm in arms} == {
        (STEP, "comment_draft"),
        (STEP, "report"),
    }
    again = reported().evolve(event)
    did(again, draft_report("12-10 09:00"), report("12-20 09:00"))


def test_a_vote_is_taken_at_a_meeting_that_was_held_by_those_who_were_there() -> None:
    outside = refusals.VoteOutsideMeetingError
    given(reported()).when(vote(17, present=None)).then_refused(outside)
    given(reported()).when(vote(17, meeting_organ="gov")).then_refused(outside)
    more = refusals.MoreJudgesThanPresentError
    given(reported()).when(vote(17, 7, 2)).then_refused(more, votes=26)


@drawn(st.integers(0, 27), st.integers(0, 27), st.integers(0, 27))
def test_nobody_is_satisfied_by_fewer_than_half_of_all(yes: int, so: int, no: int) -> None:
    try:
        [event] = reported().decide(vote(yes, so, no))
    except RefusedError:
        assert yes < 14 or yes + so + no > 25
    else:
        assert isinstance(event, SatisfactionVoted)
        assert event.satisfied >= 14
        assert event.satisfied + event.basically_satisfied + event.dissatisfied <= 25
