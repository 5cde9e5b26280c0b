"""Commands that need more than their own stream: items on meetings, numbers, looked-up facts."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.domain import Category, UnknownItemError
from chassis.parts import Parts
from chassis.series import draw
from chassis.store import Cause, Transaction
from chassis.store.cause import Executed
from services.meetings.domain.agenda_item.commands import (
    AcceptAgendaItem,
    DecideAgendaItem,
    ScheduleAgendaItem,
)
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.commands import PlaceAgendaItem, RecordOutcome
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.commands import (
    HandOverOpinion,
    RecordSatisfactionVote,
)
from services.meetings.domain.opinion.opinion import OPINION
from services.meetings.policies import (
    electorate_is_present,
    meeting_body_of,
    opinion_limits,
)


async def story_of(parts: Parts, category: Category[Any, Any, Any], item_id: UUID) -> UUID:
    """Return the story that the item began in. Raises `UnknownItemError`.

    A meeting has a story of its own, and what it makes of an item belongs to the item's:
    neither may follow from whatever was written last.
    """
    history = await parts.store.history(category, item_id)
    if not history:
        raise UnknownItemError
    return history[0].meta.correlation_id


async def schedule(
    parts: Parts, cause: Cause, item_id: UUID, meeting_id: UUID, *, accept: bool
) -> Executed:
    """Put an item on a meeting, having accepted it where *accept*: all of it, or nothing."""

    async def work(transaction: Transaction) -> None:
        if accept:
            accepting = AcceptAgendaItem(
                agenda_item_id=item_id,
                accepted_by=cause.actor,
                accepted_at=cause.occurred_at,
            )
            await transaction.execute(AGENDA_ITEM, item_id, accepting)
        item = await transaction.read(AGENDA_ITEM, item_id)
        if not item.title:
            raise UnknownItemError
        placing = PlaceAgendaItem(
            meeting_id=meeting_id,
            agenda_item_id=item_id,
            meeting_body=item.meeting_body,
            kind=item.kind,
            title=item.title,
        )
        meeting = await transaction.execute(MEETING, meeting_id, placing)
        today = parts.calendar.local(cause.occurred_at).date()
        scheduling = ScheduleAgendaItem(
            agenda_item_id=item_id,
            meeting_id=meeting_id,
            ordinal=meeting.ordinal,
            day=meeting.day,
            meeting_body=meeting_body_of(parts, today, item.meeting_body, item.organ),
            scheduled_at=cause.occurred_at,
            calendar=parts.calendar,
        )
        await transaction.execute(AGENDA_ITEM, item_id, scheduling)

    return await parts.store.transact(AGENDA_ITEM, item_id, cause, work)


async def decide_item(parts: Parts, cause: Cause, command: RecordOutcome) -> Executed:
    """Record an item's outcome with the meeting and with the item: both, or neither."""

    async def work(transaction: Transaction) -> None:
        meeting = await transaction.execute(MEETING, command.meeting_id, command)
        deciding = DecideAgendaItem(
            agenda_item_id=command.agenda_item_id,
            meeting_id=command.meeting_id,
            ordinal=meeting.ordinal,
            day=meeting.day,
            outcome=command.outcome,
            votes_for=command.votes_for,
            votes_against=command.votes_against,
            abstentions=command.abstentions,
            speeches=command.speeches,
            present=meeting.expect_sitting(),
            members=meeting.members,
            recorded_by=command.recorded_by,
            decided_at=command.recorded_at,
        )
        await transaction.execute(AGENDA_ITEM, command.agenda_item_id, deciding)

    return await parts.store.transact(MEETING, command.meeting_id, cause, work)


async def hand_over(
    parts: Parts, cause: Cause, opinion_id: UUID, *, organ: str, mark: str
) -> Executed:
    """Hand an opinion over under the next number of its series: both change, or neither."""

    async def work(transaction: Transaction) -> dict[str, str]:
        day = parts.calendar.local(cause.occurred_at).date()
        number = await draw(
            transaction, organ=organ, mark=mark, year=day.year, item_id=opinion_id
        )
        command = HandOverOpinion(
            opinion_id=opinion_id,
            number=number,
            handed_over_by=cause.actor,
            handed_over_at=cause.occurred_at,
            limits=opinion_limits(parts, day),
            calendar=parts.calendar,
        )
        await transaction.execute(OPINION, opinion_id, command)
        return {"number": number}

    return await parts.store.transact(OPINION, opinion_id, cause, work)


async def vote_on_handling(
    parts: Parts,
    cause: Cause,
    opinion_id: UUID,
    *,
    meeting_id: UUID,
    satisfied: int,
    basically_satisfied: int,
    dissatisfied: int,
    again_by: date | None,
) -> Executed:
    """Record a satisfaction vote, with what its meeting says of attendance."""

    async def work(transaction: Transaction) -> dict[str, str]:
        meeting = await transaction.read(MEETING, meeting_id)
        opinion = await transaction.read(OPINION, opinion_id)
        deliberated = await transaction.read(MEETING, opinion.meeting_id)
        day = parts.calendar.local(cause.occurred_at).date()
        of_present = electorate_is_present(parts, day)
        command = RecordSatisfactionVote(
            opinion_id=opinion_id,
            satisfied=satisfied,
            basically_satisfied=basically_satisfied,
            dissatisfied=dissatisfied,
            meeting_id=meeting_id,
            meeting_organ=meeting.organ,
            meeting_body=meeting.meeting_body,
            meeting_day=meeting.day,
            deliberating_body=deliberated.meeting_body,
            present=meeting.present,
            electorate=(meeting.present or 0) if of_present else meeting.members,
            again_by=again_by,
            recorded_by=cause.actor,
            voted_at=cause.occurred_at,
            limits=opinion_limits(parts, day),
            calendar=parts.calendar,
        )
        await transaction.execute(OPINION, opinion_id, command)
        return {}

    return await parts.store.transact(OPINION, opinion_id, cause, work)
