"""Reading the replica: a snapshot of who is who, as it stands in the database now."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.directory.replica import LEFT, NAME, ORGAN, PERSON, UNIT
from chassis.domain import ERASED
from chassis.keys import KeyRing
from chassis.people import Organ, People, Person, Substitute, Unit
from chassis.sealing import SealBrokenError, unseal
from chassis.wire import moment_if_set
from shuniu.directory.v1 import events_pb2 as public

E = TypeVar("E", Organ, Unit, Person)
logger = structlog.get_logger(__name__)

_REVISION = text("select revision from directory.revision")
_LOAD = text(
    "select r.revision, e.kind, e.item_id, e.message from directory.revision r "
    "left join directory.entry e on e.message is not null"
)
SEALED_PLACE = "shuniu.directory.v1.PersonNamed|{subject}|{field}"


class Directory:
    """Who is who, for one service: read anew only when it has changed."""

    def __init__(self, engine: AsyncEngine, keys: KeyRing) -> None:
        self._engine = engine
        self._keys = keys
        self._known: tuple[int, People] | None = None

    async def people(self, connection: AsyncConnection | None = None) -> People:
        """Return the organisation as everything committed so far says.

        With *connection*, as its transaction sees it.
        """
        if connection is not None:
            return await self._read(connection) or (await self._load(connection))[1]
        async with self._engine.connect() as own:
            known = await self._read(own)
            if known is None:
                self._known = await self._load(own)
                known = self._known[1]
            return known

    async def _read(self, connection: AsyncConnection) -> People | None:
        """Return what is remembered, where that is still how it stands."""
        revision = (await connection.execute(_REVISION)).scalar_one()
        known = self._known
        return known[1] if known is not None and known[0] == revision else None

    async def _load(self, connection: AsyncConnection) -> tuple[int, People]:
        rows = (await connection.execute(_LOAD)).all()
        found: dict[str, list[Any]] = {}
        for row in rows:
            if row.kind is not None:
                found.setdefault(row.kind, []).append(row)
        names = await self._names(found.get(NAME, ()))
        people = [
            _person(row.item_id, public.PersonChanged.FromString(row.message), names)
            for row in found.get(PERSON, ())
        ]
        people += [_left(row, names) for row in found.get(LEFT, ())]
        organs = [
            _organ(public.OrganChanged.FromString(r.message)) for r in found.get(ORGAN, ())
        ]
        units = [
            _unit(public.UnitChanged.FromString(r.message)) for r in found.get(UNIT, ())
        ]
        return rows[0].revision, People(_by_id(organs), _by_id(units), _by_id(people))

    async def _names(self, rows: Sequence[Any]) -> dict[UUID, dict[str, str]]:
        keys = (
            await self._keys.keys([r.item_id for r in rows], create=False) if rows else {}
        )
        names: dict[UUID, dict[str, str]] = {}
        for row in rows:
            key = keys.get(row.item_id)
            if key is not None:
                message = public.PersonNamed.FromString(row.message)
                names[row.item_id] = _opened(row.item_id, message, key)
        return names


def _opened(subject: UUID, message: public.PersonNamed, key: bytes) -> dict[str, str]:
    opened: dict[str, str] = {}
    for field, box in message.ListFields():
        if isinstance(box, bytes):
            try:
                opened[field.name] = unseal(key, box, sealed_place(subject, field.name))
            except SealBrokenError:
                logger.exception("directory.seal_broken", field=field.name)
    return opened


def sealed_place(subject: UUID, field: str) -> str:
    """Return what a sealed field of PersonNamed is bound to."""
    return SEALED_PLACE.format(subject=subject, field=field)


def _by_id(entries: Sequence[E]) -> dict[str, E]:
    return {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.id)}


def _organ(message: public.OrganChanged) -> Organ:
    return Organ(id=message.organ, name=message.name)


def _unit(message: public.UnitChanged) -> Unit:
    return Unit(
        id=message.unit,
        name=message.name,
        organ=message.organ,
        parent=message.parent or None,
        functions=frozenset(message.functions),
        unit_class=message.unit_class or None,
    )


def _person(
    item_id: UUID,
    message: public.PersonChanged,
    names: dict[UUID, dict[str, str]],
    **more: Any,
) -> Person:
    named = names.get(item_id, {})
    return Person(
        id=message.person,
        name=named.get("name", ERASED),
        unit=message.unit,
        posts=tuple(message.posts),
        roles=frozenset(message.roles),
        superior=message.superior or None,
        clearance=message.clearance,
        aide_of=frozenset(message.aide_of),
        substitutes=tuple(
            Substitute(
                person=substitute.person,
                since=moment_if_set(substitute, "since"),
                until=moment_if_set(substitute, "until"),
            )
            for substitute in message.substitutes
        ),
        mobile=named.get("mobile"),
        email=named.get("email"),
        **more,
    )


def _left(row: Any, names: dict[UUID, dict[str, str]]) -> Person:
    message = public.PersonLeft.FromString(row.message)
    return _person(
        row.item_id,
        message.last,
        names,
        left_at=moment_if_set(message, "left_at"),
        taken_over_by=message.taken_over_by or None,
    )
