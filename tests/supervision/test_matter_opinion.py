"""C-1: a deliberation opinion is followed on an organ, from hand-over to the vote (steps 75-87)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from chassis.testing import given
from chassis.timers import Arm, DisarmAll
from chassis.workdays import Deadline
from services.supervision.domain.commands import (
    AcceptFeedback,
    AssignMatter,
    CloseMatter,
    MarkNearDue,
    MarkOverdue,
    UrgeByPhone,
)
from services.supervision.domain.events import (
    MatterCompleted,
    MatterNearDue,
    MatterOpened,
    MatterRoundOpened,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AddressedToOrganError,
    AlreadyClosedError,
    ClosedByVoteError,
    NotAssignedToUnitError,
    UnknownFeedbackError,
)
from services.supervision.domain.words import Light, SourceKind
from services.supervision.reactions import arm_matter
from tests.support.matter_opinion import (
    ASSIGN,
    C1,
    CALENDAR,
    CHILD,
    CHILD_DONE,
    CHILD_NOTED,
    CLOSED,
    COMPLETED,
    HANDED_OVER,
    NOTED,
    OPINION,
    OPINION_NO,
    REPORT,
    VOTE,
    VOTED,
    at,
    following,
)

OPENED = MatterOpened(
    matter_id=C1,
    organ="npc",
    source_kind=SourceKind.DELIBERATION_OPINION,
    source_id=OPINION,
    source_no=OPINION_NO,
    source_document_id=None,
    source_document_no=None,
    addressed_organ="gov",
    parent_id=None,
    urgency="none",
    asked_by="xu.hui",
    asked_at=at("06-27 10:00"),
    addressee=None,
    subject=None,
    lead=None,
    co=(),
    deadline=Deadline(
        due=at("09-28 18:00"),
        start=date(2025, 6, 27),
        rule="P-MONTH",
        statutory_last_day=date(2025, 9, 27),
    ),
    near=at("09-24 08:30"),
    comment_due=at("09-12 18:00"),
    outside_due=None,
    lead_time_work_days=None,
    rhythm=None,
    assign_due=None,
)


@pytest.fixture
def followed() -> Matter:
    """Return C-1 as it was opened, 06-27 10:00."""
    return following(HANDED_OVER)


def test_an_opinion_opens_a_matter_on_the_organ_with_its_dates() -> None:
    given(Matter()).when(HANDED_OVER).then(OPENED)
    given(Matter(), OPENED).when(HANDED_OVER).then_nothing()


def test_its_timers_are_near_and_due_and_go_with_its_completion() -> None:
    assert [*arm_matter(OPENED)] == [
        Arm(name="overdue", due_at=at("09-28 18:00")),
        Arm(name="near", due_at=at("09-24 08:30")),
    ]
    assert [*arm_matter(COMPLETED)] == [DisarmAll()]


def test_people_know_it_by_the_number_of_the_opinion(followed: Matter) -> None:
    given(followed).when(MarkNearDue(matter_id=C1, due=at("09-28 18:00"))).then(
        MatterNearDue(
            matter_id=C1,
            organ="npc",
            number=OPINION_NO,
            lead=None,
            co=(),
            addressed_organ="gov",
            due=at("09-28 18:00"),
            outside_due=None,
            light=Light.YELLOW,
        )
    )


def test_it_is_never_assigned_to_a_unit_and_no_unit_is_urged(followed: Matter) -> None:
    assign: AssignMatter = replace(ASSIGN, matter_id=C1)
    given(followed).when(assign).then_refused(AddressedToOrganError, organ="gov")
    call = UrgeByPhone(
        matter_id=C1,
        unit="县水利局",
        urged_by="ding.qian",
        urged_at=at("09-01 09:00"),
        spoken_to=None,
    )
    given(followed).when(call).then_refused(NotAssignedToUnitError)


def test_the_report_completes_it_by_when_it_was_delivered(followed: Matter) -> None:
    given(followed).when(REPORT).then(NOTED, COMPLETED)
    late = replace(REPORT, submitted_at=at("09-30 09:00"), noted_at=at("09-30 09:00"))
    _, completed = followed.decide(late)
    assert isinstance(completed, MatterCompleted)
    assert (completed.late, completed.late_work_days) == (True, 2)


def test_a_report_that_comes_twice_changes_nothing(followed: Matter) -> None:
    again = replace(REPORT, report_no="云政函〔2025〕35号")
    given(followed, NOTED, COMPLETED).when(REPORT).then_nothing()
    given(followed, NOTED, COMPLETED).when(again).then_nothing()


def test_a_report_before_the_last_child_waits_and_completes_with_it() -> None:
    divided = following(HANDED_OVER, CHILD)
    given(divided).when(REPORT).then(NOTED)
    given(divided, NOTED).when(REPORT).then_nothing()
    given(divided, NOTED).when(CHILD_DONE).then(CHILD_NOTED, COMPLETED)


def test_a_waiting_report_rests_the_lights() -> None:
    waiting = following(HANDED_OVER, CHILD, REPORT)
    given(waiting).when(MarkOverdue(matter_id=C1, due=at("09-28 18:00"))).then_nothing()


def test_the_last_child_alone_completes_nothing() -> None:
    other = replace(CHILD, child_id=UUID(int=30))
    divided = following(HANDED_OVER, CHILD, other)
    given(divided).when(CHILD_DONE).then(CHILD_NOTED)
    given(divided, CHILD_NOTED).when(CHILD_DONE).then_nothing()
    given(divided, NOTED).when(CHILD_DONE).then(CHILD_NOTED)


def test_a_satisfied_vote_closes_what_is_completed_and_nothing_else_does() -> None:
    completed = following(HANDED_OVER, REPORT)
    close = CloseMatter(matter_id=C1, closed_by="han.bing", closed_at=at("10-18 09:00"))
    given(completed).when(close).then_refused(ClosedByVoteError)
    given(completed).when(VOTE).then(VOTED, CLOSED)
    given(completed, VOTED, CLOSED).when(VOTE).then_nothing()
    given(completed, VOTED, CLOSED).when(close).then_refused(AlreadyClosedError)


def test_a_vote_before_the_last_child_closes_it_with_that_child() -> None:
    waiting = following(HANDED_OVER, CHILD, REPORT)
    given(waiting).when(VOTE).then(VOTED)
    later = replace(CHILD_DONE, noted_at=at("10-20 09:00"))
    given(waiting, VOTED).when(later).then(
        CHILD_NOTED, COMPLETED, replace(CLOSED, closed_at=at("10-20 09:00"))
    )


def test_a_vote_that_does_not_satisfy_opens_a_new_round_with_its_own_due_date() -> None:
    completed = following(HANDED_OVER, REPORT)
    not_satisfied = replace(
        VOTE,
        satisfied=False,
        due_again=at("12-31 18:00"),
        comment_due_again=at("12-16 18:00"),
    )
    again = MatterRoundOpened(
        matter_id=C1,
        organ="npc",
        number=OPINION_NO,
        lead=None,
        co=(),
        addressed_organ="gov",
        round=2,
        deadline=Deadline(due=at("12-31 18:00"), start=date(2025, 10, 17), rule="P-SET"),
        near=at("12-26 08:30"),
        comment_due=at("12-16 18:00"),
    )
    voted = replace(VOTED, satisfied=False)
    given(completed).when(not_satisfied).then(voted, again)
    given(completed, voted, again).when(not_satisfied).then_nothing()
    second = replace(REPORT, report_no="云政函〔2025〕60号", submitted_at=at("12-30 09:00"))
    given(completed, voted, again).when(second).then(
        replace(NOTED, report_no="云政函〔2025〕60号", submitted_at=at("12-30 09:00")),
        replace(
            COMPLETED,
            report_no="云政函〔2025〕60号",
            submitted_at=at("12-30 09:00"),
            due=at("12-31 18:00"),
        ),
    )


def test_it_takes_no_feedback_of_a_unit_and_accepts_none(followed: Matter) -> None:
    accept = AcceptFeedback(
        matter_id=C1,
        feedback_id=UUID(int=5),
        accepted_by="ding.qian",
        accepted_at=at("09-23 16:00"),
        calendar=CALENDAR,
    )
    given(followed).when(accept).then_refused(UnknownFeedbackError)


def test_what_meetings_tells_of_another_matter_changes_nothing(assigned: Matter) -> None:
    for notice in (REPORT, VOTE, CHILD_DONE):
        given(assigned).when(notice).then_nothing()
        given(Matter()).when(notice).then_nothing()
