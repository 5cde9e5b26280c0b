"""Commands that need more than their own stream: numbers are drawn with what they number."""

from uuid import UUID

from chassis.parts import Parts
from chassis.series import draw
from chassis.store import Cause, Transaction
from chassis.store.cause import Executed
from services.documents.domain.incoming.commands import RegisterDocument as RegisterIncoming
from services.documents.domain.incoming.document import INCOMING
from services.documents.domain.outgoing.commands import RegisterDocument as RegisterOutgoing
from services.documents.domain.outgoing.document import OUTGOING
from services.documents.domain.words import Route


async def register_incoming(
    parts: Parts, cause: Cause, document_id: UUID, *, organ: str, mark: str, route: Route
) -> Executed:
    """Register an incoming document under the next receipt number: both change, or neither."""

    async def work(transaction: Transaction) -> dict[str, str]:
        year = parts.year_of(cause.occurred_at)
        number = await draw(
            transaction, organ=organ, mark=mark, year=year, item_id=document_id
        )
        command = RegisterIncoming(
            document_id=document_id,
            receipt_no=number,
            route=route,
            registered_by=cause.actor,
            registered_at=cause.occurred_at,
        )
        await transaction.execute(INCOMING, document_id, command)
        return {"number": number}

    return await parts.store.transact(INCOMING, document_id, cause, work)


async def register_outgoing(
    parts: Parts, cause: Cause, document_id: UUID, *, organ: str, mark: str
) -> Executed:
    """Give an outgoing document the next number of its series, after signing (条例 art 25)."""

    async def work(transaction: Transaction) -> dict[str, str]:
        year = parts.year_of(cause.occurred_at)
        number = await draw(
            transaction, organ=organ, mark=mark, year=year, item_id=document_id
        )
        command = RegisterOutgoing(
            document_id=document_id,
            doc_no=number,
            registered_by=cause.actor,
            registered_at=cause.occurred_at,
        )
        await transaction.execute(OUTGOING, document_id, command)
        return {"number": number}

    return await parts.store.transact(OUTGOING, document_id, cause, work)
