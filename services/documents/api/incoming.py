"""Incoming documents over HTTP."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, StrictInt

from chassis.auth import allows
from chassis.http import (
    Answer,
    Asked,
    Body,
    Commanded,
    Moment,
    Page,
    Text,
    Title,
    doors,
    page,
)
from chassis.http.bodies import Short
from chassis.http.lists import Asking, moment
from chassis.parts import Given
from services.documents.api import concerning
from services.documents.domain.incoming import events
from services.documents.domain.incoming.commands import (
    AnswerDocument,
    GiveInstruction,
    ReceiveDocument,
    RecordDisposition,
)
from services.documents.domain.incoming.document import INCOMING
from services.documents.domain.numbers import normalise_doc_no
from services.documents.domain.words import (
    Disposition,
    InstructionKind,
    Medium,
    Retention,
    Route,
    Secrecy,
    Urgency,
)
from services.documents.handlers import register_incoming
from services.documents.policies import limits
from services.documents.projections.incoming import INCOMING_REGISTER, Row, search

router = doors("/documents/v1/incoming", "incoming 收文")

MOST = 100_000  # beyond this a number is no slip of the pen


class Receipt(Body):
    """What is signed for."""

    medium: Medium
    sender: Title
    sender_doc_no: Short
    title: Title
    urgency: Urgency = Urgency.NONE
    secrecy: Secrecy = Secrecy.NONE
    received_at: Moment | None = None
    outside_due: Moment | None = None
    contact: Short | None = None


class Registration(Body):
    """Under which mark, and which way it goes."""

    mark: Short
    route: Route


class Instruction(Body):
    """What a leader wrote or said, as it was recorded."""

    kind: InstructionKind
    text: Text
    given_by: Short
    given_at: Moment | None = None
    initialled: bool = False
    addressee: Short | None = None
    lead: Short | None = None
    co: Annotated[list[Short], Field(max_length=50)] = []
    within_work_days: Annotated[StrictInt, Field(ge=0, le=MOST)] | None = None


class DirectAnswer(Body):
    """An answer that was given without an outgoing document of ours."""

    answered_at: Moment | None = None


class DispositionBody(Body):
    """What becomes of it."""

    disposition: Disposition
    retention: Retention | None = None


@router.post("", status_code=201)
@allows("document.receive")
async def receive(body: Receipt, request: Commanded, parts: Given) -> Answer:
    """Sign for an incoming document 签收."""
    cause = await request.cause()
    command = ReceiveDocument(
        document_id=cause.command_id,
        organ=request.caller.organ,
        medium=body.medium,
        sender=body.sender,
        sender_doc_no=body.sender_doc_no,
        title=body.title,
        urgency=body.urgency,
        secrecy=body.secrecy,
        received_by=request.caller.subject,
        received_at=body.received_at or request.now,
        outside_due=body.outside_due,
        contact=body.contact,
        limits=limits(parts, parts.calendar.local(request.now).date()),
        calendar=parts.calendar,
    )
    incoming = parts.store.of(INCOMING)
    return request.answer(await incoming.execute(cause.command_id, command, cause))


@router.post("/{document_id}/registration", status_code=201)
@allows("document.register", concerning.incoming)
async def register(
    document_id: UUID, body: Registration, request: Commanded, parts: Given
) -> Answer:
    """Register it under the next receipt number 登记."""
    cause = await request.cause()
    organ = request.caller.organ
    done = await register_incoming(
        parts, cause, document_id, organ=organ, mark=body.mark, route=body.route
    )
    return request.answer(done)


@router.post("/{document_id}/instructions", status_code=201)
@allows("document.instruct", concerning.incoming)
async def instruct(
    document_id: UUID, body: Instruction, request: Commanded, parts: Given
) -> Answer:
    """Record a leader's instruction 批示."""
    cause = await request.cause(on_behalf_of=body.given_by)
    command = GiveInstruction(
        document_id=document_id,
        instruction_id=cause.command_id,
        kind=body.kind,
        given_by=body.given_by,
        giver_leads=(await parts.directory.people()).leads(body.given_by),
        given_at=body.given_at or request.now,
        recorded_by=request.caller.subject,
        recorded_at=request.now,
        text=body.text,
        initialled=body.initialled,
        addressee=body.addressee,
        lead=body.lead,
        co=tuple(body.co),
        within_work_days=body.within_work_days,
    )
    return request.answer(
        await parts.store.of(INCOMING).execute(document_id, command, cause)
    )


@router.post("/{document_id}/answer", status_code=201)
@allows("document.answer", concerning.incoming)
async def answer_directly(
    document_id: UUID, body: DirectAnswer, request: Commanded, parts: Given
) -> Answer:
    """Record that the sender was answered without a document of ours 答复."""
    command = AnswerDocument(
        document_id=document_id,
        answered_at=body.answered_at or request.now,
        answer_id=None,
        answer_no=None,
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(INCOMING).execute(document_id, command, cause)
    )


@router.post("/{document_id}/disposition", status_code=201)
@allows("document.dispose", concerning.incoming)
async def dispose(
    document_id: UUID, body: DispositionBody, request: Commanded, parts: Given
) -> Answer:
    """Record what becomes of it 办毕处置."""
    command = RecordDisposition(
        document_id=document_id,
        disposition=body.disposition,
        recorded_by=request.caller.subject,
        retention=body.retention,
    )
    cause = await request.cause()
    return request.answer(
        await parts.store.of(INCOMING).execute(document_id, command, cause)
    )


@router.get("/{document_id}")
@allows("document.read", concerning.incoming)
async def read(document_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one incoming document: always current."""
    history = await parts.store.history(INCOMING, document_id)
    detail: dict[str, Any] = {"instructions": [], "overdue_steps": [], "handlings": []}
    for stored in history:
        match stored.event:
            case events.InstructionGiven() as event:
                detail["instructions"].append(asdict(event))
            case events.StepOverdue(step=step):
                detail["overdue_steps"].append(step)
            case events.HandlingRecorded() as event:
                detail["handlings"].append(asdict(event))
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
        str | None, Query(pattern="^(received|registered|answered|disposed)$")
    ] = None,
) -> Page[Row]:
    """List the register, latest first; *number* is a receipt number or the sender's."""
    async with parts.views.reading(INCOMING_REGISTER, paging.position) as connection:
        rows = await search(
            connection,
            request.caller.organ,
            number=normalise_doc_no(number) if number else None,
            status=status,
            after=paging.place(moment, UUID),
            limit=paging.limit + 1,
        )
    return page(
        rows, paging.limit, lambda row: (row.received_at.isoformat(), row.document_id)
    )
