"""What the directory holds: one entry for each organ, unit and person, named by codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid5

ENTRIES = UUID("0b7d3f0e-52f8-5f6c-8a35-4cf3f1d1c9a6")  # name space of the ids of entries
ORGAN, UNIT, PERSON = "organ", "unit", "person"


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganEntry:
    """An organ 机关."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitEntry:
    """A unit or section of an organ; *unit_class* says which units it is compared with."""

    id: str
    name: str
    organ: str
    parent: str | None = None
    functions: tuple[str, ...] = ()
    unit_class: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Substitute:
    """Somebody who stands in, from *since* until before *until*."""

    person: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonEntry:
    """A person in office: all but the name."""

    id: str
    unit: str
    posts: tuple[str, ...]
    roles: tuple[str, ...] = ()
    superior: str | None = None
    clearance: int = 0
    aide_of: tuple[str, ...] = ()
    substitutes: tuple[Substitute, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """What a person is called, and where they are reached: personal, so kept apart."""

    name: str
    mobile: str | None = None
    email: str | None = None


Entry: TypeAlias = OrganEntry | UnitEntry | PersonEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """All entries by code: what an entry is checked against. *left* names who is gone."""

    organs: Mapping[str, OrganEntry] = field(default_factory=dict)
    units: Mapping[str, UnitEntry] = field(default_factory=dict)
    people: Mapping[str, PersonEntry] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    def above(self, unit: str | None) -> list[str]:
        """Return *unit* and the units above it, as far as they are known, each once."""
        line: list[str] = []
        while unit is not None and unit not in line:
            line.append(unit)
            found = self.units.get(unit)
            unit = found.parent if found else None
        return line


def item_id(kind: str, code: str) -> UUID:
    """Return the id of the stream of what is called *code*."""
    return uuid5(ENTRIES, f"{kind}|{code}")
