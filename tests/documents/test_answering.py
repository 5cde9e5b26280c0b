"""Incoming documents: answered, handled and disposed of."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from chassis.workdays import SHANGHAI
from services.documents.domain.incoming import commands, events, refusals
from services.documents.domain.incoming.commands import IncomingCommand
from services.documents.domain.incoming.document import Document
from services.documents.domain.refusals import NotRegisteredError
from services.documents.domain.words import (
    Disposition,
    Medium,
    Retention,
    Route,
    Urgency,
)

ID, REPORT, MATTER = UUID(int=417), UUID(int=46), UUID(int=31)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=SHANGHAI)


CITY_DUE = at(5, 9, 18)
RECEIVED = events.DocumentReceived(
    document_id=ID,
    organ="gov",
    medium=Medium.TELEGRAM,
    sender="华州市人民政府办公室",
    sender_doc_no="华政办明电〔2025〕18号",
    normalised_doc_no="华政办明电〔2025〕18号",
    title="关于切实做好“五一”假期及汛前水库安全隐患排查整治工作的紧急通知",
    urgency=Urgency.EXTRA_URGENT,
    received_by="li.juan",
    received_at=at(4, 25, 16, 40),
    outside_due=CITY_DUE,
)
REGISTERED = events.DocumentRegistered(
    document_id=ID,
    receipt_no="收〔2025〕417号",
    route=Route.FOR_ACTION,
    registered_by="li.juan",
    registered_at=at(4, 25, 16, 52),
)
FOR_INFORMATION = replace(REGISTERED, route=Route.FOR_INFORMATION)
UNDATED = replace(RECEIVED, outside_due=None)
HANDLING = commands.RecordHandling(
    document_id=ID,
    matter_id=MATTER,
    matter_no="云政督〔2025〕31号",
    completed_at=at(5, 9, 15),
    closed=False,
    late_work_days=3,
)
ANSWER = commands.AnswerDocument(
    document_id=ID,
    answered_at=at(5, 9, 16, 41),
    answer_id=REPORT,
    answer_no="云政〔2025〕46号",
)
FILE = commands.RecordDisposition(
    document_id=ID,
    disposition=Disposition.FILE,
    recorded_by="li.juan",
    retention=Retention.D10,
)
HANDLED = events.HandlingRecorded(
    document_id=ID,
    matter_id=MATTER,
    matter_no="云政督〔2025〕31号",
    completed_at=HANDLING.completed_at,
    closed=False,
    late_work_days=3,
)
ANSWERED = events.DocumentAnswered(
    document_id=ID,
    organ="gov",
    receipt_no="收〔2025〕417号",
    outside_due=CITY_DUE,
    answered_at=ANSWER.answered_at,
    answer_id=REPORT,
    answer_no="云政〔2025〕46号",
    minutes_before_due=79,
)
FILED = events.DispositionRecorded(
    document_id=ID,
    organ="gov",
    receipt_no="收〔2025〕417号",
    disposition=Disposition.FILE,
    recorded_by="li.juan",
    retention=Retention.D10,
)


def test_the_city_has_its_answer_79_minutes_before_it_is_due() -> None:
    given(Document(), RECEIVED, REGISTERED).when(ANSWER).then(ANSWERED)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (59, -1), (61, -2), (-61, 1)])
def test_whole_minutes_before_due_are_negative_when_late(
    seconds: int, minutes: int
) -> None:
    moment = CITY_DUE + timedelta(seconds=seconds)
    given(Document(), RECEIVED, REGISTERED).when(replace(ANSWER, answered_at=moment)).then(
        replace(ANSWERED, answered_at=moment, minutes_before_due=minutes)
    )


def test_an_answer_without_a_due_date_is_neither_early_nor_late() -> None:
    given(Document(), UNDATED, REGISTERED).when(ANSWER).then(
        replace(ANSWERED, outside_due=None, minutes_before_due=None)
    )


def test_the_same_answer_told_twice_is_one_answer() -> None:
    given(Document(), RECEIVED, REGISTERED, ANSWERED).when(ANSWER).then_nothing()


@pytest.mark.parametrize("answer_id", [UUID(int=47), None])
def test_an_item_has_one_answer(answer_id: UUID | None) -> None:
    by_hand = replace(ANSWERED, answer_id=None)
    for answered in (ANSWERED, by_hand):
        given(Document(), RECEIVED, REGISTERED, answered).when(
            replace(ANSWER, answer_id=answer_id)
        ).then_refused(refusals.AlreadyAnsweredError)


def test_an_item_for_information_owes_no_answer() -> None:
    given(Document(), RECEIVED, FOR_INFORMATION).when(ANSWER).then_refused(
        refusals.NoAnswerOwedError
    )


def test_handling_is_recorded_once_when_completed_and_once_when_closed() -> None:
    past = Document(), RECEIVED, REGISTERED
    closed = replace(HANDLED, closed=True)
    given(*past).when(HANDLING).then(HANDLED)
    given(*past, HANDLED).when(HANDLING).then_nothing()
    given(*past, HANDLED).when(replace(HANDLING, closed=True)).then(closed)
    given(*past, HANDLED, closed).when(HANDLING).then_nothing()


@pytest.mark.parametrize("command", [HANDLING, ANSWER, FILE])
def test_without_an_item_there_is_nothing_to_act_on(command: IncomingCommand) -> None:
    given(Document()).when(command).then_refused(UnknownItemError)


@pytest.mark.parametrize("command", [ANSWER, FILE])
def test_registration_comes_first(command: IncomingCommand) -> None:
    given(Document(), RECEIVED).when(command).then_refused(NotRegisteredError)


def test_an_answered_item_is_filed_once() -> None:
    given(Document(), RECEIVED, REGISTERED, ANSWERED).when(FILE).then(FILED)
    given(Document(), RECEIVED, REGISTERED, ANSWERED, FILED).when(FILE).then_refused(
        refusals.AlreadyDisposedError
    )


def test_an_item_is_not_disposed_of_while_its_answer_is_owed() -> None:
    given(Document(), RECEIVED, REGISTERED).when(FILE).then_refused(
        refusals.AnswerOwedError
    )


def test_what_owes_no_answer_is_filed_unanswered() -> None:
    given(Document(), RECEIVED, FOR_INFORMATION).when(FILE).then(FILED)
    given(Document(), UNDATED, REGISTERED).when(FILE).then(FILED)


def test_filing_needs_a_retention() -> None:
    given(Document(), UNDATED, REGISTERED).when(replace(FILE, retention=None)).then_refused(
        refusals.RetentionMissingError
    )


@pytest.mark.parametrize("end", [Disposition.RETURN, Disposition.DESTROY, Disposition.KEEP])
def test_only_filing_has_a_retention(end: Disposition) -> None:
    past = given(Document(), UNDATED, REGISTERED)
    past.when(replace(FILE, disposition=end)).then_refused(
        refusals.RetentionWithoutFilingError
    )
    past.when(replace(FILE, disposition=end, retention=None)).then(
        replace(FILED, disposition=end, retention=None)
    )
