"""What can be asked of an agenda item."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from chassis.domain import Command
from chassis.workdays import Calendar
from services.meetings.domain.meeting_bodies import MeetingBody
from services.meetings.domain.words import AgendaItemKind, MaterialStage, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmitAgendaItem(Command):
    """Put it forward to *meeting_body*; *prompted_by* is looked up."""

    agenda_item_id: UUID
    meeting_body: MeetingBody
    kind: AgendaItemKind
    title: str
    reporting_organ: str
    reporting_unit: str
    office: str
    reviewing_committee: str | None
    left_out: tuple[MaterialStage, ...]
    prompted_by: str | None
    prompted_by_number: str | None
    submitted_by: str
    submitted_by_organ: str
    submitted_by_unit: str
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptAgendaItem(Command):
    """Agree to put it on an agenda."""

    agenda_item_id: UUID
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RefuseAgendaItem(Command):
    """Refuse it, with a reason."""

    agenda_item_id: UUID
    reason: str
    refused_by: str
    refused_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleAgendaItem(Command):
    """Put it on a meeting of *meeting_body*: its materials get their dates."""

    agenda_item_id: UUID
    meeting_id: UUID
    ordinal: int
    day: date
    meeting_body: MeetingBody
    scheduled_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveAgendaItem(Command):
    """Its meeting moved to *day*: every open stage moves with it."""

    agenda_item_id: UUID
    meeting_id: UUID
    day: date
    moved_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkMaterialNear(Command):
    """A timer says that a stage is near."""

    agenda_item_id: UUID
    stage: MaterialStage
    near: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkMaterialLate(Command):
    """A timer says that a stage is due."""

    agenda_item_id: UUID
    stage: MaterialStage
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkStatutoryDayMissed(Command):
    """A timer says that the last day by law has passed."""

    agenda_item_id: UUID
    stage: MaterialStage
    ended: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverMaterial(Command):
    """Deliver a stage."""

    agenda_item_id: UUID
    stage: MaterialStage
    doc_no: str | None
    delivered_by: str
    delivered_at: datetime
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptLateMaterial(Command):
    """Accept what was delivered late, with a reason."""

    agenda_item_id: UUID
    stage: MaterialStage
    reason: str
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewMaterial(Command):
    """Give the committee's comments on what was delivered."""

    agenda_item_id: UUID
    stage: MaterialStage
    comments: int
    remarks: str | None
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WaiveMaterial(Command):
    """Do without a stage, with a reason."""

    agenda_item_id: UUID
    stage: MaterialStage
    reason: str
    waived_by: str
    waived_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DecideAgendaItem(Command):
    """Record what its meeting made of it; the meeting has vouched for the votes."""

    agenda_item_id: UUID
    meeting_id: UUID
    ordinal: int
    day: date
    outcome: Outcome
    votes_for: int
    votes_against: int
    abstentions: int
    speeches: int
    present: int
    members: int
    recorded_by: str
    decided_at: datetime


AgendaItemNotice: TypeAlias = (
    MoveAgendaItem | MarkMaterialNear | MarkMaterialLate | MarkStatutoryDayMissed
)
"""What a timer or a reaction tells: it is never refused, at most it changes nothing."""

AgendaItemCommand: TypeAlias = (
    SubmitAgendaItem
    | AcceptAgendaItem
    | RefuseAgendaItem
    | ScheduleAgendaItem
    | DeliverMaterial
    | AcceptLateMaterial
    | ReviewMaterial
    | WaiveMaterial
    | DecideAgendaItem
    | AgendaItemNotice
)
