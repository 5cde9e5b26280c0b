"""The report to the city of the sample scenario: commands and events, in order."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from chassis.workdays import SHANGHAI, Calendar
from services.documents.domain.outgoing import commands, events
from services.documents.domain.outgoing.commands import OutgoingCommand
from services.documents.domain.outgoing.events import OutgoingEvent
from services.documents.domain.words import Direction, DocType, Secrecy

ID, SOURCE = UUID(int=46), UUID(int=417)

CITY, OFFICE, DOC_NO = "华州市人民政府", "华州市人民政府办公室", "云政〔2025〕46号"


def at(hour: int, minute: int) -> datetime:
    return datetime(2025, 5, 9, hour, minute, tzinfo=SHANGHAI)


DRAFT = commands.DraftDocument(
    document_id=ID,
    organ="gov",
    doc_type=DocType.REPORT,
    direction=Direction.UPWARD,
    title="关于水库安全隐患排查整治情况的报告",
    secrecy=Secrecy.NONE,
    licensed_secrecy=frozenset({Secrecy.NONE}),
    main_to=(CITY, OFFICE),
    drafted_by="liu.min",
    drafted_at=at(15, 5),
    answered_document_id=SOURCE,
    answered_doc_no="收〔2025〕417号",
)

SIGN = commands.SignDocument(
    document_id=ID,
    signed_by="zhou.zhiyuan",
    signer_is_principal=True,
    signer_leads=True,
    signed_at=at(15, 50),
    calendar=Calendar(years={}),
)

BY_DEPUTY = replace(SIGN, signed_by="chen.jianguo", signer_is_principal=False)

REGISTER = commands.RegisterDocument(
    document_id=ID, doc_no=DOC_NO, registered_by="li.juan", registered_at=at(16, 12)
)

PRINT = commands.PrintDocument(document_id=ID, copies=3, printed_by="li.juan")

SEAL = commands.UseSeal(document_id=ID, copies=3, used_by="li.juan", used_at=at(16, 20))

ISSUE = commands.IssueDocument(document_id=ID, issued_by="li.juan", issued_at=at(16, 28))

RECEIPT = commands.ConfirmReceipt(
    document_id=ID,
    recipient=CITY,
    confirmed_at=at(16, 41),
    recorded_by="li.juan",
    confirmed_by="王某",
)

DRAFTED = events.DocumentDrafted(
    document_id=ID,
    organ="gov",
    doc_type=DocType.REPORT,
    direction=Direction.UPWARD,
    title=DRAFT.title,
    main_to=DRAFT.main_to,
    drafted_by="liu.min",
    drafted_at=at(15, 5),
    answered_document_id=SOURCE,
    answered_doc_no="收〔2025〕417号",
)

SIGNED = events.DocumentSigned(
    document_id=ID,
    signed_by="zhou.zhiyuan",
    signed_at=at(15, 50),
    doc_date=date(2025, 5, 9),
)

REGISTERED = events.DocumentRegistered(
    document_id=ID, doc_no=DOC_NO, registered_by="li.juan", registered_at=at(16, 12)
)

PRINTED = events.DocumentPrinted(document_id=ID, copies=3, printed_by="li.juan")

SEALED = events.SealUsed(
    document_id=ID, seal="gov", copies=3, used_by="li.juan", used_at=at(16, 20)
)

ISSUED = events.DocumentIssued(
    document_id=ID,
    organ="gov",
    doc_no=DOC_NO,
    doc_type=DocType.REPORT,
    main_to=DRAFT.main_to,
    issued_by="li.juan",
    issued_at=at(16, 28),
    answered_document_id=SOURCE,
    answered_doc_no="收〔2025〕417号",
)

CONFIRMED = events.ReceiptConfirmed(
    document_id=ID,
    organ="gov",
    doc_no=DOC_NO,
    recipient=CITY,
    confirmed_at=at(16, 41),
    recorded_by="li.juan",
    answered_document_id=SOURCE,
    answered_doc_no="收〔2025〕417号",
    confirmed_by="王某",
)

LETTER = replace(DRAFTED, doc_type=DocType.LETTER, direction=Direction.LEVEL)

PAST: list[OutgoingEvent] = [DRAFTED, SIGNED, REGISTERED, PRINTED, SEALED, ISSUED]

PATH: list[OutgoingCommand] = [DRAFT, SIGN, REGISTER, PRINT, SEAL, ISSUE, RECEIPT]
