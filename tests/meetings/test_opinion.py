"""A deliberation opinion: opened, compiled, passed, handed over, and its steps overdue."""

from datetime import date

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.meetings.domain.opinion import refusals
from services.meetings.domain.opinion.commands import (
    MarkOpinionStepOverdue,
    PassOpinion,
)
from services.meetings.domain.opinion.events import (
    DeliberationOpinionDrafted,
    DeliberationOpinionHandedOver,
    DeliberationOpinionOpened,
    DeliberationOpinionPassed,
    OpinionStepOverdue,
)
from services.meetings.domain.opinion.opinion import Opinion
from services.meetings.domain.words import OpinionStep
from tests.support.meeting_samples import OPINION_ID, at, did, meeting_body
from tests.support.opinion_samples import (
    NUMBER,
    OPEN,
    PASS,
    draft,
    hand_over,
    handed_over,
    reported,
    vote,
)


def test_a_closed_meeting_opens_an_opinion_due_in_three_and_five_working_days() -> None:
    [event] = Opinion().decide(OPEN)
    assert isinstance(event, DeliberationOpinionOpened)
    assert event.draft.due == at("06-25 18:00")
    assert event.hand_over.due == at("06-27 18:00")
    given(did(Opinion(), OPEN)).when(OPEN).then_nothing()
    given(Opinion()).when(draft()).then_refused(UnknownItemError)


@pytest.mark.parametrize(("when", "late"), [("06-25 15:00", 0), ("06-26 09:00", 1)])
def test_the_committee_compiles_it_once_on_time_or_late(when: str, late: int) -> None:
    opened = did(Opinion(), OPEN)
    [event] = opened.decide(draft(when))
    assert isinstance(event, DeliberationOpinionDrafted)
    assert (event.late, event.late_work_days) == (bool(late), late)
    again = refusals.OpinionAlreadyDraftedError
    given(opened.evolve(event)).when(draft()).then_refused(again)


def test_the_chairpersons_pass_what_was_compiled_and_nobody_else_does() -> None:
    opened = did(Opinion(), OPEN)
    given(opened).when(PASS).then_refused(refusals.NotDraftedError)
    compiled = did(opened, draft())
    [event] = compiled.decide(PASS)
    assert isinstance(event, DeliberationOpinionPassed)
    assert event.passed_meeting == "第六十二次主任会议"
    plenary = PassOpinion(
        opinion_id=OPINION_ID,
        meeting_body=meeting_body(),
        ordinal=27,
        recorded_by="ding.qian",
        passed_at=at("06-26 15:00"),
    )
    given(compiled).when(plenary).then_refused(refusals.NotTheChairpersonsError)
    twice = refusals.OpinionAlreadyPassedError
    given(did(compiled, PASS)).when(PASS).then_refused(twice)


def test_handing_over_starts_three_months_and_the_draft_is_due_fifteen_days_before() -> (
    None
):
    compiled = did(Opinion(), OPEN, draft())
    given(compiled).when(hand_over()).then_refused(refusals.NotPassedError)
    [event] = did(compiled, PASS).decide(hand_over())
    assert isinstance(event, DeliberationOpinionHandedOver)
    assert event.deadline.due == at("09-28 18:00")
    assert event.deadline.statutory_last_day == date(2025, 9, 27)
    assert event.comment.due == at("09-12 18:00")
    assert event.comment.statutory_last_day == date(2025, 9, 13)
    assert not event.late
    twice = refusals.AlreadyHandedOverError
    given(handed_over()).when(hand_over()).then_refused(twice, number=NUMBER)


@pytest.mark.parametrize("step", OpinionStep)
def test_a_step_that_is_overdue_is_told_once_for_its_date(step: OpinionStep) -> None:
    early = {OpinionStep.DRAFT, OpinionStep.HAND_OVER}
    opinion = did(Opinion(), OPEN) if step in early else handed_over()
    due = opinion.due[step]
    mark = MarkOpinionStepOverdue(opinion_id=OPINION_ID, step=step, due=due)
    [event] = opinion.decide(mark)
    assert isinstance(event, OpinionStepOverdue)
    assert (event.step, event.due) == (step, due)
    given(opinion.evolve(event)).when(mark).then_nothing()
    given(did(reported(), vote(17, 7, 1))).when(mark).then_nothing()
    stale = MarkOpinionStepOverdue(opinion_id=OPINION_ID, step=step, due=at("01-02 18:00"))
    given(opinion).when(stale).then_nothing()
