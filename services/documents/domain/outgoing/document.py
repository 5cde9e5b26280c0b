"""An outgoing document 发文: what it may come to next (条例 arts 8, 22, 25)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self, assert_never, get_args

from chassis.domain import Category, UnknownItemError
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
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    ClassifiedContentError,
    NotRegisteredError,
)
from services.documents.domain.words import Direction, DocType

MOST_COPIES: Final = 10_000
"""More copies in one act are a slip of the pen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """An outgoing document, reduced to what its decisions need. *printed*, *sealed*: copies."""

    drafted: bool = False
    organ: str = ""
    upward: bool = False
    needs_seal: bool = True
    main_to: tuple[str, ...] = ()
    signed: bool = False
    doc_no: str | None = None
    printed: int = 0
    sealed: int = 0
    issued: bool = False
    receipts: frozenset[str] = frozenset()

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

    def evolve(self, event: OutgoingEvent) -> Self:
        """Return the document after *event*."""
        match event:
            case DocumentDrafted():
                return replace(
                    self,
                    drafted=True,
                    organ=event.organ,
                    upward=event.direction is Direction.UPWARD,
                    needs_seal=event.doc_type is not DocType.MINUTES,
                    main_to=event.main_to,
                )
            case DocumentSigned():
                return replace(self, signed=True)
            case DocumentRegistered(doc_no=doc_no):
                return replace(self, doc_no=doc_no)
            case DocumentPrinted(copies=copies):
                return replace(self, printed=self.printed + copies)
            case SealUsed(copies=copies):
                return replace(self, sealed=self.sealed + copies)
            case DocumentIssued():
                return replace(self, issued=True)
            case ReceiptConfirmed(recipient=recipient):
                return replace(self, receipts=self.receipts | {recipient})
            case _:
                assert_never(event)

    def _draft(self, command: DraftDocument) -> Sequence[OutgoingEvent]:
        if command.secrecy not in command.licensed_secrecy:
            raise ClassifiedContentError
        if self.drafted:
            raise refusals.AlreadyDraftedError
        unnamed = command.answers is None and not command.answers_no
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
                answers=command.answers,
                answers_no=command.answers_no,
            )
        ]

    def _sign(self, command: SignDocument) -> Sequence[OutgoingEvent]:
        self._require_drafted()
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
        self._require_drafted()
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
        self._require_number()
        _check_copies(command.copies)
        return [
            DocumentPrinted(
                document_id=command.document_id,
                copies=command.copies,
                printed_by=command.printed_by,
            )
        ]

    def _seal(self, command: UseSeal) -> Sequence[OutgoingEvent]:
        self._require_printed()
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
        doc_no = self._require_printed()
        if self.issued:
            raise refusals.AlreadyIssuedError
        if self.needs_seal and not self.sealed:
            raise refusals.NotSealedError
        return [
            DocumentIssued(
                document_id=command.document_id,
                doc_no=doc_no,
                main_to=self.main_to,
                issued_by=command.issued_by,
                issued_at=command.issued_at,
            )
        ]

    def _confirm_receipt(self, command: ConfirmReceipt) -> Sequence[OutgoingEvent]:
        self._require_drafted()
        if not self.issued:
            raise refusals.NotIssuedError
        if command.recipient not in self.main_to:
            raise refusals.NotARecipientError(recipient=command.recipient)
        if command.recipient in self.receipts:
            return []
        return [
            ReceiptConfirmed(
                document_id=command.document_id,
                recipient=command.recipient,
                confirmed_at=command.confirmed_at,
                recorded_by=command.recorded_by,
                confirmed_by=command.confirmed_by,
            )
        ]

    def _require_drafted(self) -> None:
        if not self.drafted:
            raise UnknownItemError

    def _require_number(self) -> str:
        self._require_drafted()
        if self.doc_no is None:
            raise NotRegisteredError
        return self.doc_no

    def _require_printed(self) -> str:
        doc_no = self._require_number()
        if not self.printed:
            raise refusals.NotPrintedError
        return doc_no


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
