"""A unit: its place in the tree of its organ, and what it does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from chassis.domain import Category
from services.directory.domain.commands import UnitCommand
from services.directory.domain.entries import Organisation, UnitEntry
from services.directory.domain.events import UnitChanged, UnitEvent
from services.directory.domain.refusals import (
    EntryRefusedError,
    OrganUnknownError,
    ParentElsewhereError,
    ParentUnknownError,
    UnitCycleError,
    UnitLeavesOrganError,
)


def faults_of_unit(entry: UnitEntry, known: Organisation) -> Iterator[EntryRefusedError]:
    """Say all that is wrong with a unit in the organisation as it is to be."""
    if entry.organ not in known.organs:
        yield OrganUnknownError(organ=entry.organ)
    if entry.parent is None:
        return
    parent = known.units.get(entry.parent)
    if parent is None:
        yield ParentUnknownError(parent=entry.parent)
    elif parent.organ != entry.organ:
        yield ParentElsewhereError(parent=entry.parent, organ=parent.organ)
    above = known.above(entry.parent)
    if entry.id in above:
        line = [entry.id, *above[: above.index(entry.id) + 1]]
        yield UnitCycleError(line=" → ".join(line))


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A unit, as it was entered last."""

    entry: UnitEntry | None = None

    def decide(self, command: UnitCommand) -> list[UnitEvent]:
        """Return the events that *command* causes, or refuse it."""
        if command.entry == self.entry:
            return []
        if self.entry is not None and self.entry.organ != command.entry.organ:
            raise UnitLeavesOrganError(organ=self.entry.organ)
        for fault in faults_of_unit(command.entry, command.known):
            raise fault
        return [UnitChanged(entry=command.entry)]

    def evolve(self, event: UnitEvent) -> Self:
        """Return the unit after *event*."""
        return replace(self, entry=event.entry)


UNITS: Category[Unit, UnitCommand, UnitEvent] = Category(
    name="unit",
    noun="Unit",
    initial=Unit(),
    events=(UnitChanged,),
)
