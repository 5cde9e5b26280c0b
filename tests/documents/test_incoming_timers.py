"""The timers of an incoming document: a step overdue, an answer near."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from chassis.testing import given
from chassis.workdays import SHANGHAI, Calendar, YearCalendar
from services.documents.domain.incoming import commands, events
from services.documents.domain.incoming.commands import IncomingCommand
from services.documents.domain.incoming.document import INCOMING, Document
from services.documents.domain.limits import Limits
from services.documents.domain.words import (
    Medium,
    Route,
    Secrecy,
    Step,
    Urgency,
)

ID = UUID(int=417)
MAY_DAY = frozenset(date(2025, 5, day) for day in range(1, 6))
CALENDAR = Calendar(
    years={
        2025: YearCalendar(
            year=2025,
            off=MAY_DAY,
            work=frozenset({date(2025, 4, 27)}),
            names={},
            source="国办发明电〔2024〕12号",
            confirmed=True,
        )
    }
)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=SHANGHAI)


REGISTER_DUE, CITY_DUE = at(4, 25, 17, 10), at(5, 9, 18)
RECEIVE = commands.ReceiveDocument(
    document_id=ID,
    organ="gov",
    medium=Medium.TELEGRAM,
    sender="华州市人民政府办公室",
    sender_doc_no="华政办明电（2025）第18号",
    title="关于切实做好“五一”假期及汛前水库安全隐患排查整治工作的紧急通知",
    urgency=Urgency.EXTRA_URGENT,
    secrecy=Secrecy.NONE,
    received_by="li.juan",
    received_at=at(4, 25, 16, 40),
    outside_due=CITY_DUE,
    contact="王某",
    limits=Limits(register_minutes={Urgency.EXTRA_URGENT: 30}),
    calendar=CALENDAR,
)
REGISTER = commands.RegisterDocument(
    document_id=ID,
    receipt_no="收〔2025〕417号",
    route=Route.FOR_ACTION,
    registered_by="li.juan",
    registered_at=at(4, 25, 16, 52),
)
UNREGISTERED = commands.MarkStepOverdue(
    document_id=ID, step=Step.REGISTER, due=REGISTER_DUE
)
UNANSWERED = replace(UNREGISTERED, step=Step.ANSWER, due=CITY_DUE)
NEAR = commands.MarkAnswerNearDue(document_id=ID, outside_due=CITY_DUE)

RECEIVED = events.DocumentReceived(
    document_id=ID,
    organ="gov",
    medium=Medium.TELEGRAM,
    sender=RECEIVE.sender,
    sender_doc_no="华政办明电（2025）第18号",
    normalised_doc_no="华政办明电〔2025〕18号",
    title=RECEIVE.title,
    urgency=Urgency.EXTRA_URGENT,
    received_by="li.juan",
    received_at=RECEIVE.received_at,
    register_due=REGISTER_DUE,
    outside_due=CITY_DUE,
    answer_near=at(5, 7, 8, 30),
    contact="王某",
)
REGISTERED = events.DocumentRegistered(
    document_id=ID,
    receipt_no="收〔2025〕417号",
    route=Route.FOR_ACTION,
    registered_by="li.juan",
    registered_at=REGISTER.registered_at,
    minutes_late=0,
)
FOR_INFORMATION = replace(REGISTERED, route=Route.FOR_INFORMATION)
ANSWERED = events.DocumentAnswered(
    document_id=ID,
    organ="gov",
    receipt_no="收〔2025〕417号",
    outside_due=CITY_DUE,
    answered_at=at(5, 9, 16, 41),
)
UNDATED = replace(RECEIVED, outside_due=None, answer_near=None)


def test_a_step_is_overdue_once() -> None:
    for timer in (UNREGISTERED, UNANSWERED):
        overdue = events.StepOverdue(
            document_id=ID, organ="gov", receipt_no=None, step=timer.step, due=timer.due
        )
        given(Document(), RECEIVED).when(timer).then(overdue)
        given(Document(), RECEIVED, overdue).when(timer).then_nothing()


def test_what_is_overdue_is_named_by_its_receipt_number_once_it_has_one() -> None:
    given(Document(), RECEIVED, REGISTERED).when(UNANSWERED).then(
        events.StepOverdue(
            document_id=ID,
            organ="gov",
            receipt_no="收〔2025〕417号",
            step=Step.ANSWER,
            due=CITY_DUE,
        )
    )
    given(Document(), RECEIVED).when(NEAR).then(
        events.AnswerNearDue(
            document_id=ID, organ="gov", receipt_no=None, outside_due=CITY_DUE
        )
    )


def test_an_answer_draws_near_once() -> None:
    near = events.AnswerNearDue(
        document_id=ID, organ="gov", receipt_no="收〔2025〕417号", outside_due=CITY_DUE
    )
    given(Document(), RECEIVED, REGISTERED).when(NEAR).then(near)
    given(Document(), RECEIVED, REGISTERED, near).when(NEAR).then_nothing()


@pytest.mark.parametrize("timer", [UNANSWERED, NEAR])
def test_who_waits_for_no_answer_is_not_kept_waiting(timer: IncomingCommand) -> None:
    given(Document(), RECEIVED, FOR_INFORMATION).when(timer).then_nothing()
    given(Document(), RECEIVED, REGISTERED, ANSWERED).when(timer).then_nothing()
    given(Document(), UNDATED, REGISTERED).when(timer).then_nothing()


def test_a_registered_item_is_not_overdue_for_registering() -> None:
    given(Document(), RECEIVED, REGISTERED).when(UNREGISTERED).then_nothing()


@pytest.mark.parametrize(
    "timer",
    [
        replace(UNREGISTERED, due=at(4, 25, 18)),
        replace(UNANSWERED, due=at(5, 12, 18)),
        replace(NEAR, outside_due=at(5, 12, 18)),
    ],
)
def test_a_timer_for_another_date_does_nothing(timer: IncomingCommand) -> None:
    given(Document(), RECEIVED).when(timer).then_nothing()


@pytest.mark.parametrize("timer", [UNREGISTERED, UNANSWERED, NEAR])
def test_a_timer_without_an_item_does_nothing(timer: IncomingCommand) -> None:
    given(Document()).when(timer).then_nothing()


def test_every_event_has_its_stored_type() -> None:
    assert INCOMING.type_of(events.DocumentReceived) == "incoming.Received"
    assert INCOMING.type_of(events.InstructionGiven) == "incoming.InstructionGiven"
    assert len({INCOMING.type_of(event) for event in INCOMING.events}) == 8
