"""One matter as it is shown: how it stands, and what happened to it, kind by kind."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import reduce
from typing import Any

from chassis.store import Stored
from services.supervision.domain.events import (
    FeedbackGiven,
    FeedbackLate,
    FeedbackSentBack,
    HandlingReportNoted,
    MatterAssignmentOverdue,
    MatterDecomposed,
    MatterEscalated,
    MatterEvent,
    MatterNearDue,
    MatterOpened,
    MatterOverdue,
    MatterReceiptOverdue,
    MatterReceived,
    MatterRoundOpened,
    MatterUrged,
    ResultSeen,
    SatisfactionVoteNoted,
    SubMatterCompleted,
    SupervisionNoticeIssued,
    SupervisionNoticeReceived,
    UrgingSheetPrepared,
    UrgingSheetReceived,
)
from services.supervision.domain.matter import MATTER, Matter
from services.supervision.domain.words import Light, RungAt

LISTS = {
    MatterUrged: "urgings",
    UrgingSheetReceived: "sheet_receipts",
    MatterReceived: "receipts",
    MatterEscalated: "escalations",
    SupervisionNoticeIssued: "notices",
    SupervisionNoticeReceived: "notice_receipts",
    FeedbackGiven: "feedback",
    FeedbackLate: "feedback_late",
    FeedbackSentBack: "sent_back",
    ResultSeen: "results_seen",
    HandlingReportNoted: "handling_reports",
    SatisfactionVoteNoted: "satisfaction_votes",
    MatterRoundOpened: "rounds",
}
"""What can happen more than once; all else shows as fields of the matter itself."""

LIMITS_PASSED = (MatterAssignmentOverdue, MatterReceiptOverdue)


def detail_of(history: Sequence[Stored[MatterEvent]]) -> dict[str, Any]:
    """Return what the API shows of a matter with this *history*."""
    detail: dict[str, Any] = {name: [] for name in LISTS.values()}
    detail |= {"children": [], "lights": []}
    for stored in history:
        event = stored.event
        _show_light(detail, stored)
        if name := LISTS.get(type(event)):
            detail[name].append(asdict(event))
        elif isinstance(event, MatterDecomposed):
            child = {"matter_id": event.child_id, "due": event.child_due}
            detail["children"].append(child | {"completed": False})
        elif isinstance(event, SubMatterCompleted):
            for child in detail["children"]:
                child["completed"] |= child["matter_id"] == event.child_id
        elif not isinstance(event, LIMITS_PASSED):
            detail |= asdict(event)
    matter = reduce(Matter.evolve, (stored.event for stored in history), MATTER.initial)
    return detail | _standing(matter) | _place(history)


def _standing(matter: Matter) -> dict[str, Any]:
    """Return how the matter stands now, whatever its events said of then."""
    answered, dues = matter.feedback_answered, matter.feedback_dues
    owed = [each for each in dues if answered is None or each.due > answered]
    reached = _reached(matter)
    next_feedback = owed[0].due if owed and not matter.answered else None
    return {
        "number": matter.number,
        "due": matter.due,
        "lead": matter.lead,
        "co": matter.co,
        "round": matter.round,
        "comment_due": matter.comment_due,
        "rungs": [
            asdict(rung) | {"reached": rung.code in reached} for rung in matter.rungs
        ],
        "next_feedback": next_feedback,
        "urging_sheet_for": matter.sheet_for,
        "notices_prepared": matter.notices_prepared,
        "completed": matter.completed,
        "closed": matter.closed,
    }


def _reached(matter: Matter) -> set[str]:
    """Return the codes of the rungs that were reached for the due date as it is."""
    marked = {RungAt.NEAR: matter.near_marked, RungAt.DUE: matter.overdue_marked}
    before = (rung.code for rung in matter.rungs if marked.get(rung.at) == matter.due)
    return {*matter.reached, *before}


def _show_light(detail: dict[str, Any], stored: Stored[MatterEvent]) -> None:
    """Show the light as it was turned, and when; the last one is the light now."""
    match stored.event:
        case MatterOpened() | MatterRoundOpened():
            light = Light.GREEN
        case (
            MatterNearDue(light=light)
            | MatterOverdue(light=light)
            | UrgingSheetPrepared(light=light)
            | MatterEscalated(light=light)
        ):
            pass
        case _:
            return
    if not detail["lights"] or detail["lights"][-1]["light"] != light:
        at = stored.meta.occurred_at
        detail["lights"].append({"light": light, "turned_at": at})
    detail["light"] = light


def _place(history: Sequence[Stored[MatterEvent]]) -> dict[str, Any]:
    return {
        "version": history[-1].version,
        "correlation_id": history[0].meta.correlation_id,
    }
