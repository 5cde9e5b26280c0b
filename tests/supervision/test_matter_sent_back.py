"""A result is sent back to be done again, and the ladder goes on (step 37)."""

from dataclasses import replace
from uuid import UUID

import pytest

from chassis.testing import given
from chassis.workdays import Calendar
from services.supervision.domain.commands import (
    AcceptFeedback,
    GiveFeedback,
    SendBackFeedback,
)
from services.supervision.domain.events import (
    FeedbackSentBack,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyAcceptedError,
    AlreadySentBackError,
    ProgressNotSentBackError,
    UnknownFeedbackError,
)
from tests.support.matter_feedback import FINAL, NEWS, RESULT, given_by
from tests.support.matter_timers import (
    ESCALATED,
    ID,
    LEAD,
    NEAR,
    NOTICE_TIMER,
    OVERDUE,
    PREPARED,
    PRINCIPAL_TIMER,
    TO_PRINCIPAL,
    at,
)

FIRST = replace(RESULT, submitted_at=at("05-08 20:10"))


@pytest.fixture
def sending_back(calendar: Calendar) -> SendBackFeedback:
    """Return step 37: no list of dangerous reservoirs."""
    return SendBackFeedback(
        matter_id=ID,
        feedback_id=FINAL,
        sent_back_by="sun.li",
        sent_back_at=at("05-09 09:30"),
        reasons="缺病险水库清单和逐库时限",
        calendar=calendar,
    )


def sent_back(matter: Matter, command: SendBackFeedback) -> FeedbackSentBack:
    (event,) = matter.decide(command)
    assert isinstance(event, FeedbackSentBack)
    return event


def test_a_result_is_sent_back_once_with_reasons_and_counted(
    received: Matter, sending_back: SendBackFeedback
) -> None:
    waiting = received.evolve(given_by(FIRST))
    event = sent_back(waiting, sending_back)
    assert (event.unit, event.times, event.due) == (LEAD, 1, at("05-06 18:00"))
    assert event.reasons == "缺病险水库清单和逐库时限"
    given(waiting, event).when(sending_back).then_nothing()
    again = replace(FIRST, feedback_id=UUID(int=7), submitted_at=at("05-09 14:20"))
    given(waiting, event).when(again).then(given_by(again))
    second = sent_back(
        waiting.evolve(event).evolve(given_by(again)),
        replace(sending_back, feedback_id=UUID(int=7)),
    )
    assert second.times == 2


def test_only_a_result_that_waits_is_sent_back(
    received: Matter, completed: Matter, sending_back: SendBackFeedback
) -> None:
    given(received).when(sending_back).then_refused(UnknownFeedbackError)
    progress = replace(sending_back, feedback_id=NEWS.feedback_id)
    given(received, given_by(NEWS)).when(progress).then_refused(ProgressNotSentBackError)
    given(completed).when(sending_back).then_refused(AlreadyAcceptedError)


def test_what_was_sent_back_is_not_accepted(
    received: Matter, sending_back: SendBackFeedback, calendar: Calendar
) -> None:
    waiting = received.evolve(given_by(FIRST))
    accept = AcceptFeedback(
        matter_id=ID,
        feedback_id=FINAL,
        accepted_by="sun.li",
        accepted_at=at("05-09 10:00"),
        calendar=calendar,
    )
    given(waiting, sent_back(waiting, sending_back)).when(accept).then_refused(
        AlreadySentBackError
    )


def test_after_sending_back_the_rungs_go_on_from_where_they_stood(
    received: Matter, sending_back: SendBackFeedback
) -> None:
    past = (OVERDUE, PREPARED, ESCALATED, given_by(FIRST))
    waiting = received
    for one in past:
        waiting = waiting.evolve(one)
    event = sent_back(waiting, sending_back)
    # One working day went by in review: the unit is not charged with it.
    assert [(rung.code, rung.due_at) for rung in event.rungs] == [
        ("principal", at("05-14 18:00"))
    ]
    moved = replace(PRINCIPAL_TIMER, at=at("05-14 18:00"))
    given(waiting, event).when(moved).then(TO_PRINCIPAL)
    given(waiting, event).when(PRINCIPAL_TIMER).then_nothing()
    given(waiting, event).when(NOTICE_TIMER).then_nothing()


def test_a_long_review_before_the_due_date_costs_the_light_but_no_rung(
    received: Matter, sending_back: SendBackFeedback
) -> None:
    in_time: GiveFeedback = replace(FIRST, submitted_at=at("05-06 17:00"))
    late_review = replace(sending_back, sent_back_at=at("05-13 09:00"))
    event = sent_back(received.evolve(NEAR).evolve(given_by(in_time)), late_review)
    assert [(rung.code, rung.due_at) for rung in event.rungs] == [
        ("due", at("05-06 18:00")),
        ("urging_sheet", at("05-14 08:30")),
        ("supervision_notice", at("05-15 18:00")),
        ("principal", at("05-20 18:00")),
    ]
