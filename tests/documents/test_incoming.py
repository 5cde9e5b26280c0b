"""An incoming document is received and registered (条例 art 24)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.documents.domain.incoming import events, refusals
from services.documents.domain.incoming.document import Document
from services.documents.domain.limits import Limits
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    ClassifiedContentError,
)
from services.documents.domain.words import (
    Secrecy,
    Urgency,
)
from tests.support.incoming_telegram import (
    RECEIVE,
    RECEIVED,
    REGISTER,
    REGISTER_DUE,
    REGISTERED,
    UNDATED,
    at,
)


def test_the_telegram_is_received_with_its_limits() -> None:
    given(Document()).when(RECEIVE).then(RECEIVED)


def test_without_limit_and_outside_due_nothing_is_due() -> None:
    calm = replace(RECEIVE, urgency=Urgency.NONE, outside_due=None)
    given(Document()).when(calm).then(
        replace(UNDATED, urgency=Urgency.NONE, register_due=None)
    )


def test_an_item_is_received_once() -> None:
    given(Document(), RECEIVED).when(RECEIVE).then_refused(refusals.AlreadyReceivedError)


@pytest.mark.parametrize("secrecy", [word for word in Secrecy if word is not Secrecy.NONE])
def test_what_the_site_has_no_licence_for_leaves_no_trace(secrecy: Secrecy) -> None:
    classified = replace(RECEIVE, secrecy=secrecy)
    with pytest.raises(ClassifiedContentError) as refused:
        Document().decide(classified)
    assert refused.value.facts == {}
    assert refused.value.message("zh") == "本系统未获准处理涉密信息，请交机要室线下登记。"
    assert RECEIVE.title not in str(refused.value)


def test_a_licensed_work_secret_is_received() -> None:
    licensed = Limits(licensed_secrecy=frozenset({Secrecy.NONE, Secrecy.WORK_SECRET}))
    given(Document()).when(
        replace(RECEIVE, secrecy=Secrecy.WORK_SECRET, limits=licensed)
    ).then(replace(RECEIVED, register_due=None))


@pytest.mark.parametrize("due", [RECEIVE.received_at, at(4, 24, 18)])
def test_an_answer_is_due_after_the_receipt(due: datetime) -> None:
    given(Document()).when(replace(RECEIVE, outside_due=due)).then_refused(
        refusals.DueBeforeReceiptError
    )


@pytest.mark.parametrize("year", [2052, 9999])
def test_a_due_day_outside_the_calendar_is_refused_by_its_day(year: int) -> None:
    slip = datetime(year, 12, 31, 18, tzinfo=UTC)
    given(Document()).when(replace(RECEIVE, outside_due=slip)).then_refused(
        refusals.CalendarMissingError, day=date(year, 12, 31)
    )


def test_the_day_of_receipt_is_the_day_in_shanghai() -> None:
    after_midnight = datetime(2025, 4, 26, 16, 30, tzinfo=UTC)
    monday = replace(RECEIVE, received_at=after_midnight, outside_due=at(5, 7, 18))
    (received,) = Document().decide(monday)
    assert isinstance(received, events.DocumentReceived)
    assert received.answer_near == at(5, 6, 8, 30)


def test_registering_after_12_of_30_minutes_is_on_time() -> None:
    given(Document(), RECEIVED).when(REGISTER).then(REGISTERED)


@pytest.mark.parametrize(
    ("seconds", "late"), [(0, 0), (1, 1), (60, 1), (61, 2), (3600, 60)]
)
def test_a_started_minute_is_a_minute_late(seconds: int, late: int) -> None:
    moment = REGISTER_DUE + timedelta(seconds=seconds)
    given(Document(), RECEIVED).when(replace(REGISTER, registered_at=moment)).then(
        replace(REGISTERED, registered_at=moment, minutes_late=late)
    )


def test_without_a_limit_no_registering_is_late() -> None:
    unlimited = replace(RECEIVED, register_due=None)
    given(Document(), unlimited).when(REGISTER).then(REGISTERED)


def test_an_item_is_registered_once() -> None:
    given(Document(), RECEIVED, REGISTERED).when(REGISTER).then_refused(
        AlreadyRegisteredError
    )


def test_an_item_nobody_received_cannot_be_registered() -> None:
    given(Document()).when(REGISTER).then_refused(UnknownItemError)
