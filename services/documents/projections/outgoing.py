"""The register of outgoing documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    DateTime,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from chassis.rows import Rows
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

metadata = MetaData()
MOMENT = DateTime(timezone=True)

outbox = Table(
    "register",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("doc_type", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("main_to", ARRAY(Text), nullable=False),
    Column("answered_doc_no", Text),
    Column("drafted_at", MOMENT, nullable=False),
    Column("doc_date", Date),
    Column("doc_no", Text),
    Column("issued_at", MOMENT),
    Column("receipts", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False),
    Index("outgoing_by_no", "doc_no"),
    Index("outgoing_open", "organ", "status", "drafted_at", "document_id"),
)


async def project(event: OutgoingEvent, rows: Rows) -> None:
    """Bring the register up to date with *event*."""
    match event:
        case DocumentDrafted():
            rows.insert(
                outbox,
                document_id=event.document_id,
                organ=event.organ,
                doc_type=event.doc_type.value,
                direction=event.direction.value,
                title=event.title,
                main_to=list(event.main_to),
                answered_doc_no=event.answered_doc_no,
                drafted_at=event.drafted_at,
                receipts=[],
                status="drafted",
            )
        case DocumentSigned():
            await _set(event, rows, doc_date=event.doc_date, status="signed")
        case DocumentRegistered():
            await _set(event, rows, doc_no=event.doc_no, status="registered")
        case DocumentPrinted():
            await _set(event, rows, status="printed")
        case SealUsed():
            await _set(event, rows, status="sealed")
        case DocumentIssued():
            await _set(event, rows, issued_at=event.issued_at, status="issued")
        case ReceiptConfirmed():
            await _set(event, rows, receipts=outbox.c.receipts + [event.recipient])
        case _:
            assert_never(event)


async def _set(event: OutgoingEvent, rows: Rows, **values: Any) -> None:
    await rows.update(outbox, {"document_id": event.document_id}, values)


OUTGOING_REGISTER = Projection(
    name="outgoing", version=1, tables=metadata, project={"outgoing": project}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the register."""

    document_id: UUID
    organ: str
    doc_type: str
    direction: str
    title: str
    main_to: list[str]
    answered_doc_no: str | None
    drafted_at: datetime
    doc_date: date | None
    doc_no: str | None
    issued_at: datetime | None
    receipts: list[str]
    status: str


COLUMNS = [outbox.c[name] for name in Row.__slots__]


async def search(
    connection: AsyncConnection,
    organ: str,
    *,
    number: str | None,
    status: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """Return lines, latest draft first: by document number, by status, after a place."""
    query = select(*COLUMNS).where(outbox.c.organ == organ)
    if number is not None:
        query = query.where(outbox.c.doc_no == number)
    if status is not None:
        query = query.where(outbox.c.status == status)
    if after is not None:
        query = query.where(tuple_(outbox.c.drafted_at, outbox.c.document_id) < after)
    order = (outbox.c.drafted_at.desc(), outbox.c.document_id.desc())
    rows = await connection.execute(query.order_by(*order).limit(limit))
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
