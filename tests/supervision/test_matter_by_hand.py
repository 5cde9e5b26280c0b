"""M-2: opened by hand under C-1, due before its parent's next step (step 77)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from chassis.testing import given
from chassis.workdays import Deadline
from services.supervision.domain.commands import AcceptFeedback, OpenByHand
from services.supervision.domain.events import (
    MatterAssigned,
    MatterCompleted,
    MatterDecomposed,
    MatterOpened,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    ChildAfterCommentStepError,
    ChildAfterParentError,
    DueInThePastError,
    ParentAnsweredError,
    ParentOfAnotherOrganError,
    RhythmUnclearError,
    UnitTwiceError,
)
from services.supervision.domain.rhythm import Rhythm
from services.supervision.domain.words import SourceKind
from tests.support.matter_feedback import FINAL, RESULT
from tests.support.matter_opinion import (
    ASSIGN,
    BY_HAND,
    C1,
    CALENDAR,
    CHILD,
    CHILD_DONE,
    FINANCE,
    HANDED_OVER,
    LEAD,
    M2,
    OPINION_NO,
    REPORT,
    TOWN,
    at,
    following,
)

OPENED = MatterOpened(
    matter_id=M2,
    organ="gov",
    source_kind=SourceKind.BY_HAND,
    source_id=M2,
    source_no=None,
    source_document_id=None,
    source_document_no=None,
    addressed_organ=None,
    parent_id=C1,
    urgency="none",
    asked_by="zhou.zhiyuan",
    asked_at=at("06-27 15:30"),
    addressee=None,
    subject="审议意见研究处理",
    lead=LEAD,
    co=(FINANCE, TOWN),
    deadline=Deadline(due=at("08-29 18:00"), start=date(2025, 6, 27), rule="P-SET"),
    near=None,
    comment_due=None,
    outside_due=None,
    lead_time_work_days=None,
    rhythm=Rhythm(monthly_day=25),
    assign_due=None,
)


def test_an_order_opens_a_matter_and_a_day_ends_at_close_of_business() -> None:
    given(Matter()).when(BY_HAND).then(OPENED)
    given(Matter(), OPENED).when(BY_HAND).then_nothing()


def test_a_named_hour_is_kept() -> None:
    (event,) = Matter().decide(replace(BY_HAND, due=at("08-29 12:00")))
    assert isinstance(event, MatterOpened)
    assert event.deadline.due == at("08-29 12:00")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"due": date(2025, 6, 26)}, DueInThePastError),
        ({"due": at("06-27 16:00")}, DueInThePastError),
        ({"co": (FINANCE, LEAD)}, UnitTwiceError),
        ({"rhythm": Rhythm()}, RhythmUnclearError),
        ({"rhythm": Rhythm(monthly_day=32)}, RhythmUnclearError),
        ({"rhythm": Rhythm(monthly_day=0)}, RhythmUnclearError),
        ({"rhythm": Rhythm(monthly_day=1, first_work_day=True)}, RhythmUnclearError),
    ],
)
def test_an_order_that_cannot_be_is_refused(change: Any, refusal: Any) -> None:
    impossible: OpenByHand = replace(BY_HAND, **change)
    given(Matter()).when(impossible).then_refused(refusal)


def test_it_is_assigned_as_usual_with_its_near_date_and_its_feedback() -> None:
    (event,) = following(BY_HAND).decide(ASSIGN)
    assert isinstance(event, MatterAssigned)
    assert (event.parent_id, event.near) == (C1, at("08-26 08:30"))
    assert [(each.period, each.due) for each in event.feedback_dues] == [
        ("2025-07", at("07-25 18:00")),
        ("2025-08", at("08-25 18:00")),
    ]


def test_a_parent_knows_its_child_once() -> None:
    decomposed = MatterDecomposed(
        matter_id=C1,
        organ="npc",
        number=OPINION_NO,
        lead=None,
        co=(),
        child_id=M2,
        child_organ="gov",
        child_due=at("08-29 18:00"),
    )
    parent = following(HANDED_OVER)
    given(parent).when(CHILD).then(decomposed)
    given(parent, decomposed).when(CHILD).then_nothing()


@pytest.mark.parametrize("due", [at("09-12 18:01"), at("09-28 18:00")])
def test_no_child_of_an_opinion_is_due_after_the_committee_comments(due: datetime) -> None:
    given(following(HANDED_OVER)).when(replace(CHILD, child_due=due)).then_refused(
        ChildAfterCommentStepError, limit="2025-09-12 18:00"
    )
    following(HANDED_OVER, replace(CHILD, child_due=at("09-12 18:00")))


def test_a_child_due_after_the_opinion_itself_is_told_the_earlier_limit() -> None:
    late = replace(CHILD, child_due=at("10-30 18:00"))
    given(following(HANDED_OVER)).when(late).then_refused(
        ChildAfterParentError, parent_due="2025-09-28 18:00", limit="2025-09-12 18:00"
    )


def test_no_child_is_due_after_its_parent(assigned: Matter) -> None:
    child = replace(CHILD, child_due=at("05-06 18:01"))
    given(assigned).when(child).then_refused(
        ChildAfterParentError, due="2025-05-06 18:01", limit="2025-05-06 18:00"
    )
    assert len(assigned.decide(replace(child, child_due=at("05-06 18:00")))) == 1


def test_an_organ_divides_its_own_matters_and_those_addressed_to_it(
    assigned: Matter,
) -> None:
    theirs = replace(CHILD, child_organ="npc", child_due=at("05-06 12:00"))
    given(assigned).when(theirs).then_refused(ParentOfAnotherOrganError)
    given(following(HANDED_OVER)).when(theirs).then_refused(ParentOfAnotherOrganError)


def test_what_has_its_result_takes_no_child(closed: Matter, answered: Matter) -> None:
    given(following(HANDED_OVER, REPORT)).when(CHILD).then_refused(ParentAnsweredError)
    child = replace(CHILD, child_due=at("05-06 12:00"))
    given(answered).when(child).then_refused(ParentAnsweredError)
    given(closed).when(child).then_refused(AlreadyClosedError)


def test_an_accepted_result_of_a_unit_waits_for_its_children_too(received: Matter) -> None:
    divided = received
    for event in received.decide(replace(CHILD, child_due=at("05-06 12:00"))):
        divided = divided.evolve(event)
    for event in divided.decide(RESULT):
        divided = divided.evolve(event)
    accept = AcceptFeedback(
        matter_id=RESULT.matter_id,
        feedback_id=FINAL,
        accepted_by="sun.li",
        accepted_at=at("05-09 15:00"),
        calendar=CALENDAR,
    )
    (accepted,) = divided.decide(accept)
    _, completed = divided.evolve(accepted).decide(CHILD_DONE)
    assert isinstance(completed, MatterCompleted)
    assert (completed.feedback_id, completed.late_work_days) == (FINAL, 3)
