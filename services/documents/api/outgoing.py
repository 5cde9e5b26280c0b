"""Outgoing documents over HTTP."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, StrictInt

from chassis.auth import allows
from chassis.domain import UnknownItemError
from chassis.http import Answer, Asked, Body, Commanded, Moment, Page, Title, doors, page
from chassis.http.bodies import Short
from chassis.http.lists import Asking, moment
from chassis.parts import Given
from services.documents.api import concerning
from services.documents.domain.incoming.document import INCOMING
from services.documents.domain.outgoing.commands import (
    ConfirmReceipt,
    DraftDocument,
    IssueDocument,
    PrintDocument,
    SignDocument,
    UseSeal,
)
from services.documents.domain.outgoing.document import OUTGOING
from services.documents.domain.outgoing.events import ReceiptConfirmed
from services.documents.domain.words import Direction, DocType, Secrecy
from services.documents.handlers import register_outgoing
from services.documents.policies import licensed
from services.documents.projections.outgoing import OUTGOING_REGISTER, Row, search

router = doors("/documents/v1/outgoing", "outgoing 发文")

MOST = 100_000  # beyond this a number is no slip of the pen


class Draft(Body):
    """A document to be."""

    doc_type: DocType
    direction: Direction
    title: Title
    secrecy: Secrecy = Secrecy.NONE
    main_to: Annotated[list[Title], Field(max_length=50)]
    answered_document_id: UUID | None = None
    answered_doc_no: Short | None = None


class Numbering(Body):
    """Under which mark."""

    mark: Short


class Copies(Body):
    """How many copies."""

    copies: Annotated[StrictInt, Field(ge=0, le=MOST)]


class ReceiptBody(Body):
    """A recipient's word that it has the document."""

    recipient: Title
    confirmed_at: Moment | None = None
    confirmed_by: Short | None = None


@router.post("", status_code=201)
@allows("document.draft")
async def draft(body: Draft, request: Commanded, parts: Given) -> Answer:
    """Draft a document 拟稿. What it answers is its cause."""
    story: dict[str, Any] = {}
    if body.answered_document_id is not None:
        source = await parts.store.history(INCOMING, body.answered_document_id)
        if not source or source[0].event.organ != request.caller.organ:  # type: ignore[union-attr]
            raise UnknownItemError
        last = source[-1]
        story = {"correlation_id": last.meta.correlation_id, "causation_id": last.event_id}
    cause = await request.cause(**story)
    command = DraftDocument(
        document_id=cause.command_id,
        organ=request.caller.organ,
        doc_type=body.doc_type,
        direction=body.direction,
        title=body.title,
        secrecy=body.secrecy,
        licensed_secrecy=licensed(parts),
        main_to=tuple(body.main_to),
        drafted_by=request.caller.subject,
        drafted_at=request.now,
        answered_document_id=body.answered_document_id,
        answered_doc_no=body.answered_doc_no,
    )
    return request.answer(
        await parts.store.of(OUTGOING).execute(cause.command_id, command, cause)
    )


@router.post("/{document_id}/signature", status_code=201)
@allows("document.sign", concerning.outgoing)
async def sign(document_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Sign it for issue 签发."""
    signer = request.caller.subject
    people = await parts.directory.people()
    command = SignDocument(
        document_id=document_id,
        signed_by=signer,
        signer_is_principal=people.has_role(signer, "principal"),
        signer_leads=people.leads(signer),
        signed_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(OUTGOING).execute(document_id, command, cause)
    )


@router.post("/{document_id}/registration", status_code=201)
@allows("document.number", concerning.outgoing)
async def register(
    document_id: UUID, body: Numbering, request: Commanded, parts: Given
) -> Answer:
    """Give it the next document number of a series 登记."""
    cause = await request.cause()
    organ = request.caller.organ
    done = await register_outgoing(parts, cause, document_id, organ=organ, mark=body.mark)
    return request.answer(done)


@router.post("/{document_id}/printing", status_code=201)
@allows("document.print", concerning.outgoing)
async def print_copies(
    document_id: UUID, body: Copies, request: Commanded, parts: Given
) -> Answer:
    """Record that copies were printed 印制."""
    command = PrintDocument(
        document_id=document_id, copies=body.copies, printed_by=request.caller.subject
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(OUTGOING).execute(document_id, command, cause)
    )


@router.post("/{document_id}/sealing", status_code=201)
@allows("document.seal", concerning.outgoing)
async def seal(document_id: UUID, body: Copies, request: Commanded, parts: Given) -> Answer:
    """Put the organ's seal on copies 用印."""
    command = UseSeal(
        document_id=document_id,
        copies=body.copies,
        used_by=request.caller.subject,
        used_at=request.now,
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(OUTGOING).execute(document_id, command, cause)
    )


@router.post("/{document_id}/issue", status_code=201)
@allows("document.issue", concerning.outgoing)
async def issue(document_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Send it out 核发."""
    command = IssueDocument(
        document_id=document_id, issued_by=request.caller.subject, issued_at=request.now
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(OUTGOING).execute(document_id, command, cause)
    )


@router.post("/{document_id}/receipts", status_code=201)
@allows("document.confirm_receipt", concerning.outgoing)
async def confirm(
    document_id: UUID, body: ReceiptBody, request: Commanded, parts: Given
) -> Answer:
    """Record that a recipient has it 回执."""
    command = ConfirmReceipt(
        document_id=document_id,
        recipient=body.recipient,
        confirmed_at=body.confirmed_at or request.now,
        recorded_by=request.caller.subject,
        confirmed_by=body.confirmed_by,
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(OUTGOING).execute(document_id, command, cause)
    )


@router.get("/{document_id}")
@allows("document.read", concerning.outgoing)
async def read(document_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one outgoing document: always current."""
    history = await parts.store.history(OUTGOING, document_id)
    detail: dict[str, Any] = {"receipts": []}
    for stored in history:
        match stored.event:
            case ReceiptConfirmed() as event:
                detail["receipts"].append(asdict(event))
            case event:
                detail |= asdict(event)
    return detail | {
        "version": history[-1].version,
        "correlation_id": history[0].meta.correlation_id,
    }


@router.get("")
@allows("document.read")
async def browse(
    request: Asked,
    parts: Given,
    paging: Asking,
    number: Annotated[Short | None, Query()] = None,
    status: Annotated[
        str | None, Query(pattern="^(drafted|signed|registered|printed|sealed|issued)$")
    ] = None,
) -> Page[Row]:
    """List the register of outgoing documents, latest first."""
    async with parts.views.reading(OUTGOING_REGISTER, paging.position) as connection:
        rows = await search(
            connection,
            request.caller.organ,
            number=number,
            status=status,
            after=paging.place(moment, UUID),
            limit=paging.limit + 1,
        )
    return page(
        rows, paging.limit, lambda row: (row.drafted_at.isoformat(), row.document_id)
    )
