"""Copies, seal, issue and receipt of an outgoing document (条例 art 25)."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies

from chassis.domain import RefusedError
from chassis.testing import given
from services.documents.domain.outgoing import refusals
from services.documents.domain.outgoing.commands import OutgoingCommand
from services.documents.domain.outgoing.document import OUTGOING, Document
from services.documents.domain.outgoing.events import OutgoingEvent
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    NotRegisteredError,
)
from services.documents.domain.words import Direction, DocType
from tests.support.outgoing_report import (
    BY_DEPUTY,
    CONFIRMED,
    DRAFT,
    DRAFTED,
    ISSUE,
    ISSUED,
    OFFICE,
    PAST,
    PATH,
    PRINT,
    PRINTED,
    RECEIPT,
    REGISTER,
    REGISTERED,
    SEAL,
    SEALED,
    SIGNED,
)

MINUTES = replace(DRAFTED, doc_type=DocType.MINUTES, direction=Direction.DOWNWARD)
PAST += [CONFIRMED]


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
