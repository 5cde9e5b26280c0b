"""What can have happened to an agenda item: put forward, scheduled, decided.

`material_events` are those about a stage of its materials.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label
from services.meetings.domain.agenda_item.material_events import MaterialEvent
from services.meetings.domain.agenda_item.stages import ScheduledStage
from services.meetings.domain.words import AgendaItemKind, MaterialStage, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class OfItem(Event):
    """What every event about a whole item names."""

    agenda_item_id: UUID
    organ: str
    meeting_body: str
    kind: AgendaItemKind


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItemSubmitted(OfItem):
    """A unit asks for it to be put before a meeting (提交议题)."""

    label: ClassVar[Label] = Label("提交议题", "Agenda item submitted")

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
class AgendaItemAccepted(OfItem):
    """It will be put on an agenda (接收议题)."""

    label: ClassVar[Label] = Label("接收议题", "Agenda item accepted")

    submitted_by_organ: str
    submitted_by_unit: str
    reporting_organ: str
    reporting_unit: str
    office: str
    reviewing_committee: str | None
    prompted_by: str | None
    prompted_by_number: str | None
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItemRefused(OfItem):
    """It will not be put on an agenda, for a reason (不予列入)."""

    label: ClassVar[Label] = Label("不予列入", "Agenda item refused")

    submitted_by_organ: str
    submitted_by_unit: str
    reason: str
    refused_by: str
    refused_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItemScheduled(OfItem):
    """It is on a meeting, with the stages still to be delivered (安排上会).

    Again where the meeting moves: then it lists the open stages alone, and those that are
    not listed stand. On another meeting all stages begin anew. *rescheduled* says that it is
    either of these.
    """

    label: ClassVar[Label] = Label("安排上会", "Agenda item scheduled")

    meeting_id: UUID
    ordinal: int
    day: date
    stages: tuple[ScheduledStage, ...]
    office: str
    reviewing_committee: str | None
    scheduled_at: datetime
    reporting_organ: str
    reporting_unit: str
    rescheduled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItemDecided(OfItem):
    """A meeting made something of it (议题决定)."""

    label: ClassVar[Label] = Label("议题决定", "Agenda item decided")

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


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolutionAdopted(OfItem):
    """The meeting body adopted it as its resolution or decision (通过决议、决定)."""

    label: ClassVar[Label] = Label("通过决议、决定", "Resolution adopted")

    meeting_id: UUID
    votes_for: int
    votes_against: int
    abstentions: int
    adopted_at: datetime


AgendaItemEvent: TypeAlias = (
    AgendaItemSubmitted
    | AgendaItemAccepted
    | AgendaItemRefused
    | AgendaItemScheduled
    | MaterialEvent
    | AgendaItemDecided
    | ResolutionAdopted
)
