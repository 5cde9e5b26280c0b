"""Supervised matters over HTTP: the acts of the section, of the units, and the lists."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from chassis.auth import Caller, allows
from chassis.domain import UnknownItemError
from chassis.http import Answer, Asked, Body, Commanded, Page, Text, Title, doors, page
from chassis.http.bodies import Short
from chassis.http.lists import Asking
from chassis.parts import Given
from chassis.series_api import series_router
from services.supervision.domain.commands import (
    AcceptFeedback,
    CloseMatter,
    GiveFeedback,
    NameHandler,
    ReceiveMatter,
    ReceiveUrgingSheet,
    UrgeByPhone,
)
from services.supervision.domain.events import FeedbackGiven, MatterUrged
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import FeedbackKind
from services.supervision.handlers import assign, issue_urging_sheet
from services.supervision.projections import matters as view
from services.supervision.projections.matters import MATTERS, Row

router = doors("/supervision/v1/matters", "matters 督办事项")

SUPERVISING = frozenset(
    {"section_head", "supervision_officer", "office_head", "registry_clerk", "aide"}
)


class Assignment(Body):
    """The sheet: one item, one sheet."""

    mark: Short
    subject: Title
    requirement: Text
    lead: Short
    responsible_person: Short
    co: Annotated[list[Short], Field(max_length=50)] = []


class HandlerBody(Body):
    """Who works on it."""

    handler: Short


class Call(Body):
    """A telephone call that urged a unit."""

    unit: Short
    spoken_to: Short | None = None


class Sheet(Body):
    """Under which mark a sheet is issued."""

    mark: Short


class SheetReceipt(Body):
    """Which sheet was received."""

    sheet_no: Short


class Feedback(Body):
    """What a unit reports."""

    kind: FeedbackKind
    summary: Text
    signed_by: Short
    evidence_name: Title | None = None
    evidence_sha256: Short | None = None


async def about(request: Request) -> dict[str, Any] | None:
    """Return whose matter the call is about, for the policies."""
    matter_id = UUID(request.path_params["matter_id"])
    item = await request.app.state.store.read(MATTER, matter_id)
    if not item.version:
        return None
    return {"organ": item.state.organ, "units": sorted(item.state.units)}


@router.post("/{matter_id}/assignment", status_code=201)
@allows("matter.assign", about)
async def assign_matter(
    matter_id: UUID, body: Assignment, request: Commanded, parts: Given
) -> Answer:
    """Assign it under the next number 交办."""
    cause = await request.cause()
    done = await assign(
        parts,
        matter_id,
        body.mark,
        body.subject,
        body.requirement,
        body.lead,
        body.responsible_person,
        tuple(body.co),
        cause,
    )
    return request.answer(done)


@router.post("/{matter_id}/receipts", status_code=201)
@allows("matter.receive", about)
async def receive(matter_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Receive it for the caller's unit 签收."""
    command = ReceiveMatter(
        matter_id=matter_id,
        unit=request.caller.unit,
        received_by=request.caller.subject,
        received_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/handler", status_code=201)
@allows("matter.name_handler", about)
async def name_handler(
    matter_id: UUID, body: HandlerBody, request: Commanded, parts: Given
) -> Answer:
    """Name who works on it 明确经办人."""
    command = NameHandler(
        matter_id=matter_id,
        unit=request.caller.unit,
        handler=body.handler,
        named_by=request.caller.subject,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/urgings", status_code=201)
@allows("matter.urge", about)
async def urge(matter_id: UUID, body: Call, request: Commanded, parts: Given) -> Answer:
    """Record that a unit was urged by telephone 电话催办."""
    command = UrgeByPhone(
        matter_id=matter_id,
        unit=body.unit,
        urged_by=request.caller.subject,
        urged_at=request.now,
        spoken_to=body.spoken_to,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/urging-sheets", status_code=201)
@allows("matter.urge", about)
async def issue_sheet(
    matter_id: UUID, body: Sheet, request: Commanded, parts: Given
) -> Answer:
    """Issue the prepared urging sheet under the next number 催办单."""
    cause = await request.cause()
    return request.answer(await issue_urging_sheet(parts, matter_id, body.mark, cause))


@router.post("/{matter_id}/urging-sheets/receipt", status_code=201)
@allows("matter.receive_sheet", about)
async def receive_sheet(
    matter_id: UUID, body: SheetReceipt, request: Commanded, parts: Given
) -> Answer:
    """Receive an urging sheet for the caller's unit 签收催办单."""
    command = ReceiveUrgingSheet(
        matter_id=matter_id,
        sheet_no=body.sheet_no,
        unit=request.caller.unit,
        received_by=request.caller.subject,
        received_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/feedback", status_code=201)
@allows("matter.feedback", about)
async def give_feedback(
    matter_id: UUID, body: Feedback, request: Commanded, parts: Given
) -> Answer:
    """Report for the caller's unit 反馈."""
    cause = await request.cause()
    signer = parts.people.people.get(body.signed_by)
    heads = signer is not None and signer.unit == request.caller.unit
    command = GiveFeedback(
        matter_id=matter_id,
        feedback_id=cause.command_id,
        kind=body.kind,
        unit=request.caller.unit,
        given_by=request.caller.subject,
        signed_by=body.signed_by,
        signer_heads_unit=heads and parts.people.has_role(body.signed_by, "unit_head"),
        submitted_at=request.now,
        summary=body.summary,
        evidence_name=body.evidence_name,
        evidence_sha256=body.evidence_sha256,
    )
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/feedback/{feedback_id}/acceptance", status_code=201)
@allows("matter.accept", about)
async def accept(
    matter_id: UUID, feedback_id: UUID, request: Commanded, parts: Given
) -> Answer:
    """Find a feedback complete 审核通过."""
    command = AcceptFeedback(
        matter_id=matter_id,
        feedback_id=feedback_id,
        accepted_by=request.caller.subject,
        accepted_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.post("/{matter_id}/closure", status_code=201)
@allows("matter.close", about)
async def close(matter_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Close it 销号."""
    command = CloseMatter(
        matter_id=matter_id, closed_by=request.caller.subject, closed_at=request.now
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))


@router.get("/{matter_id}")
@allows("matter.read", about)
async def read(matter_id: UUID, _: Asked, parts: Given) -> dict[str, Any]:
    """Read one matter: always current."""
    history = await parts.store.history(MATTER, matter_id)
    if not history:
        raise UnknownItemError
    detail: dict[str, Any] = {"urgings": [], "feedback": []}
    for stored in history:
        match stored.event:
            case MatterUrged() as event:
                detail["urgings"].append(asdict(event))
            case FeedbackGiven() as event:
                detail["feedback"].append(asdict(event))
            case event:
                detail |= asdict(event)
    return detail | {
        "version": history[-1].version,
        "correlation_id": history[0].meta.correlation_id,
    }


def visible(caller: Caller) -> view.Filter:
    """Return what of the list *caller* may see: the organ's, the leader's, or the unit's."""
    if caller.roles & {"principal", "leader_in_charge"}:
        return view.of_leader(caller.subject) & view.of_organ(caller.organ)
    if caller.roles & SUPERVISING:
        return view.of_organ(caller.organ)
    return view.of_unit(caller.unit)


@router.get("")
@allows("matter.list")
async def browse(
    request: Asked,
    parts: Given,
    paging: Asking,
    number: Annotated[Short | None, Query()] = None,
    closed: bool = False,
) -> Page[Row]:
    """List matters by due date; *number* is the matter's or its source document's."""
    filters = [visible(request.caller)]
    if number is not None:
        filters.append(view.numbered(number))
    elif not closed:
        filters.append(view.still_open())
    after = paging.after
    place = (datetime.fromisoformat(after[0]), UUID(after[1])) if after else None
    async with parts.views.reading(MATTERS, paging.position) as connection:
        rows = await view.search(connection, *filters, after=place, limit=paging.limit + 1)
    return page(rows, paging.limit, lambda row: (row.due.isoformat(), row.matter_id))


ROUTERS = (router, series_router("supervision"))
