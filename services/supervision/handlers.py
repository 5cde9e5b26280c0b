"""Commands that need more than their own stream: numbers are drawn with what they number."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from chassis.domain import UnknownItemError
from chassis.parts import Parts
from chassis.people import People
from chassis.series import draw
from chassis.store import Cause, Transaction
from chassis.store.cause import Executed
from services.supervision.domain.commands import (
    AssignMatter,
    DecomposeMatter,
    IssueSupervisionNotice,
    IssueUrgingSheet,
    OpenByHand,
)
from services.supervision.domain.matter import MATTER
from services.supervision.domain.refusals import UnitOfAnotherOrganError
from services.supervision.policies import limits

NOBODY = "—"  # what a refusal shows where the directory knows no head


async def open_by_hand(parts: Parts, cause: Cause, command: OpenByHand) -> Executed:
    """Open a matter by hand; under a parent both change, or neither, and the story goes on.

    Raises `UnknownItemError` where there is no such parent.
    """
    matter_id, parent_id = command.matter_id, command.parent_id
    if parent_id is not None:
        past = await parts.store.history(MATTER, parent_id)
        if not past:
            raise UnknownItemError(matter_id=parent_id)
        cause = replace(
            cause,
            correlation_id=past[0].meta.correlation_id,
            causation_id=past[-1].event_id,
        )

    people = await parts.directory.people()

    async def work(transaction: Transaction) -> None:
        expect_own_units(people, command.organ, (command.lead, *command.co))
        opened = await transaction.execute(MATTER, matter_id, command)
        if parent_id is not None:
            child = DecomposeMatter(
                matter_id=parent_id,
                child_id=matter_id,
                child_organ=command.organ,
                child_due=opened.due,
                calendar=command.calendar,
            )
            await transaction.execute(MATTER, parent_id, child)

    return await parts.store.transact(MATTER, matter_id, cause, work)


async def assign(
    parts: Parts,
    cause: Cause,
    matter_id: UUID,
    *,
    organ: str,
    mark: str,
    subject: str,
    requirement: str,
    lead: str,
    responsible_person: str,
    co: tuple[str, ...],
) -> Executed:
    """Assign a matter under the next number: both change, or neither."""
    day = parts.calendar.local(cause.occurred_at).date()
    people = await parts.directory.people()

    async def work(transaction: Transaction) -> dict[str, str]:
        expect_own_units(people, organ, (lead, *co))
        number = await draw(
            transaction, organ=organ, mark=mark, year=day.year, item_id=matter_id
        )
        command = AssignMatter(
            matter_id=matter_id,
            number=number,
            subject=subject,
            requirement=requirement,
            lead=lead,
            responsible_person=responsible_person,
            co=co,
            assigned_by=cause.actor,
            assigned_at=cause.occurred_at,
            limits=limits(parts, day),
            calendar=parts.calendar,
        )
        await transaction.execute(MATTER, matter_id, command)
        return {"number": number}

    return await parts.store.transact(MATTER, matter_id, cause, work)


def expect_own_units(people: People, organ: str, units: Iterable[str]) -> None:
    """Refuse a unit that the directory knows to be another organ's."""
    for unit in units:
        known = people.units.get(unit)
        if known is not None and known.organ != organ:
            raise UnitOfAnotherOrganError(unit=unit)


async def issue_urging_sheet(
    parts: Parts, cause: Cause, matter_id: UUID, *, organ: str, mark: str
) -> Executed:
    """Issue the prepared urging sheet under the next number of its series."""

    async def work(transaction: Transaction) -> dict[str, str]:
        year = parts.year_of(cause.occurred_at)
        number = await draw(
            transaction, organ=organ, mark=mark, year=year, item_id=matter_id
        )
        command = IssueUrgingSheet(
            matter_id=matter_id,
            sheet_no=number,
            issued_by=cause.actor,
            issued_at=cause.occurred_at,
        )
        await transaction.execute(MATTER, matter_id, command)
        return {"number": number}

    return await parts.store.transact(MATTER, matter_id, cause, work)


async def issue_supervision_notice(
    parts: Parts,
    cause: Cause,
    matter_id: UUID,
    *,
    organ: str,
    mark: str,
    unit_head: str | None,
) -> Executed:
    """Issue the prepared supervision notice under the next number of its series.

    It goes to *unit_head*, or to whom the directory knows as the head of the unit that leads.
    """
    people = await parts.directory.people()

    async def work(transaction: Transaction) -> dict[str, str]:
        lead = (await transaction.read(MATTER, matter_id)).lead
        heads = people.with_role("unit_head", unit=lead) if lead is not None else []
        addressee = unit_head or next(iter(heads), NOBODY)
        year = parts.year_of(cause.occurred_at)
        number = await draw(
            transaction, organ=organ, mark=mark, year=year, item_id=matter_id
        )
        command = IssueSupervisionNotice(
            matter_id=matter_id,
            sheet_no=number,
            unit_head=addressee,
            heads_unit=addressee in heads,
            issued_by=cause.actor,
            issued_at=cause.occurred_at,
        )
        await transaction.execute(MATTER, matter_id, command)
        return {"number": number}

    return await parts.store.transact(MATTER, matter_id, cause, work)
