"""The urgent telegram of the sample scenario: commands and events."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from chassis.workdays import SHANGHAI, Calendar, YearCalendar
from services.documents.domain.incoming import commands, events
from services.documents.domain.limits import Limits
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
