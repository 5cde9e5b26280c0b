"""Commands over several streams. Whatever changes the organisation waits in one line.

An entry is checked against all others, so that two changes at once could make a ring of units
that neither would make alone. Changes are rare: one lock for all of them costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.domain import ERASED, Category
from chassis.parts import Parts
from chassis.store import Cause, Transaction
from chassis.store.cause import Executed
from services.directory.domain.commands import (
    AnnounceDeparture,
    ChangeOrgan,
    ChangePerson,
    ChangeUnit,
    NamePerson,
)
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
    item_id,
)
from services.directory.domain.events import PersonNamed
from services.directory.domain.importing import (
    Changes,
    Fault,
    Import,
    changes_of,
    faults_of,
)
from services.directory.domain.organ import ORGANS
from services.directory.domain.person import PEOPLE
from services.directory.domain.unit import UNITS
from services.directory.projections.entries import PROJECTION, organisation

LINE = item_id("line", "everybody")
"""Names the stream that is locked and never written: where changes wait in line."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do, and everything that stands against it."""

    faults: list[Fault]
    changes: Changes


async def known_now(parts: Parts) -> Organisation:
    """Return the organisation with everything that is stored now."""
    async with parts.views.reading(PROJECTION, complete=True) as connection:
        return await organisation(connection)


async def names_of(parts: Parts, people: list[str]) -> Mapping[str, Named]:
    """Return the names of *people*, `ERASED` where their key is gone."""
    items = [item_id(PERSON, person) for person in people]
    found = await parts.store.lasts(PEOPLE, PersonNamed, items)
    return {
        event.person: Named(name=event.name, mobile=event.mobile, email=event.email)
        for event in found
        if isinstance(event, PersonNamed)
    }


async def change(
    parts: Parts, cause: Cause, kind: str, entry: Entry, named: Named | None = None
) -> Executed:
    """Enter or change one organ, unit or person."""

    async def work(transaction: Transaction) -> None:
        await transaction.lock(ORGANS, LINE)
        known = await known_now(parts)
        await _enter(transaction, entry, _only(entry).onto(known), named, back=True)

    return await parts.store.transact(
        _CATEGORIES[kind], item_id(kind, entry.id), cause, work
    )


async def plan(parts: Parts, wanted: Import) -> Plan:
    """Say what an import would do."""
    known = await known_now(parts)
    names = await names_of(parts, [entry.id for entry in wanted.people])
    kept = {p: wanted.names[p] for p, n in names.items() if n.name is ERASED}
    return Plan(
        list(faults_of(wanted, known)), changes_of(wanted, known, {**names, **kept})
    )


async def carry_out(parts: Parts, cause: Cause, wanted: Import) -> Executed:
    """Import all of it, or nothing. Raises the first refusal."""

    async def work(transaction: Transaction) -> dict[str, str]:
        await transaction.lock(ORGANS, LINE)
        found = await plan(parts, wanted)
        for fault in found.faults:
            raise fault.refusal
        to_be = wanted.onto(await known_now(parts))
        for _, entry in (*found.changes.added, *found.changes.changed):
            await _enter(transaction, entry, to_be, wanted.names.get(entry.id))
        return {
            "added": str(len(found.changes.added)),
            "changed": str(len(found.changes.changed)),
            "unchanged": str(found.changes.unchanged),
        }

    return await parts.store.transact(ORGANS, LINE, cause, work)


async def announce_departure(
    parts: Parts,
    cause: Cause,
    person: str,
    left_at: datetime,
    taken_over_by: str | None,
    *,
    within: str | None,
) -> Executed:
    """Let a person leave, and name who takes over: of the unit *within*, where given."""
    item = item_id(PERSON, person)

    async def work(transaction: Transaction) -> None:
        await transaction.lock(ORGANS, LINE)
        command = AnnounceDeparture(
            left_at=left_at,
            taken_over_by=taken_over_by,
            within=within,
            known=await known_now(parts),
            announced_by=cause.actor,
            now=cause.occurred_at,
        )
        await transaction.execute(PEOPLE, item, command)

    return await parts.store.transact(PEOPLE, item, cause, work)


async def _enter(
    transaction: Transaction,
    entry: Entry,
    to_be: Organisation,
    named: Named | None,
    *,
    back: bool = False,
) -> None:
    match entry:
        case OrganEntry():
            organ = ChangeOrgan(entry=entry)
            await transaction.execute(ORGANS, item_id(ORGAN, entry.id), organ)
        case UnitEntry():
            unit = ChangeUnit(entry=entry, known=to_be)
            await transaction.execute(UNITS, item_id(UNIT, entry.id), unit)
        case PersonEntry():
            item = item_id(PERSON, entry.id)
            person = ChangePerson(entry=entry, known=to_be, back=back)
            await transaction.execute(PEOPLE, item, person)
            if named is not None:
                name = NamePerson(person=entry.id, named=named)
                await transaction.execute(PEOPLE, item, name)


def _only(entry: Entry) -> Import:
    match entry:
        case OrganEntry():
            return Import(organs=(entry,))
        case UnitEntry():
            return Import(units=(entry,))
        case PersonEntry():
            return Import(people=(entry,))


_CATEGORIES: Mapping[str, Category[Any, Any, Any]] = {
    ORGAN: ORGANS,
    UNIT: UNITS,
    PERSON: PEOPLE,
}
