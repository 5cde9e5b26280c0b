"""Who is who: organs, units and people as a value to look things up in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True, kw_only=True, slots=True)
class Organ:
    """An organ 机关: has its own number series, seal, leaders and scoreboard."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A unit or section of an organ. *functions* say what it does for the whole organ."""

    id: str
    name: str
    organ: str
    parent: str | None = None
    functions: frozenset[str] = frozenset()
    unit_class: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Substitute:
    """Somebody who stands in, from *since* until before *until*."""

    person: str
    since: datetime | None = None
    until: datetime | None = None

    def at(self, moment: datetime) -> bool:
        """Say whether they stand in at *moment*."""
        begun = self.since is None or self.since <= moment
        return begun and (self.until is None or moment < self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person in their posts. *aide_of* names the leaders whose alerts reach them.

    Whoever has left is still known by name. A name that was erased is `ERASED`.
    """

    id: str
    name: str
    unit: str
    posts: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    superior: str | None = None
    clearance: int = 0
    aide_of: frozenset[str] = frozenset()
    substitutes: tuple[Substitute, ...] = ()
    mobile: str | None = None
    email: str | None = None
    left_at: datetime | None = None
    taken_over_by: str | None = None

    @property
    def post(self) -> str:
        """The main post."""
        return self.posts[0] if self.posts else ""

    @property
    def in_office(self) -> bool:
        """Whether the person has not left."""
        return self.left_at is None


@dataclass(frozen=True)
class People:
    """Who is who. Lookups by id raise `KeyError` for an unknown one."""

    organs: Mapping[str, Organ] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    def organ_of(self, person: str) -> str:
        """Return the organ that the person's unit belongs to."""
        return self.units[self.people[person].unit].organ

    def unit_named(self, name: str) -> Unit:
        """Return the unit with this id or name. Raises `KeyError`."""
        return self.units.get(name) or self._by_name[name]

    def with_role(
        self, role: str, *, unit: str | None = None, organ: str | None = None
    ) -> list[str]:
        """Return who in office has *role*, in a unit or anywhere in an organ."""
        return [
            person.id
            for person in self.people.values()
            if role in person.roles
            and person.in_office
            and (unit is None or person.unit == unit)
            and (organ is None or self._organ(person) == organ)
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
        people = self.people.values()
        return [p.id for p in people if leader in p.aide_of and p.in_office]

    def has_role(self, person: str, *roles: str) -> bool:
        """Say whether the person is known, in office, and has one of *roles*."""
        found = self.people.get(person)
        return found is not None and found.in_office and not found.roles.isdisjoint(roles)

    def leads(self, person: str) -> bool:
        """Say whether the person is a leader 领导 in office: principal or in charge."""
        return self.has_role(person, "principal", "leader_in_charge")

    def substitutes_of(self, person: str, moment: datetime) -> list[str]:
        """Return who in office stands in for the person at *moment*."""
        found = self.people.get(person)
        named = [s.person for s in found.substitutes if s.at(moment)] if found else []
        return [n for n in named if n in self.people and self.people[n].in_office]

    def now_doing(self, person: str) -> str:
        """Return who does the person's work now: whoever took over, as far as one is named."""
        passed = {person}
        while (found := self.people.get(person)) is not None and not found.in_office:
            if found.taken_over_by is None or found.taken_over_by in passed:
                break
            person = found.taken_over_by
            passed.add(person)
        return person

    def _organ(self, person: Person) -> str | None:
        unit = self.units.get(person.unit)  # told on another topic, it may come later
        return unit.organ if unit else None

    @cached_property
    def _by_name(self) -> Mapping[str, Unit]:
        return {unit.name: unit for unit in self.units.values()}
