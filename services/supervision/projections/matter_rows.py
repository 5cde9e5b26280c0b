"""What events put into the row of a matter."""

from collections.abc import Iterable
from typing import Any

from services.supervision.domain.events import (
    MatterAssigned,
    MatterOpened,
    MatterRoundOpened,
)
from services.supervision.domain.ladder import DatedRung, is_step


def opened(event: MatterOpened) -> dict[str, Any]:
    """Return the row of a matter that was just opened."""
    deadline = event.deadline
    organ = event.addressed_organ
    return {
        "matter_id": event.matter_id,
        "organ": event.organ,
        "status": "opened" if organ is None else "in_progress",
        "light": "green",
        "number": None if organ is None else event.source_no,
        "subject": event.subject,
        "source_kind": event.source_kind,
        "source_no": event.source_no,
        "source_document_id": event.source_document_id,
        "source_document_no": event.source_document_no,
        "addressed_organ": organ,
        "parent_id": event.parent_id,
        "children": [],
        "asked_by": event.asked_by,
        "asked_at": event.asked_at,
        "addressee": event.addressee,
        "lead": event.lead,
        "co": list(event.co),
        "received": [],
        "start": deadline.start,
        "counted": list(deadline.counted),
        "rule": deadline.rule,
        "due": deadline.due,
        "statutory_last_day": deadline.statutory_last_day,
        "comment_due": event.comment_due,
        "outside_due": event.outside_due,
        "lead_time_work_days": event.lead_time_work_days,
        "assign_due": event.assign_due,
        "sheet_prepared": False,
        "sheet_received": False,
        "urged": 0,
        "rungs": [],
        "notice_prepared": False,
        "notices_waiting": 0,
        "notice_received": False,
        "escalated": 0,
        "sent_back": 0,
    }


def assigned(event: MatterAssigned) -> dict[str, Any]:
    """Return what assigning changes."""
    dues = event.feedback_dues
    return {
        "status": "assigned",
        "number": event.number,
        "subject": event.subject,
        "requirement": event.requirement,
        "lead": event.lead,
        "responsible_person": event.responsible_person,
        "assigned_by": event.assigned_by,
        "co": list(event.co),
        "rungs": steps(event.rungs),
        "next_feedback": dues[0].due if dues else None,
    }


def begun_again(event: MatterRoundOpened) -> dict[str, Any]:
    """Return what another round changes."""
    deadline = event.deadline
    return {
        "status": "in_progress",
        "light": "green",
        "start": deadline.start,
        "counted": list(deadline.counted),
        "rule": deadline.rule,
        "due": deadline.due,
        "statutory_last_day": deadline.statutory_last_day,
        "comment_due": event.comment_due,
        "late_work_days": None,
    }


def steps(rungs: Iterable[DatedRung]) -> list[dict[str, Any]]:
    """Return the rungs after the due date, as the list shows them."""
    return [
        {
            "code": rung.code,
            "due_at": rung.due_at.isoformat(),
            "sheet": rung.sheet,
            "colour": rung.colour,
        }
        for rung in rungs
        if is_step(rung)
    ]
