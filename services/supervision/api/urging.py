"""How a unit is urged: by telephone, by sheet and by notice, over HTTP."""

from uuid import UUID

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.supervision.api.concerning import PREFIX, TAG, matter
from services.supervision.domain.commands import (
    ReceiveSupervisionNotice,
    ReceiveUrgingSheet,
    UrgeByPhone,
)
from services.supervision.domain.matter import MATTER
from services.supervision.handlers import issue_supervision_notice, issue_urging_sheet

router = doors(PREFIX, TAG)


class Call(Body):
    """A telephone call that urged a unit."""

    unit: Short
    spoken_to: Short | None = None


class Sheet(Body):
    """Under which mark a sheet is issued."""

    mark: Short


class Notice(Body):
    """Under which mark a supervision notice is issued, and to which head if not the one known."""

    mark: Short
    unit_head: Short | None = None


class SheetReceipt(Body):
    """Which sheet was received."""

    sheet_no: Short


@router.post("/{matter_id}/urgings", status_code=201)
@allows("matter.urge", matter)
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
@allows("matter.urge", matter)
async def issue_sheet(
    matter_id: UUID, body: Sheet, request: Commanded, parts: Given
) -> Answer:
    """Issue the prepared urging sheet under the next number 催办单."""
    cause = await request.cause()
    organ = request.caller.organ
    done = await issue_urging_sheet(parts, cause, matter_id, organ=organ, mark=body.mark)
    return request.answer(done)


@router.post("/{matter_id}/urging-sheets/receipt", status_code=201)
@allows("matter.receive_sheet", matter)
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


@router.post("/{matter_id}/supervision-notices", status_code=201)
@allows("matter.escalate", matter)
async def issue_notice(
    matter_id: UUID, body: Notice, request: Commanded, parts: Given
) -> Answer:
    """Issue the prepared supervision notice under the next number 督办通知单."""
    cause = await request.cause()
    done = await issue_supervision_notice(
        parts,
        cause,
        matter_id,
        organ=request.caller.organ,
        mark=body.mark,
        unit_head=body.unit_head,
    )
    return request.answer(done)


@router.post("/{matter_id}/supervision-notices/receipt", status_code=201)
@allows("matter.receive_sheet", matter)
async def receive_notice(
    matter_id: UUID, body: SheetReceipt, request: Commanded, parts: Given
) -> Answer:
    """Receive a supervision notice in person 本人签收督办通知单."""
    command = ReceiveSupervisionNotice(
        matter_id=matter_id,
        sheet_no=body.sheet_no,
        received_by=request.caller.subject,
        received_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MATTER).execute(matter_id, command, cause))
