"""What can be asked of the directory. *known* is the organisation as it is to be."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from chassis.domain import Command
from services.directory.domain.entries import (
    Named,
    OrganEntry,
    Organisation,
    PersonEntry,
    UnitEntry,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeOrgan(Command):
    """Let an organ be as *entry* says."""

    entry: OrganEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeUnit(Command):
    """Let a unit be as *entry* says."""

    entry: UnitEntry
    known: Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangePerson(Command):
    """Let a person be as *entry* says. *back* brings back whoever left, as they were."""

    entry: PersonEntry
    known: Organisation
    back: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NamePerson(Command):
    """Let a person be called so."""

    person: str
    named: Named


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnounceDeparture(Command):
    """Say that a person has left, and who takes over: of the unit *within*, where given."""

    left_at: datetime
    taken_over_by: str | None
    known: Organisation
    announced_by: str
    now: datetime
    within: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseSubject(Command):
    """Forget a person's name and contacts."""

    erased_by: str


OrganCommand: TypeAlias = ChangeOrgan
UnitCommand: TypeAlias = ChangeUnit
PersonCommand: TypeAlias = ChangePerson | NamePerson | AnnounceDeparture | EraseSubject
