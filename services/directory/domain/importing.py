"""An import: many entries at once, against what is there. Who is not named in it stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.directory.domain.entries import (
    ORGAN,
    PERSON,
    UNIT,
    Entry,
    Named,
    OrganEntry,
    Organisation,
    PersonEntry,
    UnitEntry,
)
from services.directory.domain.person import faults_of_person
from services.directory.domain.refusals import EntryRefusedError, UnitLeavesOrganError
from services.directory.domain.unit import faults_of_unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """What a file says."""

    organs: tuple[OrganEntry, ...] = ()
    units: tuple[UnitEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    names: Mapping[str, Named] = field(default_factory=dict)

    def onto(self, known: Organisation) -> Organisation:
        """Return the organisation as it is to be."""
        return Organisation(
            organs={**known.organs, **{entry.id: entry for entry in self.organs}},
            units={**known.units, **{entry.id: entry for entry in self.units}},
            people={**known.people, **{entry.id: entry for entry in self.people}},
            left=known.left,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What does not fit about one entry."""

    kind: str
    id: str
    refusal: EntryRefusedError


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What an import will do: entries by kind, and how many it leaves as they are."""

    added: tuple[tuple[str, Entry], ...]
    changed: tuple[tuple[str, Entry], ...]
    unchanged: int


def faults_of(wanted: Import, known: Organisation) -> Iterator[Fault]:
    """Say everything that does not fit, in the file's order."""
    to_be = wanted.onto(known)
    for unit in wanted.units:
        before = known.units.get(unit.id)
        if before is not None and before.organ != unit.organ:
            moved = UnitLeavesOrganError(organ=before.organ)
            yield Fault(kind=UNIT, id=unit.id, refusal=moved)
        for refusal in faults_of_unit(unit, to_be):
            yield Fault(kind=UNIT, id=unit.id, refusal=refusal)
    for person in wanted.people:
        for refusal in faults_of_person(person, to_be):
            yield Fault(kind=PERSON, id=person.id, refusal=refusal)


def changes_of(wanted: Import, known: Organisation, names: Mapping[str, Named]) -> Changes:
    """Compare with what is there. *names* are those of the people whom the file names."""
    added: list[tuple[str, Entry]] = []
    changed: list[tuple[str, Entry]] = []
    unchanged = 0
    for kind, entry, before in _pairs(wanted, known):
        renamed = kind == PERSON and wanted.names[entry.id] != names.get(entry.id)
        if before is None:
            added.append((kind, entry))
        elif before != entry or renamed:
            changed.append((kind, entry))
        else:
            unchanged += 1
    return Changes(added=tuple(added), changed=tuple(changed), unchanged=unchanged)


def _pairs(
    wanted: Import, known: Organisation
) -> Iterator[tuple[str, Entry, Entry | None]]:
    for organ in wanted.organs:
        yield ORGAN, organ, known.organs.get(organ.id)
    for unit in wanted.units:
        yield UNIT, unit, known.units.get(unit.id)
    for person in wanted.people:
        yield PERSON, person, known.people.get(person.id)
