"""How a matter is opened, and divided into sub-matters that are done before it is."""

from datetime import datetime
from uuid import UUID

from chassis.workdays import Calendar, Deadline
from services.supervision.domain.commands import (
    DecomposeMatter,
    NoteSubMatterCompleted,
    OpenByHand,
    OpenFromOpinion,
    OpenMatter,
)
from services.supervision.domain.completing import complete
from services.supervision.domain.dates import (
    after_minutes,
    deadline_of,
    deadline_set,
    lead_time,
)
from services.supervision.domain.events import (
    MatterDecomposed,
    MatterEvent,
    MatterOpened,
    SubMatterCompleted,
)
from services.supervision.domain.refusals import (
    AlreadyOpenedError,
    AskedInTheFutureError,
    ChildAfterCommentStepError,
    ChildAfterParentError,
    DueInThePastError,
    ParentAnsweredError,
    ParentOfAnotherOrganError,
    RhythmUnclearError,
    UnitTwiceError,
)
from services.supervision.domain.state import MatterState
from services.supervision.domain.words import SourceKind


def open_matter(matter: MatterState, command: OpenMatter) -> list[MatterEvent]:
    """Open it once, by the order of the head (政府督查工作条例 art 11)."""
    if _is_open(matter, command.source_id):
        return []
    deadline = deadline_of(command)
    outside = command.outside_due
    assigning = command.limits.assign_minutes.get(command.urgency)
    return [
        MatterOpened(
            matter_id=command.matter_id,
            organ=command.organ,
            source_kind=command.source_kind,
            source_id=command.source_id,
            source_no=None,
            source_document_id=command.source_document_id,
            source_document_no=command.source_document_no,
            addressed_organ=None,
            parent_id=None,
            urgency=command.urgency,
            asked_by=command.asked_by,
            asked_at=command.asked_at,
            addressee=command.addressee,
            subject=None,
            lead=command.lead,
            co=command.co,
            deadline=deadline,
            near=None,
            comment_due=None,
            outside_due=outside,
            lead_time_work_days=lead_time(deadline.due, outside, command.calendar),
            rhythm=None,
            assign_due=after_minutes(command.recorded_at, assigning),
        )
    ]


def open_from_opinion(matter: MatterState, command: OpenFromOpinion) -> list[MatterEvent]:
    """Open it once on the organ that the opinion was handed over to, and on no unit."""
    if _is_open(matter, command.opinion_id):
        return []
    calendar = command.calendar
    start = calendar.local(command.handed_over_at).date()
    until = calendar.day_of(command.due)
    deadline = Deadline(
        due=command.due,
        start=start,
        rule="P-MONTH",
        statutory_last_day=command.statutory_last_day,
        provisional=calendar.provisional_between(start, until),
    )
    return [
        MatterOpened(
            matter_id=command.matter_id,
            organ=command.organ,
            source_kind=SourceKind.DELIBERATION_OPINION,
            source_id=command.opinion_id,
            source_no=command.opinion_no,
            source_document_id=None,
            source_document_no=None,
            addressed_organ=command.addressed_organ,
            parent_id=None,
            urgency="none",
            asked_by=command.handed_over_by,
            asked_at=command.handed_over_at,
            addressee=None,
            subject=None,
            lead=None,
            co=(),
            deadline=deadline,
            near=calendar.near(command.due, start),
            comment_due=command.comment_due,
            outside_due=None,
            lead_time_work_days=None,
            rhythm=None,
            assign_due=None,
        )
    ]


def open_by_hand(matter: MatterState, command: OpenByHand) -> list[MatterEvent]:
    """Open it once on a leader's order, by a due date that lies ahead."""
    if _is_open(matter, command.matter_id):
        return []
    calendar = command.calendar
    if command.asked_at > command.opened_at:
        raise AskedInTheFutureError(asked_at=_said(command.asked_at, calendar))
    deadline = deadline_set(command.due, command.asked_at, calendar)
    if deadline.due <= command.opened_at:
        raise DueInThePastError(due=_said(deadline.due, calendar))
    if command.rhythm is not None and not command.rhythm.sound:
        raise RhythmUnclearError
    expect_units_once(command.lead, command.co)
    return [
        MatterOpened(
            matter_id=command.matter_id,
            organ=command.organ,
            source_kind=SourceKind.BY_HAND,
            source_id=command.matter_id,
            source_no=None,
            source_document_id=None,
            source_document_no=None,
            addressed_organ=None,
            parent_id=command.parent_id,
            urgency="none",
            asked_by=command.asked_by,
            asked_at=command.asked_at,
            addressee=None,
            subject=command.subject,
            lead=command.lead,
            co=command.co,
            deadline=deadline,
            near=None,
            comment_due=None,
            outside_due=None,
            lead_time_work_days=None,
            rhythm=command.rhythm,
            assign_due=None,
        )
    ]


def decompose(matter: MatterState, command: DecomposeMatter) -> list[MatterEvent]:
    """Take a sub-matter of the organ that owes it, due no later than it is itself."""
    if command.child_id in matter.children:
        return []
    matter.expect_not_closed()
    if command.child_organ != (matter.addressed_organ or matter.organ):
        raise ParentOfAnotherOrganError
    if matter.answered:
        raise ParentAnsweredError
    _expect_before_parent(matter, command)
    return [
        MatterDecomposed(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            child_id=command.child_id,
            child_organ=command.child_organ,
            child_due=command.child_due,
        )
    ]


def note_sub_matter_completed(
    matter: MatterState, command: NoteSubMatterCompleted
) -> list[MatterEvent]:
    """Note it once; with the last one, a result that waited completes the matter."""
    if command.child_id not in matter.open_children:
        return []
    done = SubMatterCompleted(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=matter.number,
        lead=matter.lead,
        co=matter.co,
        child_id=command.child_id,
        child_number=command.child_number,
        submitted_at=command.submitted_at,
    )
    if matter.result is None or matter.open_children != {command.child_id}:
        return [done]
    by, at = command.noted_by, command.noted_at
    completed = complete(
        matter, command.matter_id, matter.result, command.calendar, by=by, at=at
    )
    return [done, *completed]


def expect_units_once(lead: str, co: tuple[str, ...]) -> None:
    """Refuse a unit that is named twice."""
    seen: set[str] = set()
    for unit in (lead, *co):
        if unit in seen:
            raise UnitTwiceError(unit=unit)
        seen.add(unit)


def _expect_before_parent(matter: MatterState, command: DecomposeMatter) -> None:
    """Refuse a child that is due after its parent, or after the committee is to comment."""
    due, calendar = command.child_due, command.calendar
    limit = matter.comment_due or matter.due
    facts = {"due": _said(due, calendar), "limit": _said(limit, calendar)}
    if due > matter.due:
        raise ChildAfterParentError(parent_due=_said(matter.due, calendar), **facts)
    if due > limit:
        raise ChildAfterCommentStepError(**facts)


def _is_open(matter: MatterState, source_id: UUID) -> bool:
    if matter.source_id not in (None, source_id):
        raise AlreadyOpenedError
    return matter.source_id is not None


def _said(moment: datetime, calendar: Calendar) -> str:
    return f"{calendar.local(moment):%Y-%m-%d %H:%M}"
