"""The materials of an agenda item over HTTP: delivered, accepted late, reviewed, waived."""

from uuid import UUID

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Text, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from services.meetings.api.bodies import Count
from services.meetings.api.concerning import ITEMS, stage
from services.meetings.domain.agenda_item.commands import (
    AcceptLateMaterial,
    DeliverMaterial,
    ReviewMaterial,
    WaiveMaterial,
)
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.words import MaterialStage

PREFIX = f"{ITEMS}/{{agenda_item_id}}/materials"
router = doors(PREFIX, "materials 材料")


class Delivery(Body):
    """The document that a stage came with, where it has a number."""

    doc_no: Short | None = None


class Reason(Body):
    """Why."""

    reason: Text


class Review(Body):
    """How many comments the committee has, and what they are."""

    comments: Count
    remarks: Text | None = None


@router.post("/{stage}/delivery", status_code=201)
@allows("material.deliver", stage)
async def deliver(
    agenda_item_id: UUID,
    stage: MaterialStage,
    body: Delivery,
    request: Commanded,
    parts: Given,
) -> Answer:
    """Deliver a stage 送达."""
    command = DeliverMaterial(
        agenda_item_id=agenda_item_id,
        stage=stage,
        doc_no=body.doc_no,
        delivered_by=request.caller.subject,
        delivered_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    items = parts.store.of(AGENDA_ITEM)
    return request.answer(await items.execute(agenda_item_id, command, cause))


@router.post("/{stage}/late-acceptance", status_code=201)
@allows("material.accept_late", stage)
async def accept_late(
    agenda_item_id: UUID,
    stage: MaterialStage,
    body: Reason,
    request: Commanded,
    parts: Given,
) -> Answer:
    """Accept what came late 逾期收件同意."""
    command = AcceptLateMaterial(
        agenda_item_id=agenda_item_id,
        stage=stage,
        reason=body.reason,
        accepted_by=request.caller.subject,
        accepted_at=request.now,
    )
    cause = await request.cause()
    items = parts.store.of(AGENDA_ITEM)
    return request.answer(await items.execute(agenda_item_id, command, cause))


@router.post("/{stage}/review", status_code=201)
@allows("material.review", stage)
async def review(
    agenda_item_id: UUID,
    stage: MaterialStage,
    body: Review,
    request: Commanded,
    parts: Given,
) -> Answer:
    """Give the committee's comments 审阅."""
    command = ReviewMaterial(
        agenda_item_id=agenda_item_id,
        stage=stage,
        comments=body.comments,
        remarks=body.remarks,
        reviewed_by=request.caller.subject,
        reviewed_at=request.now,
    )
    cause = await request.cause()
    items = parts.store.of(AGENDA_ITEM)
    return request.answer(await items.execute(agenda_item_id, command, cause))


@router.post("/{stage}/waiver", status_code=201)
@allows("material.waive", stage)
async def waive(
    agenda_item_id: UUID,
    stage: MaterialStage,
    body: Reason,
    request: Commanded,
    parts: Given,
) -> Answer:
    """Do without a stage of local practice 免交; one of the law is never waived."""
    command = WaiveMaterial(
        agenda_item_id=agenda_item_id,
        stage=stage,
        reason=body.reason,
        waived_by=request.caller.subject,
        waived_at=request.now,
    )
    cause = await request.cause()
    items = parts.store.of(AGENDA_ITEM)
    return request.answer(await items.execute(agenda_item_id, command, cause))
