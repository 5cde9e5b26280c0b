"""An agenda item 议题: put forward, accepted or refused, scheduled, decided.

`materials` is what becomes of its papers; `state` is what both decide by.
"""

from dataclasses import dataclass
from typing import assert_never, get_args

from chassis.domain import Category, UnknownItemError
from services.meetings.domain.agenda_item import materials, refusals
from services.meetings.domain.agenda_item.commands import (
    AcceptAgendaItem,
    AcceptLateMaterial,
    AgendaItemCommand,
    AgendaItemNotice,
    DecideAgendaItem,
    DeliverMaterial,
    MarkMaterialLate,
    MarkMaterialNear,
    MarkStatutoryDayMissed,
    MoveAgendaItem,
    RefuseAgendaItem,
    ReviewMaterial,
    ScheduleAgendaItem,
    SubmitAgendaItem,
    WaiveMaterial,
)
from services.meetings.domain.agenda_item.events import (
    AgendaItemAccepted,
    AgendaItemDecided,
    AgendaItemEvent,
    AgendaItemRefused,
    AgendaItemScheduled,
    AgendaItemSubmitted,
    ResolutionAdopted,
)
from services.meetings.domain.agenda_item.stages import moved, stages_of
from services.meetings.domain.agenda_item.state import AgendaItemState
from services.meetings.domain.words import AgendaItemKind, MeetingBodyKind, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItem(AgendaItemState):
    """An agenda item that decides."""

    def decide(self, command: AgendaItemCommand) -> list[AgendaItemEvent]:
        """Return the events that *command* causes, or refuse it."""
        if isinstance(command, AgendaItemNotice) and not self.awaits_meeting:
            return []
        if not self.title and not isinstance(command, SubmitAgendaItem):
            raise UnknownItemError
        match command:
            case SubmitAgendaItem():
                return self._submit(command)
            case AcceptAgendaItem():
                return self._accept(command)
            case RefuseAgendaItem():
                return self._refuse(command)
            case ScheduleAgendaItem():
                return self._schedule(command)
            case MoveAgendaItem():
                return self._move(command)
            case MarkMaterialNear():
                return materials.mark_near(self, command)
            case MarkMaterialLate():
                return materials.mark_late(self, command)
            case MarkStatutoryDayMissed():
                return materials.mark_statutory_day_missed(self, command)
            case DeliverMaterial():
                return materials.deliver(self, command)
            case AcceptLateMaterial():
                return materials.accept_late(self, command)
            case ReviewMaterial():
                return materials.review(self, command)
            case WaiveMaterial():
                return materials.waive(self, command)
            case DecideAgendaItem():
                return self._decide(command)
            case _:
                assert_never(command)

    def _submit(self, command: SubmitAgendaItem) -> list[AgendaItemEvent]:
        if self.title:
            raise refusals.AlreadySubmittedError
        reported = command.kind is AgendaItemKind.SPECIAL_WORK_REPORT
        if reported and command.meeting_body.kind is not MeetingBodyKind.STANDING_COMMITTEE:
            raise refusals.NotHeardHereError(meeting_body=command.meeting_body.name_zh)
        if reported and command.reviewing_committee is None:
            raise refusals.ReviewingCommitteeMissingError
        rules = command.meeting_body.materials.get(command.kind, ())
        optional = {rule.stage for rule in rules if rule.optional}
        for stage in command.left_out:
            if stage not in optional:
                raise refusals.StageNotOptionalError(**materials.said(stage))
        return [
            AgendaItemSubmitted(
                agenda_item_id=command.agenda_item_id,
                organ=command.meeting_body.organ,
                meeting_body=command.meeting_body.code,
                kind=command.kind,
                title=command.title,
                reporting_organ=command.reporting_organ,
                reporting_unit=command.reporting_unit,
                office=command.office,
                reviewing_committee=command.reviewing_committee,
                left_out=command.left_out,
                prompted_by=command.prompted_by,
                prompted_by_number=command.prompted_by_number,
                submitted_by=command.submitted_by,
                submitted_by_organ=command.submitted_by_organ,
                submitted_by_unit=command.submitted_by_unit,
                submitted_at=command.submitted_at,
            )
        ]

    def _accept(self, command: AcceptAgendaItem) -> list[AgendaItemEvent]:
        if self.accepted or self.refused:
            raise refusals.AlreadyJudgedError(title=self.title)
        return [
            AgendaItemAccepted(
                **self.named(),
                submitted_by_organ=self.submitted_by_organ,
                submitted_by_unit=self.submitted_by_unit,
                reporting_organ=self.sides.reporting_organ,
                reporting_unit=self.sides.reporting_unit,
                office=self.sides.office,
                reviewing_committee=self.reviewing_committee,
                prompted_by=self.prompted_by,
                prompted_by_number=self.prompted_by_number,
                accepted_by=command.accepted_by,
                accepted_at=command.accepted_at,
            )
        ]

    def _refuse(self, command: RefuseAgendaItem) -> list[AgendaItemEvent]:
        if self.accepted or self.refused:
            raise refusals.AlreadyJudgedError(title=self.title)
        return [
            AgendaItemRefused(
                **self.named(),
                submitted_by_organ=self.submitted_by_organ,
                submitted_by_unit=self.submitted_by_unit,
                reason=command.reason,
                refused_by=command.refused_by,
                refused_at=command.refused_at,
            )
        ]

    def _schedule(self, command: ScheduleAgendaItem) -> list[AgendaItemEvent]:
        if not self.accepted:
            raise refusals.NotAcceptedError(title=self.title)
        if self.meeting_id is not None and self.outcome is not Outcome.DEFERRED:
            raise refusals.AlreadyScheduledError(title=self.title)
        if command.meeting_id == self.meeting_id:
            raise refusals.DeferredByThisMeetingError(title=self.title)
        calendar = command.calendar
        since = calendar.local(command.scheduled_at).date()
        rules = command.meeting_body.materials.get(self.kind, ())
        wanted = [rule for rule in rules if rule.stage not in self.left_out]
        return [
            AgendaItemScheduled(
                **self.named(),
                meeting_id=command.meeting_id,
                ordinal=command.ordinal,
                day=command.day,
                stages=stages_of(wanted, self.sides, command.day, since, calendar),
                office=self.sides.office,
                reviewing_committee=self.reviewing_committee,
                scheduled_at=command.scheduled_at,
                reporting_organ=self.sides.reporting_organ,
                reporting_unit=self.sides.reporting_unit,
                rescheduled=self.meeting_id is not None,
            )
        ]

    def _move(self, command: MoveAgendaItem) -> list[AgendaItemEvent]:
        """Move the open stages, and only those, once for a day."""
        if command.meeting_id != self.meeting_id or command.day == self.day:
            return []
        calendar = command.calendar
        since = calendar.local(command.moved_at).date()
        stages = [
            moved(stage.scheduled, command.day, since, calendar)
            for stage in self.stages.values()
            if stage.open
        ]
        return [
            AgendaItemScheduled(
                **self.named(),
                meeting_id=command.meeting_id,
                ordinal=self.ordinal,
                day=command.day,
                stages=tuple(sorted(stages, key=lambda stage: stage.deadline.due)),
                office=self.sides.office,
                reviewing_committee=self.reviewing_committee,
                scheduled_at=command.moved_at,
                reporting_organ=self.sides.reporting_organ,
                reporting_unit=self.sides.reporting_unit,
                rescheduled=True,
            )
        ]

    def _decide(self, command: DecideAgendaItem) -> list[AgendaItemEvent]:
        if not self.awaits_meeting or command.meeting_id != self.meeting_id:
            raise refusals.NotOnThisMeetingError(title=self.title)
        if command.outcome is not Outcome.DEFERRED:
            materials.expect_lawful(self)
        decided: list[AgendaItemEvent] = [
            AgendaItemDecided(
                **self.named(),
                meeting_id=command.meeting_id,
                ordinal=command.ordinal,
                day=command.day,
                outcome=command.outcome,
                votes_for=command.votes_for,
                votes_against=command.votes_against,
                abstentions=command.abstentions,
                speeches=command.speeches,
                present=command.present,
                members=command.members,
                recorded_by=command.recorded_by,
                decided_at=command.decided_at,
            )
        ]
        resolution = self.kind is AgendaItemKind.RESOLUTION
        if resolution and command.outcome is Outcome.ADOPTED:
            adopted = ResolutionAdopted(
                **self.named(),
                meeting_id=command.meeting_id,
                votes_for=command.votes_for,
                votes_against=command.votes_against,
                abstentions=command.abstentions,
                adopted_at=command.decided_at,
            )
            decided.append(adopted)
        return decided


AGENDA_ITEM: Category[AgendaItem, AgendaItemCommand, AgendaItemEvent] = Category(
    name="agenda_item",
    noun="AgendaItem",
    initial=AgendaItem(),
    events=get_args(AgendaItemEvent),
    commands=get_args(AgendaItemCommand),
)
