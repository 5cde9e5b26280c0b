"""What an outgoing document remembers, and how each event changes that."""

from dataclasses import dataclass, replace
from typing import Self, assert_never
from uuid import UUID

from chassis.domain import UnknownItemError
from services.documents.domain.outgoing import refusals
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
from services.documents.domain.refusals import NotRegisteredError
from services.documents.domain.words import Direction, DocType


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentState:
    """An outgoing document, reduced to what its decisions need and its events must name.

    No document type: not drafted. *printed*, *sealed*: copies.
    """

    doc_type: DocType | None = None
    organ: str = ""
    upward: bool = False
    main_to: tuple[str, ...] = ()
    answered_document_id: UUID | None = None
    answered_doc_no: str | None = None
    signed: bool = False
    doc_no: str | None = None
    printed: int = 0
    sealed: int = 0
    issued: bool = False
    receipts: frozenset[str] = frozenset()

    @property
    def needs_seal(self) -> bool:
        """Whether it is issued only under the organ's seal."""
        return self.doc_type is not DocType.MINUTES

    def expect_drafted(self) -> DocType:
        """Return its type, or refuse what nobody drafted."""
        if self.doc_type is None:
            raise UnknownItemError
        return self.doc_type

    def expect_number(self) -> str:
        """Return the document number, or refuse what has none yet."""
        self.expect_drafted()
        if self.doc_no is None:
            raise NotRegisteredError
        return self.doc_no

    def expect_printed(self) -> str:
        """Return the document number, or refuse what no copy exists of."""
        doc_no = self.expect_number()
        if not self.printed:
            raise refusals.NotPrintedError
        return doc_no

    def evolve(self, event: OutgoingEvent) -> Self:
        """Return the document after *event*."""
        match event:
            case DocumentDrafted():
                return replace(
                    self,
                    doc_type=event.doc_type,
                    organ=event.organ,
                    upward=event.direction is Direction.UPWARD,
                    main_to=event.main_to,
                    answered_document_id=event.answered_document_id,
                    answered_doc_no=event.answered_doc_no,
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
