"""What documents takes from others: what became of the matters its instructions opened."""

from collections.abc import Sequence
from uuid import UUID

from chassis.consumer import Subscription, commands
from chassis.parts import Parts
from chassis.store import Cause
from chassis.wire import moment
from services.documents.domain.incoming.commands import RecordHandling
from services.documents.domain.incoming.document import INCOMING
from shuniu.supervision.v1.events_pb2 import MatterClosed, MatterCompleted


def subscriptions(parts: Parts) -> Sequence[Subscription]:
    """Return the subscriptions of documents."""

    async def record_handling(
        message: MatterCompleted | MatterClosed, cause: Cause
    ) -> None:
        """Record the handling at the source document 注办, where there is one."""
        if not message.source_document_id:
            return
        document_id = UUID(message.source_document_id)
        closed = isinstance(message, MatterClosed)
        command = RecordHandling(
            document_id=document_id,
            matter_id=UUID(message.matter_id),
            matter_no=message.number,
            completed_at=moment(message.submitted_at),
            closed=closed,
            late_work_days=message.late_work_days,
        )
        await parts.store.execute(INCOMING, document_id, command, cause)

    handlers = {MatterCompleted: record_handling, MatterClosed: record_handling}
    return [commands("public.supervision.matter.v1", handlers)]
