"""The office's own review never counts against the unit, whatever ends while it lasts."""

from dataclasses import replace
from uuid import UUID

import pytest

from chassis.testing import given
from services.supervision.domain.commands import GiveFeedback, SendBackFeedback
from services.supervision.domain.events import FeedbackGiven
from services.supervision.domain.ladder import resumed
from services.supervision.domain.matter import Matter
from services.supervision.domain.words import FeedbackKind
from tests.support.matter_feedback import RESULT
from tests.support.matter_opinion import (
    ASSIGN,
    BY_HAND,
    CALENDAR,
    M2,
    RECEIVE,
    at,
    following,
)

EARLY = replace(
    RESULT, matter_id=M2, feedback_id=UUID(int=51), submitted_at=at("07-24 10:00")
)


def sent_back(when: str, first: GiveFeedback = EARLY) -> Matter:
    """Return M-2 with its first result sent back at that moment."""
    back = SendBackFeedback(
        matter_id=M2,
        feedback_id=first.feedback_id,
        sent_back_by="sun.li",
        sent_back_at=at(when),
        reasons="缺清单",
        calendar=CALENDAR,
    )
    return following(BY_HAND, ASSIGN, RECEIVE, first, back)


def test_a_period_that_ended_while_a_result_was_reviewed_is_not_owed() -> None:
    again = replace(EARLY, feedback_id=UUID(int=52), submitted_at=at("08-27 09:00"))
    (event,) = sent_back("08-26 09:00").decide(again)
    assert isinstance(event, FeedbackGiven)
    assert (event.period, event.late) == (None, False)


def test_a_period_that_ends_after_the_sending_back_is_owed_as_ever() -> None:
    news = replace(
        EARLY,
        feedback_id=UUID(int=52),
        kind=FeedbackKind.PROGRESS,
        submitted_at=at("08-26 09:00"),
    )
    late, event = sent_back("08-20 09:00").decide(news)
    assert isinstance(event, FeedbackGiven)
    assert (event.period, event.late) == ("2025-08", True)
    given(sent_back("08-20 09:00"), late).when(news).then(event)


@pytest.mark.parametrize(
    ("answered", "now", "due_at"),
    [
        ("05-08 17:00", "05-08 19:00", "05-09 18:00"),  # reviewed in the evening
        ("05-08 17:00", "05-09 09:30", "05-09 18:00"),
        ("05-08 17:00", "05-09 20:00", "05-12 18:00"),  # 05-10 is a Saturday
        ("05-08 17:00", "05-10 10:00", "05-12 18:00"),
        ("05-08 17:00", "05-08 17:30", "05-08 18:00"),  # nothing has passed
    ],
)
def test_no_rung_is_reached_by_the_sending_back_alone(
    assigned: Matter, answered: str, now: str, due_at: str
) -> None:
    moved = resumed(assigned.rungs, at(answered), at(now), CALENDAR)
    notice = next(rung for rung in moved if rung.code == "supervision_notice")
    assert notice.due_at == at(due_at)
    steps = [rung.due_at for rung in moved]
    assert steps == sorted(steps)
