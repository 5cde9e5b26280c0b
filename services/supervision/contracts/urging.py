"""What others may know of how a matter was kept from being forgotten."""

from chassis import wire
from services.supervision.contracts.about import one
from services.supervision.domain import events
from shuniu.supervision.v1 import events_pb2 as public


def urged(event: events.MatterUrged) -> public.MatterUrged:
    """Return what tells others that a unit was urged."""
    return public.MatterUrged(
        **one(event),
        unit=event.unit,
        means=wire.value_of(public.UrgeMeans, event.means),
        by_hand=event.by_hand,
        urged_by=event.urged_by,
        urged_at=wire.timestamp(event.urged_at),
        sheet_no=event.sheet_no,
    )


def near_due(event: events.MatterNearDue) -> public.MatterNearDue:
    """Return what tells others that its due date is near."""
    return public.MatterNearDue(
        **one(event),
        lead=event.lead,
        co=event.co,
        addressed_organ=event.addressed_organ,
        due=wire.timestamp(event.due),
        outside_due=wire.timestamp(event.outside_due),
        light=wire.value_of(public.Light, event.light),
    )


def overdue(event: events.MatterOverdue) -> public.MatterOverdue:
    """Return what tells others that its due date has passed."""
    return public.MatterOverdue(
        **one(event),
        lead=event.lead,
        co=event.co,
        addressed_organ=event.addressed_organ,
        due=wire.timestamp(event.due),
        outside_due=wire.timestamp(event.outside_due),
        light=wire.value_of(public.Light, event.light),
    )


def sheet_prepared(event: events.UrgingSheetPrepared) -> public.UrgingSheetPrepared:
    """Return what tells others that an urging sheet waits to be issued."""
    return public.UrgingSheetPrepared(
        **one(event),
        unit=event.unit,
        due=wire.timestamp(event.due),
        rung=event.rung,
        light=wire.value_of(public.Light, event.light),
    )


def sheet_received(event: events.UrgingSheetReceived) -> public.UrgingSheetReceived:
    """Return what tells others that the unit has the sheet."""
    return public.UrgingSheetReceived(
        **one(event),
        unit=event.unit,
        sheet_no=event.sheet_no,
        received_by=event.received_by,
        received_at=wire.timestamp(event.received_at),
    )


def escalated(event: events.MatterEscalated) -> public.MatterEscalated:
    """Return what tells others that a higher rung was reached."""
    return public.MatterEscalated(
        **one(event),
        unit=event.unit,
        rung=event.rung,
        due=wire.timestamp(event.due),
        light=wire.value_of(public.Light, event.light),
        sheet=wire.value_of(public.SheetKind, event.sheet or ""),
        tell=event.tell,
    )


def notice_issued(event: events.SupervisionNoticeIssued) -> public.SupervisionNoticeIssued:
    """Return what tells others that a notice went to the unit's head."""
    return public.SupervisionNoticeIssued(
        **one(event),
        unit=event.unit,
        sheet_no=event.sheet_no,
        rung=event.rung,
        unit_head=event.unit_head,
        issued_by=event.issued_by,
        issued_at=wire.timestamp(event.issued_at),
    )


def notice_received(
    event: events.SupervisionNoticeReceived,
) -> public.SupervisionNoticeReceived:
    """Return what tells others that the unit's head has the notice."""
    return public.SupervisionNoticeReceived(
        **one(event),
        unit=event.unit,
        sheet_no=event.sheet_no,
        received_by=event.received_by,
        received_at=wire.timestamp(event.received_at),
    )
