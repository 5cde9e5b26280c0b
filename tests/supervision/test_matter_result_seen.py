"""That a leader saw the result is recorded by hand, with their commendation (step 88)."""

from dataclasses import replace
from datetime import datetime

import pytest

from chassis.testing import given
from chassis.workdays import Calendar
from services.supervision.domain.commands import CloseMatter, RecordResultSeen
from services.supervision.domain.events import ResultSeen
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    NotCompletedError,
    ResultNotSeenError,
    SeenBeforeSubmittedError,
)
from tests.support.matter_feedback import ID, LEAD, NUMBER, TOWN, at

CLOSE = CloseMatter(matter_id=ID, closed_by="sun.li", closed_at=at("10-20 10:00"))
PRAISED = ResultSeen(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=("县应急管理局", TOWN),
    seen_by="zhou.zhiyuan",
    seen_at=at("10-20 09:00"),
    recorded_by="li.juan",
    commended=True,
)


@pytest.fixture
def praise(calendar: Calendar) -> RecordResultSeen:
    """Return what the clerk records: read, and commended."""
    return RecordResultSeen(
        matter_id=ID,
        seen_by="zhou.zhiyuan",
        seen_at=at("10-20 09:00"),
        commended=True,
        recorded_by="li.juan",
        recorded_at=at("10-20 09:05"),
        calendar=calendar,
    )


def test_a_commendation_is_recorded_once(
    completed: Matter, praise: RecordResultSeen
) -> None:
    given(completed).when(praise).then(PRAISED)
    given(completed, PRAISED).when(praise).then_nothing()
    given(completed, PRAISED).when(replace(praise, commended=False)).then_nothing()


def test_who_only_read_it_may_commend_it_later(
    seen: Matter, praise: RecordResultSeen
) -> None:
    given(seen).when(replace(praise, commended=False)).then_nothing()
    given(seen).when(praise).then(PRAISED)


def test_only_who_asked_lets_it_be_closed(
    completed: Matter, praise: RecordResultSeen
) -> None:
    another = replace(praise, seen_by="chen.jianguo")
    theirs = replace(PRAISED, seen_by="chen.jianguo")
    given(completed).when(another).then(theirs)
    given(completed, theirs).when(CLOSE).then_refused(ResultNotSeenError)
    assert len(completed.evolve(theirs).evolve(PRAISED).decide(CLOSE)) == 1


@pytest.mark.parametrize("moment", [at("05-09 14:19"), at("10-20 09:06")])
def test_nobody_saw_a_result_before_it_was_there_or_after_it_was_recorded(
    completed: Matter, praise: RecordResultSeen, moment: datetime
) -> None:
    given(completed).when(replace(praise, seen_at=moment)).then_refused(
        SeenBeforeSubmittedError, submitted_at="2025-05-09 14:20"
    )
    assert completed.decide(replace(praise, seen_at=at("05-09 14:20")))


def test_only_a_result_that_is_final_can_have_been_seen(
    answered: Matter, closed: Matter, praise: RecordResultSeen
) -> None:
    given(answered).when(praise).then_refused(NotCompletedError)
    given(closed).when(praise).then_refused(AlreadyClosedError)
