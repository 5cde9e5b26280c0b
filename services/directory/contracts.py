"""What others may know of our entries: state for everybody, sealed names for our services.

Every event leaves as all there is to know, since a compacted topic keeps the last one alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, assert_never
from uuid import UUID

from google.protobuf.message import Message

from chassis import wire
from chassis.directory.reading import sealed_place
from chassis.domain import ERASED
from chassis.keys import KeyRing
from chassis.public import Deleted, Told
from chassis.sealing import seal
from services.directory.domain import events
from services.directory.domain.entries import PersonEntry, UnitEntry
from shuniu.directory.v1 import events_pb2 as public

TOPICS: Final[Mapping[str, str]] = {
    "organ": "public.directory.organ.v1",
    "unit": "public.directory.unit.v1",
    "person": "public.directory.person.v1",
}
"""The topic of each category of streams that others may follow."""

INTERNAL_TOPICS: Final[Mapping[str, str]] = {"person": "internal.directory.person.v1"}
"""The topics of our own services."""

Event = events.OrganEvent | events.UnitEvent | events.PersonEvent


def to_public(event: Event) -> Message | None:
    """Return the message that tells others of *event*, or None if it is nobody else's."""
    match event:
        case events.OrganChanged(entry=entry):
            return public.OrganChanged(organ=entry.id, name=entry.name)
        case events.UnitChanged(entry=entry):
            return _unit(entry)
        case events.PersonChanged(entry=entry):
            return _person(entry)
        case events.PersonLeft():
            return public.PersonLeft(
                person=event.entry.id,
                last=_person(event.entry),
                left_at=wire.timestamp(event.left_at),
                taken_over_by=event.taken_over_by,
            )
        case events.PersonNamed():
            return None  # personal: `internal` tells it, sealed
        case events.SubjectErased():
            return None  # the public state names nobody
        case _:
            assert_never(event)


def internal(keys: KeyRing) -> Callable[[Event], Awaitable[Told | None]]:
    """Return what tells our own services of an event: names, sealed with *keys*."""

    async def to_internal(event: Event) -> Told | None:
        match event:
            case events.PersonNamed(name=name) if name is not ERASED:
                return await _sealed(event, keys)
            case events.PersonNamed() | events.SubjectErased():
                return Deleted(public.PersonNamed)
            case (
                events.OrganChanged()
                | events.UnitChanged()
                | events.PersonChanged()
                | events.PersonLeft()
            ):
                return None  # public

    return to_internal


async def _sealed(event: events.PersonNamed, keys: KeyRing) -> Told:
    found = await keys.keys([event.subject], create=False)
    if event.subject not in found:
        return Deleted(public.PersonNamed)  # erased since the event was read
    key, subject = found[event.subject], event.subject
    return public.PersonNamed(
        person=event.person,
        subject=str(subject),
        name=seal(key, event.name, sealed_place(subject, "name")),
        mobile=_sealed_if_set(key, event.mobile, subject, "mobile"),
        email=_sealed_if_set(key, event.email, subject, "email"),
    )


def _sealed_if_set(key: bytes, text: str | None, subject: UUID, field: str) -> bytes | None:
    return None if text is None else seal(key, text, sealed_place(subject, field))


def _unit(entry: UnitEntry) -> public.UnitChanged:
    return public.UnitChanged(
        unit=entry.id,
        organ=entry.organ,
        parent=entry.parent,
        name=entry.name,
        functions=entry.functions,
        unit_class=entry.unit_class,
    )


def _person(entry: PersonEntry) -> public.PersonChanged:
    return public.PersonChanged(
        person=entry.id,
        unit=entry.unit,
        posts=entry.posts,
        roles=entry.roles,
        superior=entry.superior,
        clearance=entry.clearance,
        aide_of=entry.aide_of,
        substitutes=[
            public.Substitute(
                person=substitute.person,
                since=wire.timestamp(substitute.since),
                until=wire.timestamp(substitute.until),
            )
            for substitute in entry.substitutes
        ],
    )
