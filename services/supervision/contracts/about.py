"""What the messages about matters have in common."""

from typing import Any

from chassis import wire
from services.supervision.domain import events
from services.supervision.domain.events import MatterEvent
from services.supervision.domain.ladder import DatedRung
from shuniu.supervision.v1 import events_pb2 as public


def one(event: MatterEvent) -> dict[str, Any]:
    """Return the fields of every message: which matter, whose, and its number."""
    number = None if isinstance(event, events.MatterOpened) else event.number
    return {
        "matter_id": str(event.matter_id),
        "organ": event.organ,
        "number": number,
    }


def rung(pinned: DatedRung) -> public.Rung:
    """Return a rung of the ladder as others may know it."""
    return public.Rung(
        code=pinned.code,
        due_at=wire.timestamp(pinned.due_at),
        light=wire.value_of(public.Light, pinned.light),
        sheet=wire.value_of(public.SheetKind, pinned.sheet or ""),
        tell=pinned.tell,
    )
