"""What becomes of an item's materials: near, late, delivered, accepted late, reviewed, waived.

监督法 第十五条: the draft 20 days before the meeting, the revised report 10, to members 7.
"""

from services.meetings.domain.agenda_item import refusals
from services.meetings.domain.agenda_item.commands import (
    AcceptLateMaterial,
    DeliverMaterial,
    MarkMaterialLate,
    MarkMaterialNear,
    MarkStatutoryDayMissed,
    ReviewMaterial,
    WaiveMaterial,
)
from services.meetings.domain.agenda_item.events import AgendaItemEvent
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    StatutoryDayMissed,
)
from services.meetings.domain.agenda_item.stages import StageState
from services.meetings.domain.agenda_item.state import AgendaItemState
from services.meetings.domain.words import MaterialStage, StageBasis, label_of


def mark_near(item: AgendaItemState, command: MarkMaterialNear) -> list[AgendaItemEvent]:
    """Say once that a stage is near, while it is open."""
    stage = item.stages.get(command.stage)
    if stage is None or not stage.open or stage.near_marked or stage.late_marked:
        return []
    if command.near != stage.scheduled.near:
        return []
    return [
        MaterialNearDue(
            **item.named_stage(command.stage),
            due=stage.scheduled.deadline.due,
            near=command.near,
        )
    ]


def mark_late(item: AgendaItemState, command: MarkMaterialLate) -> list[AgendaItemEvent]:
    """Say once that a stage is late, while it is open."""
    stage = item.stages.get(command.stage)
    if stage is None or not stage.open or stage.late_marked:
        return []
    if command.due != stage.scheduled.deadline.due:
        return []
    return [
        MaterialLate(
            **item.named_stage(command.stage),
            due=command.due,
            statutory_last_day=stage.scheduled.deadline.statutory_last_day,
            basis=stage.scheduled.basis,
        )
    ]


def mark_statutory_day_missed(
    item: AgendaItemState, command: MarkStatutoryDayMissed
) -> list[AgendaItemEvent]:
    """Record once that the last day by law has passed, while the stage is open."""
    stage = item.stages.get(command.stage)
    if stage is None or not stage.open or stage.statutory_missed:
        return []
    last_day = stage.scheduled.deadline.statutory_last_day
    if last_day is None or command.ended != stage.scheduled.statutory_ends:
        return []
    return [
        StatutoryDayMissed(**item.named_stage(command.stage), statutory_last_day=last_day)
    ]


def deliver(item: AgendaItemState, command: DeliverMaterial) -> list[AgendaItemEvent]:
    """Take a stage in, once, and say how late it is by our date and by the law's."""
    stage = _going(item, command.stage)
    if not stage.open:
        raise refusals.AlreadyDeliveredError(**said(command.stage))
    deadline, calendar = stage.scheduled.deadline, command.calendar
    days_after = 0
    if deadline.statutory_last_day is not None:
        day = calendar.local(command.delivered_at).date()
        days_after = max(0, (day - deadline.statutory_last_day).days)
    return [
        MaterialDelivered(
            **item.named_stage(command.stage),
            due=deadline.due,
            doc_no=command.doc_no,
            delivered_by=command.delivered_by,
            delivered_at=command.delivered_at,
            late=command.delivered_at > deadline.due,
            late_work_days=calendar.late_work_days(deadline.due, command.delivered_at),
            days_after_statutory=days_after,
            basis=stage.scheduled.basis,
        )
    ]


def accept_late(
    item: AgendaItemState, command: AcceptLateMaterial
) -> list[AgendaItemEvent]:
    """Accept what came late, once: the item goes on and the lateness stays."""
    stage = _delivered(item, command.stage)
    if not stage.late or stage.late_accepted:
        raise refusals.NotLateError(**said(command.stage))
    return [
        LateMaterialAccepted(
            **item.named_stage(command.stage),
            reason=command.reason,
            accepted_by=command.accepted_by,
            accepted_at=command.accepted_at,
        )
    ]


def review(item: AgendaItemState, command: ReviewMaterial) -> list[AgendaItemEvent]:
    """Give the committee's comments, once; a late paper of the law is accepted first."""
    stage = _delivered(item, command.stage)
    if item.reviewing_committee is None:
        raise refusals.NobodyReviewsError(title=item.title)
    if stage.reviewed:
        raise refusals.AlreadyReviewedError(**said(command.stage))
    by_law = stage.scheduled.basis is StageBasis.LAW
    if by_law and stage.late and not stage.late_accepted:
        raise refusals.LateNotAcceptedError(**said(command.stage))
    return [
        MaterialReviewed(
            **item.named_stage(command.stage),
            comments=command.comments,
            remarks=command.remarks,
            reviewed_by=command.reviewed_by,
            reviewed_at=command.reviewed_at,
        )
    ]


def waive(item: AgendaItemState, command: WaiveMaterial) -> list[AgendaItemEvent]:
    """Do without a stage of local practice; one of the law is never waived."""
    stage = _going(item, command.stage)
    if stage.scheduled.basis is StageBasis.LAW:
        raise refusals.LawStageNotWaivedError(**said(command.stage))
    if not stage.open:
        raise refusals.AlreadyDeliveredError(**said(command.stage))
    return [
        MaterialWaived(
            **item.named_stage(command.stage),
            reason=command.reason,
            waived_by=command.waived_by,
            waived_at=command.waived_at,
        )
    ]


def expect_lawful(item: AgendaItemState) -> None:
    """Refuse to take up an item whose papers of the law are not in, or late and not accepted."""
    for code, stage in item.stages.items():
        if stage.scheduled.basis is not StageBasis.LAW:
            continue
        if stage.open:
            raise refusals.LawStageMissingError(title=item.title, **said(code))
        if stage.late and not stage.late_accepted:
            raise refusals.LateNotAcceptedError(**said(code))


def _going(item: AgendaItemState, stage: MaterialStage) -> StageState:
    """Return the stage of an item whose meeting is still to decide."""
    found = item.stages.get(stage)
    if found is None:
        raise refusals.NoSuchStageError(title=item.title, **said(stage))
    if not item.awaits_meeting:
        raise refusals.ItemDecidedError(title=item.title)
    return found


def _delivered(item: AgendaItemState, stage: MaterialStage) -> StageState:
    found = _going(item, stage)
    if found.delivered_at is None:
        raise refusals.NotDeliveredError(**said(stage))
    return found


def said(stage: MaterialStage) -> dict[str, str]:
    """Return *stage* as a refusal says it, by its code and in Chinese."""
    return {"stage": stage.value, "stage_zh": label_of(stage).zh}
