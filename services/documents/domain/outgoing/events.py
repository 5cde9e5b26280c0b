"""What can have happened to an outgoing document."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label, Personal
from services.documents.domain.words import Direction, DocType


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentDrafted(Event):
    """There is a draft (拟稿)."""

    label: ClassVar[Label] = Label("拟稿", "Document drafted")

    document_id: UUID
    organ: str
    doc_type: DocType
    direction: Direction
    title: str
    main_to: tuple[str, ...]
    drafted_by: str
    drafted_at: datetime
    answered_document_id: UUID | None = None
    answered_doc_no: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentSigned(Event):
    """A leader approved it for issue (签发); the day is its date of writing (成文日期)."""

    label: ClassVar[Label] = Label("签发", "Document signed")

    document_id: UUID
    signed_by: str
    signed_at: datetime
    doc_date: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRegistered(Event):
    """It has its document number (登记): only after signing (条例 art 25)."""

    label: ClassVar[Label] = Label("发文登记", "Document registered")

    document_id: UUID
    doc_no: str
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPrinted(Event):
    """So many copies exist (印制)."""

    label: ClassVar[Label] = Label("印制", "Document printed")

    document_id: UUID
    copies: int
    printed_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SealUsed(Event):
    """The organ's seal was put on so many copies (用印): the seal register's entry."""

    label: ClassVar[Label] = Label("用印", "Seal used")

    document_id: UUID
    seal: str
    copies: int
    used_by: str
    used_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentIssued(Event):
    """It left the office (核发)."""

    label: ClassVar[Label] = Label("核发", "Document issued")

    document_id: UUID
    organ: str
    doc_no: str
    doc_type: DocType
    main_to: tuple[str, ...]
    issued_by: str
    issued_at: datetime
    answered_document_id: UUID | None
    answered_doc_no: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptConfirmed(Event):
    """A recipient confirmed that it has it."""

    label: ClassVar[Label] = Label("回执", "Receipt confirmed")

    document_id: UUID
    organ: str
    doc_no: str
    recipient: str
    confirmed_at: datetime
    recorded_by: str
    answered_document_id: UUID | None
    answered_doc_no: str | None
    confirmed_by: Annotated[str | None, Personal(subject="document_id")] = None


OutgoingEvent: TypeAlias = (
    DocumentDrafted
    | DocumentSigned
    | DocumentRegistered
    | DocumentPrinted
    | SealUsed
    | DocumentIssued
    | ReceiptConfirmed
)
