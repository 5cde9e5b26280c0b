"""A stored event as readers see it: the event, and the circumstances it was stored in."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from chassis.domain import Event

E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Meta:
    """The circumstances of an event. Closed: nothing else is ever recorded there."""

    actor: str
    occurred_at: datetime
    correlation_id: UUID
    command_id: UUID
    on_behalf_of: str | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None


META: TypeAdapter[Meta] = TypeAdapter(Meta)


@dataclass(frozen=True, kw_only=True)
class Stored(Generic[E_co]):
    """One event with its place in its stream and in the feed.

    Its circumstances are read when they are asked for: most views ask for none.
    """

    position: int
    shard: int
    stream_id: str
    version: int
    event_id: UUID
    type: str
    recorded_at: datetime
    meta_json: bytes
    event: E_co

    @cached_property
    def meta(self) -> Meta:
        """The circumstances of the event."""
        return META.validate_json(self.meta_json)

    @property
    def category(self) -> str:
        """The category that the stream belongs to."""
        return self.stream_id.partition("-")[0]

    @property
    def item_id(self) -> UUID:
        """The id of the item that the stream is the history of."""
        return UUID(self.stream_id.partition("-")[2])
