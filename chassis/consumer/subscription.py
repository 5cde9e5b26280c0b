"""What a service takes from a topic."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from google.protobuf.message import Message

from chassis.public import Envelope
from chassis.rows import Rows
from chassis.store import Cause

Command: TypeAlias = Callable[[Any, Cause], Awaitable[object]]
"""A message in, a command out: appends with the cause's command id, so a repeat is answered."""

Apply: TypeAlias = Callable[[Any, Envelope, Rows], Awaitable[None]]
"""A message into tables of ours, in the transaction that moves the offset."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic, and what is done about each of its messages.

    Messages that are not named pass by. Either every handler is a command or every one
    applies to a view: the two are made safe in different ways. Of a *compacted* topic only
    the last record of a key is sure to be there; an empty value comes as the message None.
    It may be read again from its beginning: who applies it ignores a lower sequence.
    """

    topic: str
    messages: Mapping[str, type[Message]]
    commands: Mapping[str, Command]
    applies: Mapping[str, Apply]
    compacted: bool = False


def commands(topic: str, handlers: Mapping[type[Message], Command]) -> Subscription:
    """Subscribe to *topic* with handlers that execute commands."""
    named = {message.DESCRIPTOR.full_name: message for message in handlers}
    by_name = {m.DESCRIPTOR.full_name: handler for m, handler in handlers.items()}
    return Subscription(topic, named, by_name, {})


def view(
    topic: str, handlers: Mapping[type[Message], Apply], *, compacted: bool = False
) -> Subscription:
    """Subscribe to *topic* with handlers that write tables of this service's own."""
    named = {message.DESCRIPTOR.full_name: message for message in handlers}
    by_name = {m.DESCRIPTOR.full_name: handler for m, handler in handlers.items()}
    return Subscription(topic, named, {}, by_name, compacted)
