"""A matter is completed, its result seen, and closed."""

from dataclasses import replace
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from chassis.workdays import Calendar
from services.supervision.domain.commands import (
    AcceptFeedback,
    CloseMatter,
    NoteResultSeen,
)
from services.supervision.domain.events import (
    FeedbackAccepted,
    MatterClosed,
    MatterCompleted,
    ResultSeen,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    NotCompletedError,
    ResultNotSeenError,
    UnknownFeedbackError,
)
from tests.support.matter_feedback import (
    FINAL,
    ID,
    LEAD,
    NEWS,
    NUMBER,
    PROGRESS,
    RESULT,
    TOWN,
    at,
    given_by,
)

CO = ("县应急管理局", TOWN)


SEE = NoteResultSeen(matter_id=ID, seen_by="zhou.zhiyuan", seen_at=at("05-12 10:00"))
CLOSE = CloseMatter(matter_id=ID, closed_by="sun.li", closed_at=at("05-12 10:10"))
COMPLETED = MatterCompleted(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=CO,
    addressed_organ=None,
    parent_id=None,
    source_document_id=UUID(int=3),
    feedback_id=FINAL,
    report_no=None,
    due=at("05-06 18:00"),
    submitted_at=at("05-09 14:20"),
    late=True,
    late_work_days=3,
)


@pytest.fixture
def accept(calendar: Calendar) -> AcceptFeedback:
    """Return the acceptance of step 38."""
    return AcceptFeedback(
        matter_id=ID,
        feedback_id=FINAL,
        accepted_by="sun.li",
        accepted_at=at("05-09 15:00"),
        calendar=calendar,
    )


def accepted_of(command: AcceptFeedback) -> FeedbackAccepted:
    return FeedbackAccepted(
        matter_id=ID,
        organ="gov",
        number=NUMBER,
        lead=LEAD,
        co=CO,
        feedback_id=command.feedback_id,
        accepted_by=command.accepted_by,
        accepted_at=command.accepted_at,
    )


def test_an_accepted_result_completes_late_by_when_it_was_submitted(
    answered: Matter, accept: AcceptFeedback
) -> None:
    weeks_of_review = replace(accept, accepted_at=at("05-30 09:00"))
    given(answered).when(accept).then(accepted_of(accept), COMPLETED)
    given(answered).when(weeks_of_review).then(accepted_of(weeks_of_review), COMPLETED)


def test_a_result_of_the_last_moment_is_not_late(
    received: Matter, accept: AcceptFeedback
) -> None:
    in_time = given_by(replace(RESULT, submitted_at=at("05-06 18:00")))
    given(received, in_time).when(accept).then(
        accepted_of(accept),
        replace(COMPLETED, submitted_at=at("05-06 18:00"), late=False, late_work_days=0),
    )


def test_accepted_progress_completes_nothing(
    received: Matter, accept: AcceptFeedback
) -> None:
    progress = replace(accept, feedback_id=PROGRESS)
    given(received, given_by(NEWS)).when(progress).then(accepted_of(progress))


def test_accepting_twice_changes_nothing(
    completed: Matter, closed: Matter, accept: AcceptFeedback
) -> None:
    given(completed).when(accept).then_nothing()
    given(closed).when(accept).then_nothing()


def test_only_a_given_feedback_of_an_unclosed_matter_is_accepted(
    received: Matter, closed: Matter, accept: AcceptFeedback
) -> None:
    given(received).when(accept).then_refused(UnknownFeedbackError, feedback_id=FINAL)
    given(closed, given_by(NEWS)).when(replace(accept, feedback_id=PROGRESS)).then_refused(
        AlreadyClosedError
    )


def test_the_leader_who_asked_sees_the_result_once(completed: Matter, seen: Matter) -> None:
    given(completed).when(SEE).then(
        ResultSeen(
            matter_id=ID,
            organ="gov",
            number=NUMBER,
            lead=LEAD,
            co=CO,
            seen_by="zhou.zhiyuan",
            seen_at=at("05-12 10:00"),
            recorded_by=None,
            commended=False,
        )
    )
    given(seen).when(SEE).then_nothing()


def test_what_others_see_or_too_early_changes_nothing(
    answered: Matter, completed: Matter, closed: Matter
) -> None:
    given(completed).when(replace(SEE, seen_by="chen.jianguo")).then_nothing()
    for matter in (Matter(), answered, closed):
        given(matter).when(SEE).then_nothing()


def test_closing_carries_the_lateness_of_completion(seen: Matter, closed: Matter) -> None:
    given(seen).when(CLOSE).then(
        MatterClosed(
            matter_id=ID,
            organ="gov",
            number=NUMBER,
            lead=LEAD,
            co=CO,
            addressed_organ=None,
            source_document_id=UUID(int=3),
            due=at("05-06 18:00"),
            submitted_at=at("05-09 14:20"),
            closed_by="sun.li",
            closed_at=at("05-12 10:10"),
            late=True,
            late_work_days=3,
        )
    )
    given(closed).when(CLOSE).then_refused(AlreadyClosedError)


def test_nothing_is_closed_before_its_result_was_accepted_and_seen(
    answered: Matter, completed: Matter
) -> None:
    given(answered).when(CLOSE).then_refused(NotCompletedError)
    given(completed).when(CLOSE).then_refused(ResultNotSeenError, asked_by="zhou.zhiyuan")


def test_an_unknown_matter_is_neither_answered_nor_closed(accept: AcceptFeedback) -> None:
    for command in (RESULT, accept, CLOSE):
        given(Matter()).when(command).then_refused(UnknownItemError)
