"""What can be asked of an outgoing document."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.documents.domain.words import Direction, DocType, Secrecy


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftDocument(Command):
    """Begin a document. *answered_document_id* names the incoming document that it answers."""

    document_id: UUID
    organ: str
    doc_type: DocType
    direction: Direction
    title: str
    secrecy: Secrecy
    licensed_secrecy: frozenset[Secrecy]
    main_to: tuple[str, ...]
    drafted_by: str
    drafted_at: datetime
    answered_document_id: UUID | None
    answered_doc_no: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignDocument(Command):
    """Approve it for issue. *signer_is_principal* of the issuing organ is looked up."""

    document_id: UUID
    signed_by: str
    signer_is_principal: bool
    signer_leads: bool
    signed_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterDocument(Command):
    """Give it the document number just drawn."""

    document_id: UUID
    doc_no: str
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintDocument(Command):
    """Record that copies were printed."""

    document_id: UUID
    copies: int
    printed_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UseSeal(Command):
    """Put the issuing organ's seal on copies."""

    document_id: UUID
    copies: int
    used_by: str
    used_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueDocument(Command):
    """Send it out."""

    document_id: UUID
    issued_by: str
    issued_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmReceipt(Command):
    """Record that a recipient has it."""

    document_id: UUID
    recipient: str
    confirmed_at: datetime
    recorded_by: str
    confirmed_by: str | None


OutgoingCommand: TypeAlias = (
    DraftDocument
    | SignDocument
    | RegisterDocument
    | PrintDocument
    | UseSeal
    | IssueDocument
    | ConfirmReceipt
)
