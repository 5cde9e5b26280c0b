"""What supervision takes: instructions and opinions that open matters, and what ends them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.consumer import Subscription, commands
from chassis.parts import Parts
from chassis.store import Cause
from chassis.store.cause import derived_id
from chassis.wire import code_of, moment, moment_if_set
from services.supervision.domain.commands import (
    MatterCommand,
    NoteHandlingReport,
    NoteResultSeen,
    NoteSatisfactionVote,
    OpenFromOpinion,
    OpenMatter,
)
from services.supervision.domain.matter import MATTER
from services.supervision.domain.words import SourceKind
from services.supervision.policies import limits
from services.supervision.projections.matter_lists import search, sourced_from
from services.supervision.projections.matters import MATTERS
from shuniu.documents.v1.events_pb2 import InstructionGiven, InstructionKind
from shuniu.meetings.v1.events_pb2 import (
    DeliberationOpinionHandedOver,
    HandlingReportDelivered,
    SatisfactionOutcome,
    SatisfactionVoted,
)
from shuniu.office.v1.words_pb2 import Urgency

ACT_AND_REPORT = "act_and_report"
READ = "read"
SATISFIED = "satisfied"
NOT_SATISFIED = "not_satisfied"
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

    async def follow_opinion(message: DeliberationOpinionHandedOver, cause: Cause) -> None:
        """Open a matter of the congress on the organ that the opinion is addressed to."""
        await open_from_opinion(parts, message, cause)

    async def note_report(message: HandlingReportDelivered, cause: Cause) -> None:
        """Note that the organ has delivered its handling report."""
        command = NoteHandlingReport(
            matter_id=derived_id("matter", message.opinion_id),
            report_no=message.doc_no,
            delivered_by=message.delivered_by,
            submitted_at=moment(message.delivered_at),
            noted_by=cause.actor,
            noted_at=cause.occurred_at,
            calendar=parts.calendar,
        )
        await execute(command, cause)

    async def note_vote(message: SatisfactionVoted, cause: Cause) -> None:
        """Close what satisfies, or let it begin again; an unknown outcome is not guessed."""
        outcome = code_of(SatisfactionOutcome, message.outcome)
        if outcome not in (SATISFIED, NOT_SATISFIED):
            return
        command = NoteSatisfactionVote(
            matter_id=derived_id("matter", message.opinion_id),
            meeting_id=UUID(message.meeting_id),
            satisfied=outcome == SATISFIED,
            voted_at=moment(message.voted_at),
            due_again=moment_if_set(message, "due_again"),
            comment_due_again=moment_if_set(message, "comment_due_again"),
            noted_by=cause.actor,
            calendar=parts.calendar,
        )
        await execute(command, cause)

    async def execute(command: MatterCommand, cause: Cause) -> None:
        await parts.store.execute(MATTER, command.matter_id, command, cause)

    return [
        commands("public.documents.incoming.v1", {InstructionGiven: follow_instruction}),
        commands(
            "public.meetings.opinion.v1",
            {
                DeliberationOpinionHandedOver: follow_opinion,
                HandlingReportDelivered: note_report,
                SatisfactionVoted: note_vote,
            },
        ),
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


async def open_from_opinion(
    parts: Parts, message: DeliberationOpinionHandedOver, cause: Cause
) -> None:
    """Open a matter of the congress's organ on the organ that owes the handling report."""
    matter_id = derived_id("matter", message.opinion_id)
    last_day = message.due_statutory_last_day
    command = OpenFromOpinion(
        matter_id=matter_id,
        organ=message.organ,
        opinion_id=UUID(message.opinion_id),
        opinion_no=message.number,
        addressed_organ=message.addressed_organ,
        handed_over_by=message.handed_over_by,
        handed_over_at=moment(message.handed_over_at),
        due=moment(message.due),
        statutory_last_day=date.fromisoformat(last_day) if last_day else None,
        comment_due=moment(message.comment_due),
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
