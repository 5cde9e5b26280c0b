"""An incoming document is received and registered (条例 art 24)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from chassis.workdays import SHANGHAI, Calendar, YearCalendar
from services.documents.domain.incoming import commands, events, refusals
from services.documents.domain.incoming.document import Document
from services.documents.domain.limits import Limits
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    ClassifiedContentError,
)
from services.documents.domain.words import (
    Medium,
    Route,
    Secrecy,
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
UNDATED = replace(RECEIVED, outside_due=None, answer_near=None)


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
