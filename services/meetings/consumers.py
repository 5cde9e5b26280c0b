"""What meetings takes from supervision: the numbers of matters, and the story of each."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from chassis.consumer import Subscription, view
from chassis.parts import Parts
from chassis.public import Envelope, PoisonError
from chassis.rows import Rows
from services.meetings.policies import expect_sound
from services.meetings.projections.matters import keep
from shuniu.supervision.v1.events_pb2 import MatterAssigned, MatterClosed, MatterCompleted

Numbered: TypeAlias = MatterAssigned | MatterCompleted | MatterClosed


def subscriptions(parts: Parts) -> Sequence[Subscription]:
    """Return the subscriptions of meetings. Raises `PolicyError` before anything is taken."""
    expect_sound(parts)
    kept = (MatterAssigned, MatterCompleted, MatterClosed)
    topic = "public.supervision.matter.v1"
    return [view(topic, dict.fromkeys(kept, keep_matter))]


async def keep_matter(message: Numbered, envelope: Envelope, rows: Rows) -> None:
    """Keep a matter under its number, with the story that it belongs to."""
    try:
        event_id = UUID(envelope.id)
    except ValueError:
        raise PoisonError("the event's id is no UUID") from None
    if envelope.correlation_id is None or not message.number:
        return  # what has no story or no number is nothing that an item could name
    await keep(
        await rows.written(),
        matter_id=message.matter_id,
        number=message.number,
        correlation_id=envelope.correlation_id,
        event_id=event_id,
    )
