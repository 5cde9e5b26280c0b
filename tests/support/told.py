"""Streams of matters whose past was decided elsewhere: a test writes it as it wants it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, get_args
from uuid import uuid4

from chassis.domain import Category, Event
from chassis.store import Cause, Store
from services.supervision.domain.events import MatterEvent
from tests.support.memory_keys import MemoryKeyRing
from tests.support.suite import Suite


@dataclass(frozen=True)
class Told:
    """Decides what it is told."""

    def decide(self, command: Sequence[Event]) -> Sequence[Event]:
        """Return what it is told."""
        return command

    def evolve(self, _: Event) -> Self:
        """Remember nothing."""
        return self


MATTERS: Category[Any, Any, Any] = Category(
    name="matter", noun="Matter", initial=Told(), events=get_args(MatterEvent)
)


async def write(store: Store, events: Sequence[tuple[datetime, Any]]) -> None:
    """Let *events* have occurred in *store*, each at its moment."""
    for moment, event in events:
        cause = Cause(command_id=uuid4(), actor="sun.li", occurred_at=moment)
        await store.execute(MATTERS, event.matter_id, [event], cause)


async def play_into(suite: Suite, now: datetime, events: Sequence[Any]) -> None:
    """Let *events* have occurred in a running suite by *now*."""
    parts = suite.hosted.running["supervision"].parts
    await suite.clock.move(now)
    store = Store(parts.store.pool, [MATTERS], parts.store.epoch, MemoryKeyRing())
    await write(store, events)
    parts.store.appended.set()
