"""A matter of the scenario (M-1, 云政督〔2025〕31号) at each stage of its life."""

from datetime import UTC, date, datetime
from functools import reduce
from uuid import UUID

import pytest

from chassis.calendars import load_calendar
from chassis.workdays import Calendar, Deadline
from services.supervision.domain.events import (
    FeedbackAccepted,
    FeedbackGiven,
    MatterAssigned,
    MatterClosed,
    MatterCompleted,
    MatterEvent,
    MatterOpened,
    MatterReceived,
    ResultSeen,
)
from services.supervision.domain.ladder import dated
from services.supervision.domain.matter import MATTER, Matter
from services.supervision.domain.words import FeedbackKind, SourceKind
from tests.support.matter_opening import LADDER

ID, SOURCE, FINAL = UUID(int=1), UUID(int=2), UUID(int=5)
NUMBER, LEAD, CO = "云政督〔2025〕31号", "县水利局", ("县应急管理局", "青石镇")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


OPENED = MatterOpened(
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
    co=CO,
    deadline=Deadline(due=at("05-06 18:00"), start=date(2025, 4, 25), rule="P-WD"),
    near=None,
    comment_due=None,
    outside_due=at("05-09 18:00"),
    lead_time_work_days=3,
    rhythm=None,
    assign_due=at("04-25 19:42"),
)
ASSIGNED = MatterAssigned(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    subject="水库安全隐患排查整治",
    requirement="立即排查",
    lead=LEAD,
    responsible_person="tang.yong",
    co=CO,
    assigned_by="sun.li",
    assigned_at=at("04-25 18:50"),
    due=at("05-06 18:00"),
    near=at("04-30 08:30"),
    rungs=dated(
        LADDER, at("05-06 18:00"), date(2025, 4, 25), calendar=load_calendar([2025])
    ),
    feedback_dues=(),
    receive_due=at("04-25 19:50"),
    outside_due=at("05-09 18:00"),
    asked_by="zhou.zhiyuan",
    addressee="chen.jianguo",
    parent_id=None,
    source_document_id=UUID(int=3),
    source_document_no="华政办明电〔2025〕18号",
)
RECEIVED = MatterReceived(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    received_by="deng.jie",
    received_at=at("04-25 19:05"),
)
ANSWERED = FeedbackGiven(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    feedback_id=FINAL,
    kind=FeedbackKind.FINAL,
    unit=LEAD,
    given_by="deng.jie",
    signed_by="luo.hai",
    submitted_at=at("05-09 14:20"),
    summary="已排查水库12座",
)
ACCEPTED = FeedbackAccepted(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=CO,
    feedback_id=FINAL,
    accepted_by="sun.li",
    accepted_at=at("05-09 15:00"),
)
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
SEEN = ResultSeen(
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
CLOSED = MatterClosed(
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


def after(*events: MatterEvent) -> Matter:
    return reduce(Matter.evolve, events, MATTER.initial)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """Return the working calendar of 2025, as confirmed."""
    return load_calendar([2025])


@pytest.fixture
def opened() -> Matter:
    """Return the matter as it was opened, 04-25 18:42."""
    return after(OPENED)


@pytest.fixture
def assigned() -> Matter:
    """Return the matter as it was assigned, 04-25 18:50."""
    return after(OPENED, ASSIGNED)


@pytest.fixture
def received() -> Matter:
    """Return the matter once its lead, and nobody else, received it."""
    return after(OPENED, ASSIGNED, RECEIVED)


@pytest.fixture
def answered() -> Matter:
    """Return the matter while the lead's final feedback waits."""
    return after(OPENED, ASSIGNED, RECEIVED, ANSWERED)


@pytest.fixture
def completed() -> Matter:
    """Return the matter with its result accepted, 3 working days late."""
    return after(OPENED, ASSIGNED, RECEIVED, ANSWERED, ACCEPTED, COMPLETED)


@pytest.fixture
def seen() -> Matter:
    """Return the matter once the leader who asked has seen the result."""
    return after(OPENED, ASSIGNED, RECEIVED, ANSWERED, ACCEPTED, COMPLETED, SEEN)


@pytest.fixture
def closed() -> Matter:
    """Return the matter as it was closed, 05-12 10:10."""
    return after(OPENED, ASSIGNED, RECEIVED, ANSWERED, ACCEPTED, COMPLETED, SEEN, CLOSED)
