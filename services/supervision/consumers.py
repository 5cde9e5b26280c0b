"""What supervision takes from documents: instructions that open matters, and results seen."""

from collections.abc import Sequence
from uuid import UUID

from chassis.consumer import Subscription, commands
from chassis.parts import Parts
from chassis.store import Cause
from chassis.store.cause import derived_id
from chassis.wire import code_of, moment, moment_if_set
from services.supervision.domain.commands import NoteResultSeen, OpenMatter
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import SourceKind
from services.supervision.policies import limits
from services.supervision.projections.matter_lists import search, sourced_from
from services.supervision.projections.matters import MATTERS
from shuniu.documents.v1.events_pb2 import InstructionGiven, InstructionKind
from shuniu.office.v1.words_pb2 import Urgency

ACT_AND_REPORT = "act_and_report"
READ = "read"
MOST_MATTERS_OF_A_DOCUMENT = 50


def subscriptions(parts: Parts) -> Sequence[Subscription]:
    """Return the subscriptions of supervision."""

    async def follow_instruction(message: InstructionGiven, cause: Cause) -> None:
        """Open a matter where the leader wants a report; note where they read the result."""
        kind = code_of(InstructionKind, message.kind)
        if kind == ACT_AND_REPORT:
            await open_matter(parts, message, cause)
        elif kind == READ:
            await note_result_seen(parts, message, cause)

    return [
        commands("public.documents.incoming.v1", {InstructionGiven: follow_instruction})
    ]


async def open_matter(parts: Parts, message: InstructionGiven, cause: Cause) -> None:
    """Open a matter at once: the order of the head needs no second approval (督查条例 art 11)."""
    matter_id = derived_id("matter", message.instruction_id)
    day = parts.calendar.local(cause.occurred_at).date()
    command = OpenMatter(
        matter_id=matter_id,
        organ=message.organ,
        source_kind=SourceKind.INSTRUCTION,
        source_id=UUID(message.instruction_id),
        source_document_id=UUID(message.document_id),
        source_document_no=message.receipt_no or None,
        urgency=code_of(Urgency, message.urgency) or "",
        asked_by=message.given_by,
        asked_at=moment(message.given_at),
        recorded_at=moment(message.recorded_at),
        addressee=message.addressee or None,
        lead=message.lead or None,
        co=tuple(message.co),
        within_work_days=message.within_work_days or None,
        outside_due=moment_if_set(message, "outside_due"),
        limits=limits(parts, day),
        calendar=parts.calendar,
    )
    await parts.store.execute(MATTER, matter_id, command, cause)


async def note_result_seen(parts: Parts, message: InstructionGiven, cause: Cause) -> None:
    """Tell the matters that came from this document that its leader has read the result."""
    async with parts.views.reading(MATTERS, complete=True) as connection:
        source = sourced_from(UUID(message.document_id))
        found = await search(connection, source, limit=MOST_MATTERS_OF_A_DOCUMENT)
    for row in found:
        command = NoteResultSeen(
            matter_id=row.matter_id,
            seen_by=message.given_by,
            seen_at=moment(message.given_at),
        )
        await parts.store.execute(
            MATTER, row.matter_id, command, cause.for_target(row.matter_id)
        )
