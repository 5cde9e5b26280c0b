"""Keeping the replica: the last message about each entry, by the topics that carry state."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Apply, Subscription, view
from chassis.public import Envelope, PoisonError
from chassis.rows import Rows
from shuniu.directory.v1 import events_pb2 as public

ORGAN, UNIT, PERSON, LEFT, NAME = "organ", "unit", "person", "left", "name"
TOPICS: Mapping[str, Mapping[type[Message], str]] = {
    "public.directory.organ.v1": {public.OrganChanged: ORGAN},
    "public.directory.unit.v1": {public.UnitChanged: UNIT},
    "public.directory.person.v1": {
        public.PersonChanged: PERSON,
        public.PersonLeft: LEFT,
    },
    "internal.directory.person.v1": {public.PersonNamed: NAME},
}
"""The topics of the directory, and what each of their messages is kept as."""

_PLACE = {LEFT: PERSON}  # kept in the place of
_KEEP = text(
    "insert into directory.entry as e (kind, place, item_id, sequence, message) "
    "values (:kind, :place, :item_id, :sequence, :message) on conflict (place, item_id) "
    "do update set kind = excluded.kind, sequence = excluded.sequence, "
    "message = excluded.message where e.sequence < excluded.sequence"
)
_RAISE = text("update directory.revision set revision = revision + 1")


def subscriptions() -> Sequence[Subscription]:
    """Return the subscriptions that keep the replica."""
    return [
        view(topic, {m: _keeping(kind) for m, kind in messages.items()}, compacted=True)
        for topic, messages in TOPICS.items()
    ]


async def keep(
    connection: AsyncConnection,
    kind: str,
    item_id: UUID,
    sequence: int,
    message: Message | None,
) -> None:
    """Keep *message*, unless a later one is known; None says that there is nothing."""
    await connection.execute(_RAISE)
    given = {
        "kind": kind,
        "place": _PLACE.get(kind, kind),
        "item_id": item_id,
        "sequence": sequence,
        "message": message.SerializeToString() if message else None,
    }
    await connection.execute(_KEEP, given)


def _keeping(kind: str) -> Apply:
    async def apply(message: Message | None, envelope: Envelope, rows: Rows) -> None:
        try:
            item_id = UUID(envelope.subject)
        except ValueError as error:
            raise PoisonError("the subject is no UUID") from error
        connection = await rows.written()
        await keep(connection, kind, item_id, envelope.sequence, message)

    return apply
