"""Copies, seal, issue and receipt of an outgoing document (条例 art 25)."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies

from chassis.domain import RefusedError
from chassis.testing import given
from chassis.workdays import SHANGHAI, Calendar
from services.documents.domain.outgoing import commands, events, refusals
from services.documents.domain.outgoing.commands import OutgoingCommand
from services.documents.domain.outgoing.document import OUTGOING, Document
from services.documents.domain.outgoing.events import OutgoingEvent
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    NotRegisteredError,
)
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
    answers=SOURCE,
    answers_no="收〔2025〕417号",
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
    answers=SOURCE,
    answers_no="收〔2025〕417号",
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
    answers=SOURCE,
    answers_no="收〔2025〕417号",
)
CONFIRMED = events.ReceiptConfirmed(
    document_id=ID,
    organ="gov",
    doc_no=DOC_NO,
    recipient=CITY,
    confirmed_at=at(16, 41),
    recorded_by="li.juan",
    answers=SOURCE,
    answers_no="收〔2025〕417号",
    confirmed_by="王某",
)
LETTER = replace(DRAFTED, doc_type=DocType.LETTER, direction=Direction.LEVEL)
MINUTES = replace(DRAFTED, doc_type=DocType.MINUTES, direction=Direction.DOWNWARD)
PAST: list[OutgoingEvent] = [DRAFTED, SIGNED, REGISTERED, PRINTED, SEALED, ISSUED]
PAST += [CONFIRMED]
PATH: list[OutgoingCommand] = [DRAFT, SIGN, REGISTER, PRINT, SEAL, ISSUE, RECEIPT]


def test_a_number_is_given_after_signing_and_once() -> None:
    given(Document(), DRAFTED).when(REGISTER).then_refused(refusals.NotSignedError)
    given(Document(), *PAST[:3]).when(REGISTER).then_refused(AlreadyRegisteredError)


def test_a_document_is_printed_after_registration() -> None:
    given(Document(), DRAFTED, SIGNED).when(PRINT).then_refused(NotRegisteredError)


@pytest.mark.parametrize("copies", [-1, 0, 10_001])
def test_a_figure_of_copies_that_cannot_be_is_refused(copies: int) -> None:
    for command in (replace(PRINT, copies=copies), replace(SEAL, copies=copies)):
        given(Document(), *PAST[:4]).when(command).then_refused(
            refusals.CopiesOutOfRangeError, copies=copies, most=10_000
        )


def test_only_printed_copies_are_sealed() -> None:
    given(Document(), *PAST[:3]).when(SEAL).then_refused(refusals.NotPrintedError)
    given(Document(), *PAST[:4], replace(SEALED, copies=2)).when(
        replace(SEAL, copies=2)
    ).then_refused(refusals.MoreSealsThanCopiesError, printed=3, sealed=2, copies=2)


def test_a_document_is_issued_under_its_seal_and_once() -> None:
    given(Document(), *PAST[:4]).when(ISSUE).then_refused(refusals.NotSealedError)
    given(Document(), *PAST[:6]).when(ISSUE).then_refused(refusals.AlreadyIssuedError)


def test_minutes_need_no_seal_but_a_copy() -> None:
    given(Document(), MINUTES, SIGNED, REGISTERED, PRINTED).when(ISSUE).then(
        replace(ISSUED, doc_type=DocType.MINUTES)
    )
    given(Document(), MINUTES, SIGNED, REGISTERED).when(ISSUE).then_refused(
        refusals.NotPrintedError
    )


def test_a_receipt_comes_from_a_recipient_after_issue_and_counts_once() -> None:
    for steps in (1, 5):
        given(Document(), *PAST[:steps]).when(RECEIPT).then_refused(refusals.NotIssuedError)
    given(Document(), *PAST).when(
        replace(RECEIPT, recipient="青石镇人民政府")
    ).then_refused(refusals.NotARecipientError, recipient="青石镇人民政府")
    given(Document(), *PAST).when(RECEIPT).then_nothing()
    given(Document(), *PAST).when(replace(RECEIPT, recipient=OFFICE)).then(
        replace(CONFIRMED, recipient=OFFICE)
    )


SIGNERS = [BY_DEPUTY, replace(BY_DEPUTY, signer_leads=False)]
DRAFTS = [replace(DRAFT, doc_type=kind) for kind in (DocType.MINUTES, DocType.LETTER)]
COPIES = [replace(act, copies=n) for act in (PRINT, SEAL) for n in (0, 1, 2)]
ASKED = strategies.sampled_from([*PATH, *SIGNERS, *DRAFTS, *COPIES])


@for_all(strategies.integers(0, 6), strategies.lists(ASKED, max_size=20))
def test_whatever_is_asked_the_books_are_right(
    steps: int, asked: list[OutgoingCommand]
) -> None:
    document, past = Document(), list[OutgoingEvent]()
    for command in [*PATH[:steps], *asked]:
        with suppress(RefusedError):
            for event in document.decide(command):
                document = document.evolve(event)
                past.append(event)
        assert document.sealed <= document.printed
    kinds = [OUTGOING.type_of(type(event)) for event in past]
    once = [f"outgoing.{act}" for act in ("Drafted", "Signed", "Registered", "Issued")]
    assert [kind for kind in kinds if kind in once] == once[: len(set(kinds) & set(once))]
