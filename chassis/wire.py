"""Between the words of a domain and those of a public message.

Every enumeration of `proto/` is named as `buf` demands: its value for the code `act` of
`InstructionKind` is `INSTRUCTION_KIND_ACT`, and 0 is `…_UNSPECIFIED`.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

if TYPE_CHECKING:  # exists in the stubs alone
    from google.protobuf.internal.enum_type_wrapper import _EnumTypeWrapper

V = TypeVar("V", bound=int)
UNSPECIFIED = "UNSPECIFIED"


def timestamp(moment: datetime | None) -> Timestamp | None:
    """Return *moment* for a message's field; None leaves the field unset."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone would be published as UTC")
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def moment(stamp: Timestamp) -> datetime:
    """Return the moment of a field that its contract says is always set."""
    return stamp.ToDatetime(tzinfo=UTC)


def moment_if_set(message: Message, field: str) -> datetime | None:
    """Return the moment in *field* of *message*, or None where it is unset."""
    return moment(getattr(message, field)) if message.HasField(field) else None


def text(item_id: UUID | None) -> str | None:
    """Return an id for a message's field; None leaves the field unset."""
    return None if item_id is None else str(item_id)


def value_of(kind: "_EnumTypeWrapper[V]", code: str) -> V:
    """Return the value of *kind* for a domain's *code*; 0 for a code that it has not."""
    known = kind.DESCRIPTOR.values_by_name
    name = _prefix(kind.DESCRIPTOR) + code.upper()
    return kind.Value(name if name in known else _prefix(kind.DESCRIPTOR) + UNSPECIFIED)


def code_of(kind: "_EnumTypeWrapper[V]", value: int) -> str | None:
    """Return the domain's code for *value*; None where it is unspecified or not known yet.

    A message of a newer program may carry a value that this one does not know.
    """
    known = kind.DESCRIPTOR.values_by_number.get(value)
    if known is None or value == 0:
        return None
    return known.name.removeprefix(_prefix(kind.DESCRIPTOR)).lower()


def codes_of(message: Message) -> dict[str, str]:
    """Return the domain's code of every enumeration that *message* has set, by field."""
    return {
        field.name: kind.values_by_number[value].name.removeprefix(_prefix(kind)).lower()
        for field, value in message.ListFields()
        if (kind := field.enum_type) is not None
        and isinstance(value, int)
        and value in kind.values_by_number
    }


def _prefix(kind: EnumDescriptor) -> str:
    return kind.values_by_number[0].name.removesuffix(UNSPECIFIED)
