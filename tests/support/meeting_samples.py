"""The June meeting of the scenario, its item and its opinion, at each stage of their lives."""

from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from chassis.calendars import load_calendar
from chassis.domain import Event
from chassis.parts import Parts
from chassis.policies import Policies
from services import meetings
from services.meetings.domain.agenda_item.commands import (
    AcceptAgendaItem,
    DecideAgendaItem,
    DeliverMaterial,
    MoveAgendaItem,
    ScheduleAgendaItem,
    SubmitAgendaItem,
)
from services.meetings.domain.agenda_item.item import AgendaItem
from services.meetings.domain.meeting.commands import (
    CloseMeeting,
    HoldMeeting,
    PlaceAgendaItem,
    PlanMeeting,
    RecordOutcome,
)
from services.meetings.domain.meeting.meeting import Meeting
from services.meetings.domain.meeting_bodies import MeetingBody, OpinionLimits
from services.meetings.domain.words import AgendaItemKind, MaterialStage, Outcome
from services.meetings.policies import meeting_bodies, opinion_limits

MEETING_ID, ITEM_ID, OPINION_ID = UUID(int=1), UUID(int=2), UUID(int=3)
CALENDAR = load_calendar([2025])
DAY = date(2025, 6, 20)
TITLE = "水库安全管理情况"
POLICIES = Policies.load(Path(meetings.__path__[0]) / "policies.yaml", None)
SHIPPED = cast("Parts", SimpleNamespace(policies=POLICIES))
"""As much of a service as its policies need: what it ships."""


def at(text: str) -> datetime:
    """Read "06-20 09:00" as the office writes it."""
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


def meeting_body(code: str = "npc.standing_committee") -> MeetingBody:
    """Return a meeting body as shipped."""
    return meeting_bodies(SHIPPED, DAY)[code]


def limits() -> OpinionLimits:
    """Return the limits of opinions as shipped."""
    return opinion_limits(SHIPPED, DAY)


def after(state: Any, *events: Event) -> Any:
    """Return what *state* is after *events*."""
    return reduce(lambda item, event: item.evolve(event), events, state)


def did(state: Any, *commands: Any) -> Any:
    """Return what *state* is after it decided on each of *commands*."""
    for command in commands:
        state = after(state, *state.decide(command))
    return state


def plan(**changes: Any) -> PlanMeeting:
    """Plan the 27th meeting for 06-20."""
    given: dict[str, Any] = {
        "meeting_id": MEETING_ID,
        "meeting_body": meeting_body(),
        "ordinal": 27,
        "day": DAY,
        "planned_by": "ding.qian",
        "planned_at": at("05-15 15:00"),
        "calendar": CALENDAR,
    }
    return PlanMeeting(**given | changes)


def place(item_id: UUID = ITEM_ID, title: str = TITLE) -> PlaceAgendaItem:
    """Put an item on the agenda."""
    return PlaceAgendaItem(
        meeting_id=MEETING_ID,
        agenda_item_id=item_id,
        meeting_body="npc.standing_committee",
        kind=AgendaItemKind.SPECIAL_WORK_REPORT,
        title=title,
    )


def hold(present: int = 24, leave: int = 2, absent: int = 1, **changes: Any) -> HoldMeeting:
    """Open the meeting, 06-20 09:00."""
    given: dict[str, Any] = {
        "meeting_id": MEETING_ID,
        "present": present,
        "leave": leave,
        "absent": absent,
        "recorded_by": "ding.qian",
        "held_at": at("06-20 09:00"),
        "calendar": CALENDAR,
    }
    return HoldMeeting(**given | changes)


def outcome(kind: Outcome = Outcome.DELIBERATED, **changes: Any) -> RecordOutcome:
    """Record what the meeting made of its item."""
    given: dict[str, Any] = {
        "meeting_id": MEETING_ID,
        "agenda_item_id": ITEM_ID,
        "outcome": kind,
        "votes_for": 0,
        "votes_against": 0,
        "abstentions": 0,
        "speeches": 14,
        "recorded_by": "ding.qian",
        "recorded_at": at("06-20 11:32"),
    }
    return RecordOutcome(**given | changes)


def close() -> CloseMeeting:
    """Close the meeting, 06-20 11:32."""
    return CloseMeeting(
        meeting_id=MEETING_ID, closed_by="ding.qian", closed_at=at("06-20 11:32")
    )


def submit(**changes: Any) -> SubmitAgendaItem:
    """Put the item forward, as the congress office does."""
    given: dict[str, Any] = {
        "agenda_item_id": ITEM_ID,
        "meeting_body": meeting_body(),
        "kind": AgendaItemKind.SPECIAL_WORK_REPORT,
        "title": TITLE,
        "reporting_organ": "gov",
        "reporting_unit": "government-office",
        "office": "standing-committee-office",
        "reviewing_committee": "agriculture-committee",
        "left_out": (),
        "prompted_by": str(UUID(int=9)),
        "prompted_by_number": "云政督〔2025〕31号",
        "submitted_by": "ding.qian",
        "submitted_by_organ": "npc",
        "submitted_by_unit": "standing-committee-office",
        "submitted_at": at("05-15 15:00"),
    }
    return SubmitAgendaItem(**given | changes)


def accept() -> AcceptAgendaItem:
    """Accept the item."""
    return AcceptAgendaItem(
        agenda_item_id=ITEM_ID, accepted_by="ding.qian", accepted_at=at("05-15 15:00")
    )


def schedule(day: date = DAY, **changes: Any) -> ScheduleAgendaItem:
    """Put the item on the June meeting, on 05-15."""
    given: dict[str, Any] = {
        "agenda_item_id": ITEM_ID,
        "meeting_id": MEETING_ID,
        "ordinal": 27,
        "day": day,
        "meeting_body": meeting_body(),
        "scheduled_at": at("05-15 15:00"),
        "calendar": CALENDAR,
    }
    return ScheduleAgendaItem(**given | changes)


def move(day: date, moved_at: str = "05-16 09:00") -> MoveAgendaItem:
    """Move the item with its meeting."""
    return MoveAgendaItem(
        agenda_item_id=ITEM_ID,
        meeting_id=MEETING_ID,
        day=day,
        moved_at=at(moved_at),
        calendar=CALENDAR,
    )


def planned() -> Meeting:
    """Return the meeting as it was planned, with its item."""
    return cast("Meeting", did(Meeting(), plan(), place()))


def scheduled(**changes: Any) -> AgendaItem:
    """Return the item once it is on the meeting."""
    return cast("AgendaItem", did(AgendaItem(), submit(**changes), accept(), schedule()))


def with_papers(when: str = "05-28 09:00") -> AgendaItem:
    """Return the item with every paper that the law demands, delivered then."""
    law = (MaterialStage.DRAFT_FOR_COMMENT, MaterialStage.REVISED, MaterialStage.TO_MEMBERS)
    papers = [deliver(stage, when) for stage in law]
    return cast("AgendaItem", did(scheduled(), *papers))


def stage(item: AgendaItem, code: MaterialStage) -> Any:
    """Return how a stage of *item* stands."""
    return item.stages[code]


def deliver(stage: MaterialStage, when: str) -> DeliverMaterial:
    """Deliver a stage."""
    return DeliverMaterial(
        agenda_item_id=ITEM_ID,
        stage=stage,
        doc_no=None,
        delivered_by="liu.min",
        delivered_at=at(when),
        calendar=CALENDAR,
    )


def decide(outcome: Outcome, votes: int = 0) -> DecideAgendaItem:
    """Decide on the item at the June meeting."""
    return DecideAgendaItem(
        agenda_item_id=ITEM_ID,
        meeting_id=MEETING_ID,
        ordinal=27,
        day=DAY,
        outcome=outcome,
        votes_for=votes,
        votes_against=0,
        abstentions=0,
        speeches=14,
        present=24,
        members=27,
        recorded_by="ding.qian",
        decided_at=at("06-20 11:32"),
    )
