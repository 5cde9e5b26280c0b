"""The register of incoming documents: what a clerk looks things up in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from chassis.rows import Rows
from services.documents.domain.incoming.events import (
    AnswerNearDue,
    DispositionRecorded,
    DocumentAnswered,
    DocumentReceived,
    DocumentRegistered,
    HandlingRecorded,
    IncomingEvent,
    InstructionGiven,
    StepOverdue,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)

register = Table(
    "register",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("sender_doc_no", Text, nullable=False),
    Column("normalised_doc_no", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("register_due", MOMENT),
    Column("outside_due", MOMENT),
    Column("receipt_no", Text),
    Column("route", Text),
    Column("instructions", Integer, nullable=False, default=0),
    Column("matter_no", Text),
    Column("answered_at", MOMENT),
    Column("disposition", Text),
    Column("status", Text, nullable=False),
    Index("register_by_receipt_no", "receipt_no"),
    Index("register_by_sender_no", "normalised_doc_no"),
    Index("register_by_time", "organ", "received_at", "document_id"),
    Index("register_open", "organ", "status", "received_at", "document_id"),
)


async def project(event: IncomingEvent, rows: Rows) -> None:
    """Bring the register up to date with *event*."""
    match event:
        case DocumentReceived():
            rows.insert(
                register,
                document_id=event.document_id,
                organ=event.organ,
                medium=event.medium.value,
                sender=event.sender,
                sender_doc_no=event.sender_doc_no,
                normalised_doc_no=event.normalised_doc_no,
                title=event.title,
                urgency=event.urgency.value,
                received_at=event.received_at,
                register_due=event.register_due,
                outside_due=event.outside_due,
                status="received",
            )
        case DocumentRegistered():
            route = event.route.value
            await _set(
                event,
                rows,
                receipt_no=event.receipt_no,
                route=route,
                status="registered",
            )
        case InstructionGiven():
            await _set(event, rows, instructions=register.c.instructions + 1)
        case HandlingRecorded():
            await _set(event, rows, matter_no=event.matter_no)
        case DocumentAnswered():
            await _set(event, rows, answered_at=event.answered_at, status="answered")
        case DispositionRecorded():
            await _set(event, rows, disposition=event.disposition.value, status="disposed")
        case StepOverdue() | AnswerNearDue():
            pass  # The dates are there already; late is computed by whoever reads.
        case _:
            assert_never(event)


async def _set(event: IncomingEvent, rows: Rows, **values: Any) -> None:
    await rows.update(register, {"document_id": event.document_id}, values)


INCOMING_REGISTER = Projection(
    name="incoming", version=1, tables=metadata, project={"incoming": project}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the register."""

    document_id: UUID
    organ: str
    medium: str
    sender: str
    sender_doc_no: str
    title: str
    urgency: str
    received_at: datetime
    register_due: datetime | None
    outside_due: datetime | None
    receipt_no: str | None
    route: str | None
    matter_no: str | None
    answered_at: datetime | None
    disposition: str | None
    status: str


COLUMNS = [register.c[name] for name in Row.__slots__]


async def search(
    connection: AsyncConnection,
    organ: str,
    *,
    number: str | None,
    status: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """Return lines, latest first: by receipt or sender's number, by status, after a place."""
    query = select(*COLUMNS).where(register.c.organ == organ)
    if number is not None:
        same = or_(register.c.receipt_no == number, register.c.normalised_doc_no == number)
        query = query.where(same)
    if status is not None:
        query = query.where(register.c.status == status)
    if after is not None:
        query = query.where(tuple_(register.c.received_at, register.c.document_id) < after)
    order = (register.c.received_at.desc(), register.c.document_id.desc())
    rows = await connection.execute(query.order_by(*order).limit(limit))
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name


async def answers_owed(
    connection: AsyncConnection, organ: str, limit: int
) -> Sequence[Row]:
    """Return what still has to be answered, the most urgent first."""
    query = (
        select(*COLUMNS)
        .where(
            register.c.organ == organ,
            register.c.status == "registered",
            register.c.outside_due.is_not(None),
            register.c.route == "for_action",
        )
        .order_by(register.c.outside_due, register.c.document_id)
        .limit(limit)
    )
    return [Row(**row._mapping) for row in await connection.execute(query)]  # noqa: SLF001 as above


async def without_instruction(connection: AsyncConnection, organ: str) -> int:
    """Return how many documents for action still wait for a leader's instruction."""
    query = (
        select(func.count())
        .select_from(register)
        .where(
            register.c.organ == organ,
            register.c.status == "registered",
            register.c.route == "for_action",
            register.c.instructions == 0,
        )
    )
    return int((await connection.execute(query)).scalar_one())
