"""An outgoing document 发文: what it may come to next (条例 arts 8, 22, 25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never, get_args

from chassis.domain import Category
from services.documents.domain.outgoing import refusals
from services.documents.domain.outgoing.commands import (
    ConfirmReceipt,
    DraftDocument,
    IssueDocument,
    OutgoingCommand,
    PrintDocument,
    RegisterDocument,
    SignDocument,
    UseSeal,
)
from services.documents.domain.outgoing.events import (
    DocumentDrafted,
    DocumentIssued,
    DocumentPrinted,
    DocumentRegistered,
    DocumentSigned,
    OutgoingEvent,
    ReceiptConfirmed,
    SealUsed,
)
from services.documents.domain.outgoing.state import DocumentState
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    ClassifiedContentError,
)
from services.documents.domain.words import DocType

MOST_COPIES: Final = 10_000
"""More copies in one act are a slip of the pen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(DocumentState):
    """An outgoing document that decides; `state` is what it decides by."""

    def decide(self, command: OutgoingCommand) -> Sequence[OutgoingEvent]:
        """Return the events that *command* causes, or refuse it."""
        match command:
            case DraftDocument():
                return self._draft(command)
            case SignDocument():
                return self._sign(command)
            case RegisterDocument():
                return self._register(command)
            case PrintDocument():
                return self._print(command)
            case UseSeal():
                return self._seal(command)
            case IssueDocument():
                return self._issue(command)
            case ConfirmReceipt():
                return self._confirm_receipt(command)
            case _:
                assert_never(command)

    def _draft(self, command: DraftDocument) -> Sequence[OutgoingEvent]:
        if command.secrecy not in command.licensed_secrecy:
            raise ClassifiedContentError
        if self.doc_type is not None:
            raise refusals.AlreadyDraftedError
        unnamed = command.answered_document_id is None and not command.answered_doc_no
        if command.doc_type is DocType.REPLY and unnamed:
            raise refusals.ReplyAnswersNothingError
        if not command.main_to:
            raise refusals.NoRecipientError
        return [
            DocumentDrafted(
                document_id=command.document_id,
                organ=command.organ,
                doc_type=command.doc_type,
                direction=command.direction,
                title=command.title,
                main_to=command.main_to,
                drafted_by=command.drafted_by,
                drafted_at=command.drafted_at,
                answered_document_id=command.answered_document_id,
                answered_doc_no=command.answered_doc_no,
            )
        ]

    def _sign(self, command: SignDocument) -> Sequence[OutgoingEvent]:
        self.expect_drafted()
        if self.signed:
            raise refusals.AlreadySignedError
        if self.upward and not command.signer_is_principal:
            raise refusals.NotThePrincipalError
        if not self.upward and not command.signer_leads:
            raise refusals.NotASignatoryError
        return [
            DocumentSigned(
                document_id=command.document_id,
                signed_by=command.signed_by,
                signed_at=command.signed_at,
                doc_date=command.calendar.local(command.signed_at).date(),
            )
        ]

    def _register(self, command: RegisterDocument) -> Sequence[OutgoingEvent]:
        self.expect_drafted()
        if not self.signed:
            raise refusals.NotSignedError
        if self.doc_no is not None:
            raise AlreadyRegisteredError
        return [
            DocumentRegistered(
                document_id=command.document_id,
                doc_no=command.doc_no,
                registered_by=command.registered_by,
                registered_at=command.registered_at,
            )
        ]

    def _print(self, command: PrintDocument) -> Sequence[OutgoingEvent]:
        self.expect_number()
        _check_copies(command.copies)
        return [
            DocumentPrinted(
                document_id=command.document_id,
                copies=command.copies,
                printed_by=command.printed_by,
            )
        ]

    def _seal(self, command: UseSeal) -> Sequence[OutgoingEvent]:
        self.expect_printed()
        _check_copies(command.copies)
        if self.sealed + command.copies > self.printed:
            raise refusals.MoreSealsThanCopiesError(
                printed=self.printed, sealed=self.sealed, copies=command.copies
            )
        return [
            SealUsed(
                document_id=command.document_id,
                seal=self.organ,
                copies=command.copies,
                used_by=command.used_by,
                used_at=command.used_at,
            )
        ]

    def _issue(self, command: IssueDocument) -> Sequence[OutgoingEvent]:
        doc_type, doc_no = self.expect_drafted(), self.expect_printed()
        if self.issued:
            raise refusals.AlreadyIssuedError
        if self.needs_seal and not self.sealed:
            raise refusals.NotSealedError
        return [
            DocumentIssued(
                document_id=command.document_id,
                organ=self.organ,
                doc_no=doc_no,
                doc_type=doc_type,
                main_to=self.main_to,
                issued_by=command.issued_by,
                issued_at=command.issued_at,
                answered_document_id=self.answered_document_id,
                answered_doc_no=self.answered_doc_no,
            )
        ]

    def _confirm_receipt(self, command: ConfirmReceipt) -> Sequence[OutgoingEvent]:
        self.expect_drafted()
        if not self.issued:
            raise refusals.NotIssuedError
        doc_no = self.expect_number()
        if command.recipient not in self.main_to:
            raise refusals.NotARecipientError(recipient=command.recipient)
        if command.recipient in self.receipts:
            return []
        return [
            ReceiptConfirmed(
                document_id=command.document_id,
                organ=self.organ,
                doc_no=doc_no,
                recipient=command.recipient,
                confirmed_at=command.confirmed_at,
                recorded_by=command.recorded_by,
                answered_document_id=self.answered_document_id,
                answered_doc_no=self.answered_doc_no,
                confirmed_by=command.confirmed_by,
            )
        ]


def _check_copies(copies: int) -> None:
    if not 1 <= copies <= MOST_COPIES:
        raise refusals.CopiesOutOfRangeError(copies=copies, most=MOST_COPIES)


OUTGOING: Category[Document, OutgoingCommand, OutgoingEvent] = Category(
    name="outgoing",
    noun="Document",
    initial=Document(),
    events=get_args(OutgoingEvent),
    commands=get_args(OutgoingCommand),
)
