"""The timers of an incoming document: a step overdue, an answer near."""

from dataclasses import replace

import pytest

from chassis.testing import given
from services.documents.domain.incoming import commands, events
from services.documents.domain.incoming.commands import IncomingCommand
from services.documents.domain.incoming.document import INCOMING, Document
from services.documents.domain.words import (
    Route,
    Step,
)
from tests.support.incoming_telegram import (
    CITY_DUE,
    ID,
    RECEIVED,
    REGISTER_DUE,
    REGISTERED,
    UNDATED,
    at,
)

UNREGISTERED = commands.MarkStepOverdue(
    document_id=ID, step=Step.REGISTER, due=REGISTER_DUE
)
UNANSWERED = replace(UNREGISTERED, step=Step.ANSWER, due=CITY_DUE)
NEAR = commands.MarkAnswerNearDue(document_id=ID, outside_due=CITY_DUE)

FOR_INFORMATION = replace(REGISTERED, route=Route.FOR_INFORMATION)
ANSWERED = events.DocumentAnswered(
    document_id=ID,
    organ="gov",
    receipt_no="收〔2025〕417号",
    outside_due=CITY_DUE,
    answered_at=at(5, 9, 16, 41),
)


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
