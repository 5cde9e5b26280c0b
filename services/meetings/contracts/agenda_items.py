"""What others may know of agenda items."""

from typing import TypeAlias, assert_never

from google.protobuf.message import Message

from chassis import wire
from services.meetings.contracts.days import day_text
from services.meetings.domain.agenda_item import events
from services.meetings.domain.agenda_item.stages import ScheduledStage
from shuniu.meetings.v1 import events_pb2 as public

OwnEvent: TypeAlias = (
    events.AgendaItemSubmitted
    | events.AgendaItemAccepted
    | events.AgendaItemRefused
    | events.AgendaItemScheduled
    | events.AgendaItemDecided
    | events.ResolutionAdopted
)
"""What happens to an item apart from its materials."""


def item_to_public(event: OwnEvent) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.AgendaItemSubmitted():
            return None  # AgendaItemAccepted or AgendaItemRefused tells what came of it
        case events.AgendaItemAccepted():
            return public.AgendaItemAccepted(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                kind=wire.value_of(public.AgendaItemKind, event.kind),
                submitted_by_organ=event.submitted_by_organ,
                submitted_by_unit=event.submitted_by_unit,
                reporting_organ=event.reporting_organ,
                reporting_unit=event.reporting_unit,
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                prompted_by=event.prompted_by,
                prompted_by_number=event.prompted_by_number,
                accepted_by=event.accepted_by,
                accepted_at=wire.timestamp(event.accepted_at),
            )
        case events.AgendaItemRefused():
            return public.AgendaItemRefused(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                kind=wire.value_of(public.AgendaItemKind, event.kind),
                submitted_by_organ=event.submitted_by_organ,
                submitted_by_unit=event.submitted_by_unit,
                refused_by=event.refused_by,
                refused_at=wire.timestamp(event.refused_at),
            )
        case events.AgendaItemScheduled():
            return public.AgendaItemScheduled(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                kind=wire.value_of(public.AgendaItemKind, event.kind),
                meeting_id=str(event.meeting_id),
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                stages=[_stage(stage) for stage in event.stages],
                office=event.office,
                reviewing_committee=event.reviewing_committee,
                scheduled_at=wire.timestamp(event.scheduled_at),
                reporting_organ=event.reporting_organ,
                reporting_unit=event.reporting_unit,
                rescheduled=event.rescheduled,
            )
        case events.AgendaItemDecided():
            return public.AgendaItemDecided(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                kind=wire.value_of(public.AgendaItemKind, event.kind),
                meeting_id=str(event.meeting_id),
                ordinal=event.ordinal,
                day=event.day.isoformat(),
                outcome=wire.value_of(public.Outcome, event.outcome),
                votes_for=event.votes_for,
                votes_against=event.votes_against,
                abstentions=event.abstentions,
                speeches=event.speeches,
                present=event.present,
                members=event.members,
                recorded_by=event.recorded_by,
                decided_at=wire.timestamp(event.decided_at),
            )
        case events.ResolutionAdopted():
            return public.ResolutionAdopted(
                agenda_item_id=str(event.agenda_item_id),
                organ=event.organ,
                meeting_body=event.meeting_body,
                kind=wire.value_of(public.AgendaItemKind, event.kind),
                meeting_id=str(event.meeting_id),
                votes_for=event.votes_for,
                votes_against=event.votes_against,
                abstentions=event.abstentions,
                adopted_at=wire.timestamp(event.adopted_at),
            )
        case _:
            assert_never(event)


def _stage(stage: ScheduledStage) -> public.ScheduledStage:
    return public.ScheduledStage(
        stage=wire.value_of(public.MaterialStage, stage.stage),
        owner_organ=stage.owner_organ,
        owner_unit=stage.owner_unit,
        due=wire.timestamp(stage.deadline.due),
        statutory_last_day=day_text(stage.deadline.statutory_last_day),
        near=wire.timestamp(stage.near),
        basis=wire.value_of(public.StageBasis, stage.basis),
        days_before=stage.days_before,
        due_provisional=stage.deadline.provisional,
    )
