"""One meeting, item or opinion as it is read: from its events, with the arithmetic of its dates."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chassis.store import Stored
from chassis.workdays import Calendar, Deadline, explain
from services.meetings.domain.agenda_item.events import AgendaItemEvent, AgendaItemScheduled
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    OfStage,
    StatutoryDayMissed,
)
from services.meetings.domain.agenda_item.stages import ScheduledStage
from services.meetings.domain.meeting.events import (
    AgendaItemPlaced,
    MeetingClosed,
    MeetingEvent,
    MeetingNoticeOverdue,
    MeetingRescheduled,
    OutcomeRecorded,
)
from services.meetings.domain.opinion.events import (
    DeliberationOpinionDrafted,
    DeliberationOpinionHandedOver,
    DeliberationOpinionOpened,
    DeliberationOpinionPassed,
    HandlingReportCommented,
    HandlingReportDelivered,
    HandlingReportDrafted,
    OpinionEvent,
    OpinionStepOverdue,
    SatisfactionVoted,
)

STATUS = {
    MaterialNearDue: "near",
    MaterialLate: "late",
    MaterialDelivered: "delivered",
    MaterialWaived: "waived",
}
FLAGS = {
    StatutoryDayMissed: "statutory_missed",
    LateMaterialAccepted: "late_accepted",
    MaterialReviewed: "reviewed",
}
STEPS: dict[type[OpinionEvent], str] = {
    DeliberationOpinionDrafted: "drafted",
    DeliberationOpinionPassed: "passed",
    DeliberationOpinionHandedOver: "handed_over",
    HandlingReportDrafted: "report_drafted",
    HandlingReportCommented: "report_commented",
    HandlingReportDelivered: "report_delivered",
    SatisfactionVoted: "vote",
}
DATES = ("notice", "draft", "hand_over", "deadline", "comment", "again", "comment_again")


def meeting_of(
    history: Sequence[Stored[MeetingEvent]], calendar: Calendar
) -> dict[str, Any]:
    """Return a meeting with its agenda: each item with the outcome it has."""
    detail: dict[str, Any] = {"notice_overdue": False}
    agenda: dict[Any, dict[str, Any]] = {}
    for stored in history:
        event = stored.event
        if isinstance(event, AgendaItemPlaced):
            placed = {"agenda_item_id": event.agenda_item_id, "title": event.title}
            agenda[event.agenda_item_id] = placed | {"kind": event.kind, "outcome": None}
        elif isinstance(event, OutcomeRecorded):
            agenda[event.agenda_item_id] |= _facts(event, calendar)
        elif isinstance(event, MeetingNoticeOverdue):
            detail["notice_overdue"] = True
        elif isinstance(event, MeetingClosed):
            detail |= {"closed_by": event.closed_by, "closed_at": event.closed_at}
        elif isinstance(event, MeetingRescheduled):
            detail |= _facts(event, calendar) | {"notice_overdue": False}
        else:
            detail |= _facts(event, calendar)
    return detail | {"agenda": [*agenda.values()]} | _story(history)


def item_of(
    history: Sequence[Stored[AgendaItemEvent]], calendar: Calendar
) -> dict[str, Any]:
    """Return an agenda item with the stages of its materials."""
    detail: dict[str, Any] = {}
    stages: dict[str, dict[str, Any]] = {}
    for stored in history:
        event = stored.event
        if isinstance(event, OfStage):
            _mark(stages[event.stage], event)
        elif isinstance(event, AgendaItemScheduled):
            if detail.get("meeting_id") != event.meeting_id:
                stages = {}
            stages |= {s.stage: _stage(s, calendar) for s in event.stages}
            detail |= _facts(event, calendar)
        else:
            detail |= _facts(event, calendar)
    ordered = sorted(stages.values(), key=lambda stage: str(stage["due"]))
    return detail | {"stages": ordered} | _story(history)


def opinion_of(
    history: Sequence[Stored[OpinionEvent]], calendar: Calendar
) -> dict[str, Any]:
    """Return an opinion: how it began, each step as it was last taken, what was overdue."""
    detail: dict[str, Any] = {"number": None, "overdue": []}
    for stored in history:
        event = stored.event
        if isinstance(event, DeliberationOpinionOpened):
            detail |= _facts(event, calendar)
        elif isinstance(event, OpinionStepOverdue):
            detail["overdue"].append({"step": event.step, "due": event.due})
        else:
            detail[STEPS[type(event)]] = _facts(event, calendar)
        if isinstance(event, DeliberationOpinionHandedOver):
            detail["number"] = event.number
    return detail | _story(history)


def _story(history: Sequence[Stored[Any]]) -> dict[str, Any]:
    return {
        "version": history[-1].version,
        "correlation_id": history[0].meta.correlation_id,
    }


def _facts(event: Any, calendar: Calendar) -> dict[str, Any]:
    """Return what an event says, each of its dates with the arithmetic that led to it."""
    facts = asdict(event)
    for name in DATES:
        deadline = getattr(event, name, None)
        if isinstance(deadline, Deadline):
            facts[name] = _dated(deadline, calendar)
    return facts


def _dated(deadline: Deadline, calendar: Calendar) -> dict[str, Any]:
    arithmetic = {
        "arithmetic_zh": explain(deadline, calendar),
        "arithmetic_en": explain(deadline, calendar, "en"),
    }
    return asdict(deadline) | arithmetic


def _stage(stage: ScheduledStage, calendar: Calendar) -> dict[str, Any]:
    facts = asdict(stage)
    del facts["deadline"]
    flags = dict.fromkeys(FLAGS.values(), False)
    return facts | _dated(stage.deadline, calendar) | {"status": "open"} | flags


def _mark(stage: dict[str, Any], event: OfStage) -> None:
    """Write what happened to a stage beside its dates; who is who stands there already."""
    facts = asdict(event)
    stage |= {name: value for name, value in facts.items() if name not in stage}
    stage["status"] = STATUS.get(type(event), stage["status"])
    if flag := FLAGS.get(type(event)):
        stage[flag] = True
