"""Filling a service's replica of the directory past the log, for tests of one service."""

from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.directory.reading import sealed_place
from chassis.directory.replica import LEFT, NAME, ORGAN, PERSON, UNIT, keep
from chassis.keys import KeyRing
from chassis.people import People, Person
from chassis.sealing import seal
from chassis.wire import timestamp
from shuniu.directory.v1 import events_pb2 as public

IDS = UUID("3a9b8c52-9b64-5d2b-bb1f-1f2f0f8a4c11")


def id_of(kind: str, code: str) -> UUID:
    """Return the id under which an entry is kept."""
    return uuid5(IDS, f"{kind}|{code}")


async def fill(engine: AsyncEngine, keys: KeyRing, people: People, at: int = 1) -> None:
    """Let the replica say *people*, as messages of sequence *at*, names sealed with *keys*."""
    async with engine.begin() as connection:
        for organ in people.organs.values():
            told = public.OrganChanged(organ=organ.id, name=organ.name)
            await keep(connection, ORGAN, id_of(ORGAN, organ.id), at, told)
        for unit in people.units.values():
            changed = public.UnitChanged(
                unit=unit.id,
                organ=unit.organ,
                parent=unit.parent,
                name=unit.name,
                functions=sorted(unit.functions),
                unit_class=unit.unit_class,
            )
            await keep(connection, UNIT, id_of(UNIT, unit.id), at, changed)
        for person in people.people.values():
            item = id_of(PERSON, person.id)
            last = _person(person)
            if person.left_at is None:
                await keep(connection, PERSON, item, at, last)
            else:
                left = timestamp(person.left_at)
                gone = public.PersonLeft(person=person.id, last=last, left_at=left)
                await keep(connection, LEFT, item, at, gone)
            named = await sealed(keys, item, person)
            await keep(connection, NAME, item, at, named)


async def sealed(keys: KeyRing, item: UUID, person: Person) -> public.PersonNamed:
    """Return the message that names *person*."""
    key = (await keys.keys([item], create=True))[item]
    name = seal(key, person.name, sealed_place(item, "name"))
    return public.PersonNamed(person=person.id, subject=str(item), name=name)


def _person(person: Person) -> public.PersonChanged:
    return public.PersonChanged(
        person=person.id,
        unit=person.unit,
        posts=person.posts,
        roles=sorted(person.roles),
        superior=person.superior,
        clearance=person.clearance,
        aide_of=sorted(person.aide_of),
    )
