"""Organs, units and people, from one YAML file.

organs: [{id, name}]
units:  [{id, name, organ, parent?, functions?}]
people: [{id, name, post, unit, roles, aide_of?, clearance?}]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class OrganisationError(ValueError):
    """The organisation file cannot be used: says where and why."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9.-]{0,60}$")
    name: str = Field(min_length=1, max_length=100)


class Organ(_Entry):
    """An organ 机关: has its own number series, seal, leaders and scoreboard."""


class Unit(_Entry):
    """A unit or section of an organ. *functions* say what it does for the whole organ."""

    organ: str
    parent: str | None = None
    functions: frozenset[str] = frozenset()


class Person(_Entry):
    """A person in a post. *aide_of* names the leaders whose alerts reach them."""

    post: str
    unit: str
    roles: frozenset[str] = frozenset()
    aide_of: frozenset[str] = frozenset()
    clearance: int = Field(default=0, ge=0, le=3)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    organs: list[Organ] = []
    units: list[Unit] = []
    people: list[Person] = []


@dataclass(frozen=True)
class People:
    """Who is who. Lookups by id raise `KeyError` for an unknown one."""

    organs: Mapping[str, Organ]
    units: Mapping[str, Unit]
    people: Mapping[str, Person]

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """Read the file; None gives nobody. Raises `OrganisationError`."""
        if path is None:
            return cls({}, {}, {})
        try:
            content = _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise OrganisationError(f"{path}: {error}") from error
        people = cls(
            {o.id: o for o in content.organs},
            {u.id: u for u in content.units},
            {p.id: p for p in content.people},
        )
        people._check(path)
        return people

    def organ_of(self, person: str) -> str:
        """Return the organ that the person's unit belongs to."""
        return self.units[self.people[person].unit].organ

    def unit_named(self, name: str) -> Unit:
        """Return the unit with this id or name. Raises `KeyError`."""
        return self.units.get(name) or self._by_name[name]

    def with_role(
        self, role: str, *, unit: str | None = None, organ: str | None = None
    ) -> list[str]:
        """Return who has *role*, in a unit or anywhere in an organ, in the file's order."""
        return [
            person.id
            for person in self.people.values()
            if role in person.roles
            and (unit is None or person.unit == unit)
            and (organ is None or self.units[person.unit].organ == organ)
        ]

    def with_function(self, role: str, function: str, organ: str) -> list[str]:
        """Return who has *role* in the organ's units that serve *function*."""
        return [
            person
            for person in self.with_role(role, organ=organ)
            if function in self.units[self.people[person].unit].functions
        ]

    def aides_of(self, leader: str) -> list[str]:
        """Return whom the leader's alerts go to."""
        return [person.id for person in self.people.values() if leader in person.aide_of]

    def has_role(self, person: str, *roles: str) -> bool:
        """Say whether the person is known and has one of *roles*."""
        found = self.people.get(person)
        return found is not None and not found.roles.isdisjoint(roles)

    @cached_property
    def _by_name(self) -> Mapping[str, Unit]:
        return {unit.name: unit for unit in self.units.values()}

    def _check(self, path: Path) -> None:
        faults: list[str] = []
        for unit in self.units.values():
            faults += _missing(f"unit {unit.id}", "organ", [unit.organ], self.organs)
            faults += _missing(f"unit {unit.id}", "parent", [unit.parent], self.units)
        for person in self.people.values():
            faults += _missing(f"person {person.id}", "unit", [person.unit], self.units)
            faults += _missing(f"person {person.id}", "leader", person.aide_of, self.people)
        if faults:
            raise OrganisationError(f"{path}: " + "; ".join(faults))


def _missing(
    who: str,
    what: str,
    named: Sequence[str | None] | frozenset[str],
    known: Mapping[str, object],
) -> list[str]:
    return [
        f"{who} names {what} {name}, which is not in the file"
        for name in named
        if name is not None and name not in known
    ]
