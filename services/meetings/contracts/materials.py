"""What others may know of an item's materials."""

from typing import assert_never

from google.protobuf.message import Message

from chassis import wire
from services.meetings.contracts.days import day_text
from services.meetings.domain.agenda_item import material_events as events
from shuniu.meetings.v1 import events_pb2 as public


def material_to_public(event: events.MaterialEvent) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.MaterialNearDue():
            return public.MaterialNearDue(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_id=str(event.meeting_id),
                stage=wire.value_of(public.MaterialStage, event.stage),
                owner_organ=event.owner_organ,
                owner_unit=event.owner_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                due=wire.timestamp(event.due),
                near=wire.timestamp(event.near),
            )
        case events.MaterialLate():
            return public.MaterialLate(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_id=str(event.meeting_id),
                stage=wire.value_of(public.MaterialStage, event.stage),
                owner_organ=event.owner_organ,
                owner_unit=event.owner_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                due=wire.timestamp(event.due),
                statutory_last_day=day_text(event.statutory_last_day),
                basis=wire.value_of(public.StageBasis, event.basis),
            )
        case events.StatutoryDayMissed():
            return None  # MaterialLate told of it, MaterialDelivered says by how many days
        case events.MaterialDelivered():
            return public.MaterialDelivered(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_id=str(event.meeting_id),
                stage=wire.value_of(public.MaterialStage, event.stage),
                owner_organ=event.owner_organ,
                owner_unit=event.owner_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                due=wire.timestamp(event.due),
                doc_no=event.doc_no,
                delivered_by=event.delivered_by,
                delivered_at=wire.timestamp(event.delivered_at),
                late=event.late,
                late_work_days=event.late_work_days,
                days_after_statutory=event.days_after_statutory,
                basis=wire.value_of(public.StageBasis, event.basis),
            )
        case events.LateMaterialAccepted():
            return public.LateMaterialAccepted(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_id=str(event.meeting_id),
                stage=wire.value_of(public.MaterialStage, event.stage),
                owner_organ=event.owner_organ,
                owner_unit=event.owner_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                accepted_by=event.accepted_by,
                accepted_at=wire.timestamp(event.accepted_at),
            )
        case events.MaterialReviewed():
            return public.MaterialReviewed(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_id=str(event.meeting_id),
                stage=wire.value_of(public.MaterialStage, event.stage),
                owner_organ=event.owner_organ,
                owner_unit=event.owner_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                comments=event.comments,
                reviewed_by=event.reviewed_by,
                reviewed_at=wire.timestamp(event.reviewed_at),
            )
        case events.MaterialWaived():
            return public.MaterialWaived(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_id=str(event.meeting_id),
                stage=wire.value_of(public.MaterialStage, event.stage),
                owner_organ=event.owner_organ,
                owner_unit=event.owner_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                waived_by=event.waived_by,
                waived_at=wire.timestamp(event.waived_at),
            )
        case _:
            assert_never(event)
