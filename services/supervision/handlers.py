"""Commands that need more than their own stream: numbers are drawn with what they number."""

from uuid import UUID

from chassis.parts import Parts
from chassis.series import draw
from chassis.store import Cause, Transaction
from chassis.store.cause import Executed
from services.supervision.domain.commands import AssignMatter, IssueUrgingSheet
from services.supervision.domain.matter import MATTER
from services.supervision.policies import limits


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

    async def work(transaction: Transaction) -> dict[str, str]:
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
