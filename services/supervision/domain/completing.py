"""How a matter is completed and closed: its lateness freezes by when the result was submitted."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.workdays import Calendar
from services.supervision.domain.events import MatterClosed, MatterCompleted, MatterEvent
from services.supervision.domain.state import MatterState, Result


def complete(
    matter: MatterState,
    matter_id: UUID,
    result: Result,
    calendar: Calendar,
    *,
    by: str,
    at: datetime,
) -> list[MatterEvent]:
    """Return its completion by *result*; and its closing, where the vote was satisfied before.

    The office's own review time never counts against who owes it.
    """
    late = result.submitted_at > matter.due
    late_work_days = calendar.late_work_days(matter.due, result.submitted_at)
    completed = MatterCompleted(
        matter_id=matter_id,
        organ=matter.organ,
        number=matter.number,
        lead=matter.lead,
        co=matter.co,
        addressed_organ=matter.addressed_organ,
        parent_id=matter.parent_id,
        source_document_id=matter.source_document_id,
        feedback_id=result.feedback_id,
        report_no=result.report_no,
        due=matter.due,
        submitted_at=result.submitted_at,
        late=late,
        late_work_days=late_work_days,
    )
    if not matter.satisfied:
        return [completed]
    final = replace(
        matter,
        submitted_at=result.submitted_at,
        late=late,
        late_work_days=late_work_days,
    )
    return [completed, *close_completed(final, matter_id, by=by, at=at)]


def close_completed(
    matter: MatterState, matter_id: UUID, *, by: str, at: datetime
) -> list[MatterEvent]:
    """Return the closing of a completed matter, which carries its lateness."""
    return [
        MatterClosed(
            matter_id=matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            addressed_organ=matter.addressed_organ,
            source_document_id=matter.source_document_id,
            due=matter.due,
            submitted_at=matter.submitted_at,
            closed_by=by,
            closed_at=at,
            late=matter.late,
            late_work_days=matter.late_work_days or 0,
        )
    ]
