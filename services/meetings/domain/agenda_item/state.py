"""What an agenda item remembers, and how each event changes that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self, TypedDict, assert_never
from uuid import UUID

from services.meetings.domain.agenda_item.events import (
    AgendaItemAccepted,
    AgendaItemDecided,
    AgendaItemEvent,
    AgendaItemRefused,
    AgendaItemScheduled,
    AgendaItemSubmitted,
    ResolutionAdopted,
)
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialEvent,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    StatutoryDayMissed,
)
from services.meetings.domain.agenda_item.stages import Sides, StageState
from services.meetings.domain.words import AgendaItemKind, MaterialStage, Outcome

NOWHERE = UUID(int=0)
NOBODY = Sides(organ="", office="", reporting_organ="", reporting_unit="")


class NamesItem(TypedDict):
    """The fields of `OfItem`."""

    agenda_item_id: UUID
    organ: str
    meeting_body: str
    kind: AgendaItemKind


class NamesStage(TypedDict):
    """The fields of `OfStage`."""

    agenda_item_id: UUID
    organ: str
    meeting_id: UUID
    stage: MaterialStage
    owner_organ: str
    owner_unit: str
    office: str
    reviewing_committee: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItemState:
    """An agenda item, reduced to what its decisions need and its events must name.

    *title* is empty until it is submitted, *meeting_id* None until it is scheduled, and
    *outcome* None until a meeting decided.
    """

    agenda_item_id: UUID = NOWHERE
    organ: str = ""
    meeting_body: str = ""
    kind: AgendaItemKind = AgendaItemKind.GENERAL
    title: str = ""
    sides: Sides = NOBODY
    reviewing_committee: str | None = None
    left_out: frozenset[MaterialStage] = frozenset()
    prompted_by: str | None = None
    prompted_by_number: str | None = None
    submitted_by_organ: str = ""
    submitted_by_unit: str = ""
    accepted: bool = False
    refused: bool = False
    meeting_id: UUID | None = None
    ordinal: int = 0
    day: date = date.max
    stages: Mapping[MaterialStage, StageState] = field(default_factory=dict)
    outcome: Outcome | None = None

    @property
    def awaits_meeting(self) -> bool:
        """Whether it is scheduled, and its meeting has not decided."""
        return self.meeting_id is not None and self.outcome is None

    def named(self) -> NamesItem:
        """Return what each event about the whole item names."""
        return NamesItem(
            agenda_item_id=self.agenda_item_id,
            organ=self.organ,
            meeting_body=self.meeting_body,
            kind=self.kind,
        )

    def named_stage(self, stage: MaterialStage) -> NamesStage:
        """Return what each event about *stage* names. Raises `KeyError`."""
        scheduled = self.stages[stage].scheduled
        return NamesStage(
            agenda_item_id=self.agenda_item_id,
            organ=self.organ,
            meeting_id=self.meeting_id or NOWHERE,
            stage=stage,
            owner_organ=scheduled.owner_organ,
            owner_unit=scheduled.owner_unit,
            office=self.sides.office,
            reviewing_committee=self.reviewing_committee,
        )

    def evolve(self, event: AgendaItemEvent) -> Self:
        """Return the item after *event*."""
        match event:
            case AgendaItemSubmitted():
                return self._submitted(event)
            case AgendaItemAccepted():
                return replace(self, accepted=True)
            case AgendaItemRefused():
                return replace(self, refused=True)
            case AgendaItemScheduled():
                return self._scheduled(event)
            case (
                MaterialNearDue()
                | MaterialLate()
                | StatutoryDayMissed()
                | MaterialDelivered()
                | LateMaterialAccepted()
                | MaterialReviewed()
                | MaterialWaived()
            ):
                stage = _stage_after(self.stages[event.stage], event)
                return replace(self, stages={**self.stages, event.stage: stage})
            case AgendaItemDecided():
                return replace(self, outcome=event.outcome)
            case ResolutionAdopted():
                return self
            case _:
                assert_never(event)

    def _submitted(self, event: AgendaItemSubmitted) -> Self:
        return replace(
            self,
            agenda_item_id=event.agenda_item_id,
            organ=event.organ,
            meeting_body=event.meeting_body,
            kind=event.kind,
            title=event.title,
            sides=Sides(
                organ=event.organ,
                office=event.office,
                reporting_organ=event.reporting_organ,
                reporting_unit=event.reporting_unit,
            ),
            reviewing_committee=event.reviewing_committee,
            left_out=frozenset(event.left_out),
            prompted_by=event.prompted_by,
            prompted_by_number=event.prompted_by_number,
            submitted_by_organ=event.submitted_by_organ,
            submitted_by_unit=event.submitted_by_unit,
        )

    def _scheduled(self, event: AgendaItemScheduled) -> Self:
        listed = {stage.stage: StageState(scheduled=stage) for stage in event.stages}
        same = self.awaits_meeting and event.meeting_id == self.meeting_id
        return replace(
            self,
            meeting_id=event.meeting_id,
            ordinal=event.ordinal,
            day=event.day,
            stages={**self.stages, **listed} if same else listed,
            outcome=None,
        )


def _stage_after(stage: StageState, event: MaterialEvent) -> StageState:
    match event:
        case MaterialNearDue():
            return replace(stage, near_marked=True)
        case MaterialLate():
            return replace(stage, late_marked=True)
        case StatutoryDayMissed():
            return replace(stage, statutory_missed=True)
        case MaterialDelivered():
            return replace(stage, delivered_at=event.delivered_at, late=event.late)
        case LateMaterialAccepted():
            return replace(stage, late_accepted=True)
        case MaterialReviewed():
            return replace(stage, reviewed=True)
        case MaterialWaived():
            return replace(stage, waived=True)
        case _:
            assert_never(event)
