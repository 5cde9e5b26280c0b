"""A matter is opened, with its dates."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from chassis.testing import given
from chassis.workdays import Calendar, Deadline
from services.supervision.domain.commands import (
    OpenMatter,
)
from services.supervision.domain.events import (
    MatterOpened,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyOpenedError,
)
from services.supervision.domain.words import SourceKind
from tests.support.matter_opening import (
    EMERGENCY,
    ID,
    LEAD,
    LIMITS,
    SOURCE,
    TOWN,
    at,
    opened_by,
)


@pytest.fixture
def opening(calendar: Calendar) -> OpenMatter:
    """Return the instruction of step 9."""
    return OpenMatter(
        matter_id=ID,
        organ="gov",
        source_kind=SourceKind.INSTRUCTION,
        source_id=SOURCE,
        source_document_id=UUID(int=3),
        source_document_no="华政办明电〔2025〕18号",
        urgency="extra_urgent",
        asked_by="zhou.zhiyuan",
        asked_at=at("04-25 18:30"),
        recorded_at=at("04-25 18:42"),
        addressee="chen.jianguo",
        lead=LEAD,
        co=(EMERGENCY, TOWN),
        within_work_days=5,
        outside_due=at("05-09 18:00"),
        limits=LIMITS,
        calendar=calendar,
    )


def test_an_instruction_opens_a_matter_with_its_dates(opening: OpenMatter) -> None:
    counted = [(4, 27), (4, 28), (4, 29), (4, 30), (5, 6)]
    given(Matter()).when(opening).then(
        MatterOpened(
            matter_id=ID,
            organ="gov",
            source_kind=SourceKind.INSTRUCTION,
            source_id=SOURCE,
            source_no=None,
            source_document_id=UUID(int=3),
            source_document_no="华政办明电〔2025〕18号",
            addressed_organ=None,
            parent_id=None,
            urgency="extra_urgent",
            asked_by="zhou.zhiyuan",
            asked_at=at("04-25 18:30"),
            addressee="chen.jianguo",
            subject=None,
            lead=LEAD,
            co=(EMERGENCY, TOWN),
            deadline=Deadline(
                due=at("05-06 18:00"),
                start=date(2025, 4, 25),
                rule="P-WD",
                counted=tuple(date(2025, month, day) for month, day in counted),
            ),
            near=None,
            comment_due=None,
            outside_due=at("05-09 18:00"),
            lead_time_work_days=3,
            rhythm=None,
            assign_due=at("04-25 19:42"),
        )
    )


def test_the_period_starts_on_the_local_day_at_any_hour(opening: OpenMatter) -> None:
    late_at_night = replace(opening, asked_at=at("04-25 23:59"))
    assert opened_by(late_at_night).deadline == opened_by(opening).deadline
    after_midnight = replace(opening, asked_at=at("04-26 00:00"))
    assert opened_by(after_midnight).deadline.start == date(2025, 4, 26)


def test_a_leader_who_sets_no_period_gives_the_default_one(opening: OpenMatter) -> None:
    event = opened_by(replace(opening, within_work_days=None, outside_due=None))
    assert len(event.deadline.counted) == LIMITS.default_work_days
    assert event.deadline.due == at("05-20 18:00")
    assert event.lead_time_work_days is None


def test_the_due_date_never_lies_after_the_superiors(opening: OpenMatter) -> None:
    event = opened_by(replace(opening, outside_due=at("04-30 12:00")))
    assert event.deadline == Deadline(
        due=at("04-30 12:00"), start=date(2025, 4, 25), rule="P-OUTSIDE"
    )
    assert event.lead_time_work_days == 0


def test_the_superiors_own_moment_is_still_in_time(opening: OpenMatter) -> None:
    event = opened_by(replace(opening, outside_due=at("05-06 18:00")))
    assert (event.deadline.rule, event.lead_time_work_days) == ("P-WD", 0)


def test_an_urgency_without_a_limit_has_no_time_to_assign(opening: OpenMatter) -> None:
    assert opened_by(replace(opening, urgency="none")).assign_due is None


def test_opening_twice_from_one_source_changes_nothing(
    opening: OpenMatter, opened: Matter, closed: Matter
) -> None:
    given(opened).when(opening).then_nothing()
    given(closed).when(opening).then_nothing()


def test_another_source_needs_a_matter_of_its_own(
    opening: OpenMatter, opened: Matter
) -> None:
    given(opened).when(replace(opening, source_id=UUID(int=9))).then_refused(
        AlreadyOpenedError
    )


def test_an_old_date_of_the_instruction_still_opens_a_matter_counted_from_its_recording(
    opening: OpenMatter,
) -> None:
    written = datetime(2001, 1, 1, tzinfo=UTC)  # a slip of the pen; no calendar reaches it
    event = opened_by(replace(opening, asked_at=written))
    usual = opened_by(opening)
    assert event.deadline.due == usual.deadline.due
    assert event.asked_at == written
