"""An organ: its name."""

from dataclasses import dataclass, replace
from typing import Self

from chassis.domain import Category
from services.directory.domain.commands import OrganCommand
from services.directory.domain.entries import OrganEntry
from services.directory.domain.events import OrganChanged, OrganEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class Organ:
    """An organ, as it was entered last."""

    entry: OrganEntry | None = None

    def decide(self, command: OrganCommand) -> list[OrganEvent]:
        """Return the events that *command* causes."""
        return [] if command.entry == self.entry else [OrganChanged(entry=command.entry)]

    def evolve(self, event: OrganEvent) -> Self:
        """Return the organ after *event*."""
        return replace(self, entry=event.entry)


ORGANS: Category[Organ, OrganCommand, OrganEvent] = Category(
    name="organ",
    noun="Organ",
    initial=Organ(),
    events=(OrganChanged,),
)
