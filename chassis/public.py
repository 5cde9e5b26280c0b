"""Public events: CloudEvents 1.0 in Kafka's binary mode, one protobuf message each.

The attributes travel as `ce_…` headers, the message alone is the value. Events are thin:
what may be known is in the message, and who needs more asks the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeAlias
from uuid import UUID

from google.protobuf.message import DecodeError, Message

from chassis.log import Record
from chassis.store import Stored

CONTENT_TYPE = "application/protobuf"
CLASSIFICATIONS = frozenset({"none"})
"""What this program may read; a record with another label is refused, not guessed."""


class PoisonError(Exception):
    """A record that is no public event we can read: it is parked, never skipped."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Stands for a message on a compacted topic: what its key named is no more."""

    kind: type[Message]


Told: TypeAlias = Message | Deleted
"""What is published of an event. Compacted topics alone can say that something is deleted."""


def record_of(
    told: Told, stored: Stored[Any], *, topic: str, source: str, epoch: str
) -> Record:
    """Return *told* as the record that tells others of *stored*."""
    meta = stored.meta
    kind = (told.kind if isinstance(told, Deleted) else told).DESCRIPTOR
    item_id = stored.stream_id.partition("-")[2]
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(stored.event_id),
        "ce_source": source,
        "ce_type": kind.full_name,
        "ce_subject": item_id,
        "ce_time": meta.occurred_at.isoformat(),
        "ce_dataschema": f"/proto/{kind.file.name}",
        "content-type": CONTENT_TYPE,
        "ce_sequence": str(stored.version),
        "ce_partitionkey": item_id,
        "ce_correlationid": str(meta.correlation_id),
        "ce_dataclassification": "none",
        "ce_epoch": epoch,
        "ce_shard": str(stored.shard),
        "ce_position": str(stored.position),
    }
    if meta.causation_id is not None:
        headers["ce_causationid"] = str(meta.causation_id)
    if meta.traceparent is not None:
        headers["ce_traceparent"] = meta.traceparent
    value = (
        None if isinstance(told, Deleted) else told.SerializeToString(deterministic=True)
    )
    return Record(topic=topic, key=item_id.encode(), value=value, headers=headers)


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """The attributes of a public event, as its consumer sees them."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    correlation_id: UUID | None
    traceparent: str | None

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> Self:
        """Return the envelope in *headers*. Raises `PoisonError`."""
        try:
            if headers["ce_specversion"] != "1.0":
                raise PoisonError(
                    f"CloudEvents {headers['ce_specversion']} is not known here"
                )
            label = headers.get("ce_dataclassification", "none")
            if label not in CLASSIFICATIONS:
                raise PoisonError(f"classification {label!r} is not known here")
            time = datetime.fromisoformat(headers["ce_time"])
            if time.tzinfo is None:
                raise PoisonError("ce_time has no offset")
            correlation = headers.get("ce_correlationid")
            return cls(
                id=headers["ce_id"],
                source=headers["ce_source"],
                type=headers["ce_type"],
                subject=headers["ce_subject"],
                time=time,
                sequence=int(headers.get("ce_sequence", "0")),
                correlation_id=UUID(correlation) if correlation else None,
                traceparent=headers.get("ce_traceparent"),
            )
        except KeyError as missing:
            raise PoisonError(f"the header {missing} is missing") from missing
        except ValueError as error:
            raise PoisonError(f"a header cannot be read: {error}") from error


def message_of(value: bytes | None, message_class: type[Message]) -> Message:
    """Return the message in *value*. Raises `PoisonError`."""
    if value is None:
        raise PoisonError("a plain topic carries no empty values")
    try:
        return message_class.FromString(value)
    except DecodeError as error:
        raise PoisonError(f"not a {message_class.DESCRIPTOR.full_name}") from error
