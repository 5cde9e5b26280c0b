"""Why a command is executed, and what came of it."""

import base64
import binascii
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from pydantic import TypeAdapter

DERIVED = UUID("5a1d5c1e-0d0c-5a6f-9f6b-1f0f5b6f7a11")  # name space of derived command ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """Who or what asks for a command, and because of what.

    *command_id* makes it idempotent; *request_hash* tells a repeat from a different request
    under the same id. *occurred_at* is business time. Without *correlation_id* and
    *causation_id* the command continues the story of the item it acts on.
    """

    command_id: UUID
    actor: str
    occurred_at: datetime
    on_behalf_of: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None
    request_hash: bytes = b""
    expected_version: int | None = None

    def event_id(self, index: int) -> UUID:
        """Return the id of this command's event number *index*: the same at every try."""
        return uuid5(self.command_id, str(index))

    def for_target(self, target: object) -> "Cause":
        """Return the cause for one of several items that one message or event changes."""
        return replace(self, command_id=derived_id(self.command_id, target))


def derived_id(*parts: object) -> UUID:
    """Return the command id derived from *parts*: event, reaction and target, for instance."""
    return uuid5(DERIVED, "|".join(map(str, parts)))


@dataclass(frozen=True, slots=True)
class Position:
    """How far a write got: epoch, and the position reached in each shard it touched.

    Its text is opaque to clients, who hand it back to wait for a read model.
    """

    epoch: str
    shards: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        plain = ".".join([self.epoch, *(f"{shard}-{at}" for shard, at in self.shards)])
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the position that *text* stands for. Raises `ValueError`."""
        try:
            padded = text + "=" * (-len(text) % 4)
            epoch, *shards = base64.urlsafe_b64decode(padded).decode().split(".")
            pairs = [shard.split("-") for shard in shards]
            return cls(epoch, tuple((int(shard), int(at)) for shard, at in pairs))
        except (binascii.Error, UnicodeError, ValueError) as error:
            raise ValueError("not a position that this service gave out") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a command did: all that its answer may contain, so that a repeat answers alike."""

    item_id: UUID
    version: int
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Executed:
    """An outcome with its place in the feed, and whether this call was a repeat."""

    outcome: Outcome
    position: Position
    repeated: bool


OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
