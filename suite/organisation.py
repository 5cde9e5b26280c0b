"""The organisation file of a demo, as a value: its issuer and its terminal know people by it."""

import asyncio
from pathlib import Path

from chassis.people import Organ, People, Person, Substitute, Unit
from services.directory.api.files import read_yaml
from services.directory.domain.entries import (
    OrganEntry,
    Organisation,
    PersonEntry,
    UnitEntry,
)
from services.directory.domain.importing import faults_of
from suite.client import Client

OPERATOR = "operator"


class OrganisationError(ValueError):
    """The organisation file cannot be used: says where and why."""


HAND_OVERS = "handover-*.yaml"


def load_people(path: Path | None) -> People:
    """Read the file, and who takes over from whom by the hand-overs beside it.

    None gives nobody. Raises `OrganisationError`.
    """
    if path is None:
        return People()
    people = _read(path, Organisation(), People())
    for later in sorted(path.parent.glob(HAND_OVERS)):
        people = _read(later, _known(people), people)
    return people


async def import_where_empty(client: Client, path: Path) -> None:
    """Let the directory begin with the file, unless it knows an organ; *client* is patient."""
    found = await client.get(OPERATOR, "/directory/v1/organs", limit=1)
    if not found["items"]:  # or none yet: what is there already is imported without effect
        body = {"text": await asyncio.to_thread(path.read_text, "utf-8")}
        await client.post(OPERATOR, "/directory/v1/imports", body)


def _read(path: Path, known: Organisation, before: People) -> People:
    try:
        read = read_yaml(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise OrganisationError(f"{path}: {error}") from error
    read.judge(faults_of(read.wanted, known))
    if read.problems:
        said = "; ".join(f"line {p.line}: {p.at}: {p.en}" for p in read.problems)
        raise OrganisationError(f"{path}: {said}")
    names = read.names
    return People(
        {**before.organs, **{o.id: Organ(id=o.id, name=o.name) for o in read.organs}},
        {**before.units, **{u.id: _unit(u) for u in read.units}},
        {**before.people, **{p.id: _person(p, names[p.id].name) for p in read.people}},
    )


def _known(people: People) -> Organisation:
    return Organisation(
        organs={o.id: OrganEntry(id=o.id, name=o.name) for o in people.organs.values()},
        units={
            u.id: UnitEntry(id=u.id, name=u.name, organ=u.organ, parent=u.parent)
            for u in people.units.values()
        },
        people={
            p.id: PersonEntry(id=p.id, unit=p.unit, posts=p.posts)
            for p in people.people.values()
        },
    )


def _unit(entry: UnitEntry) -> Unit:
    return Unit(
        id=entry.id,
        name=entry.name,
        organ=entry.organ,
        parent=entry.parent,
        functions=frozenset(entry.functions),
        unit_class=entry.unit_class,
    )


def _person(entry: PersonEntry, name: str) -> Person:
    return Person(
        id=entry.id,
        name=name,
        unit=entry.unit,
        posts=entry.posts,
        roles=frozenset(entry.roles),
        superior=entry.superior,
        clearance=entry.clearance,
        aide_of=frozenset(entry.aide_of),
        substitutes=tuple(
            Substitute(person=s.person, since=s.since, until=s.until)
            for s in entry.substitutes
        ),
    )
