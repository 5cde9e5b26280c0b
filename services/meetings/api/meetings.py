"""Meetings over HTTP: planned, moved, noticed, held, closed."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Door, Text, doors
from chassis.http.bodies import Short
from chassis.parts import Given, Parts
from chassis.store import Cause
from chassis.store.cause import derived_id
from services.meetings.api.bodies import Count, Day, Ordinal
from services.meetings.api.concerning import MEETINGS, meeting
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting.commands import (
    CloseMeeting,
    HoldMeeting,
    PlanMeeting,
    RecordOutcome,
    RecordReceipts,
    RescheduleMeeting,
    SendNotice,
)
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.words import Outcome
from services.meetings.handlers import decide_item, story_of
from services.meetings.policies import meeting_body_of

router = doors(MEETINGS, "meetings 会议")


class Plan(Body):
    """Which meeting of which meeting body, and when."""

    meeting_body: Short
    ordinal: Ordinal
    day: Day


class NewDay(Body):
    """The day it moves to, and why."""

    day: Day
    reason: Text


class Receipts(Body):
    """How many more members confirmed the notice, and how."""

    receipts: Annotated[StrictInt, Field(ge=1, le=5000)]
    by_phone: bool = False


class Attendance(Body):
    """How many members are there, on leave, and absent."""

    present: Count
    leave: Count = 0
    absent: Count = 0


class OutcomeBody(Body):
    """What the meeting made of an item."""

    agenda_item_id: UUID
    outcome: Outcome
    votes_for: Count = 0
    votes_against: Count = 0
    abstentions: Count = 0
    speeches: Count = 0


@router.post("", status_code=201)
@allows("meeting.plan")
async def plan(body: Plan, request: Commanded, parts: Given) -> Answer:
    """Plan a meeting of the caller's organ 排定会议.

    Its id follows from meeting body, ordinal and year: ordinals begin anew with a new congress.
    """
    today = parts.calendar.local(request.now).date()
    organ = request.caller.organ
    meeting_id = derived_id(
        "meeting", organ, body.meeting_body, body.ordinal, body.day.year
    )
    command = PlanMeeting(
        meeting_id=meeting_id,
        meeting_body=meeting_body_of(parts, today, body.meeting_body, organ),
        ordinal=body.ordinal,
        day=body.day,
        planned_by=request.caller.subject,
        planned_at=request.now,
        calendar=parts.calendar,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(MEETING).execute(meeting_id, command, cause))


@router.post("/{meeting_id}/rescheduling", status_code=201)
@allows("meeting.reschedule", meeting)
async def reschedule(
    meeting_id: UUID, body: NewDay, request: Commanded, parts: Given
) -> Answer:
    """Move it to another day 改期: what hangs on it moves with it."""
    today = parts.calendar.local(request.now).date()
    state = (await parts.store.read(MEETING, meeting_id)).state
    command = RescheduleMeeting(
        meeting_id=meeting_id,
        day=body.day,
        notice=meeting_body_of(parts, today, state.meeting_body, state.organ).notice,
        reason=body.reason,
        rescheduled_by=request.caller.subject,
        rescheduled_at=request.now,
        calendar=parts.calendar,
    )
    cause = await _own(request, parts, meeting_id)
    return request.answer(await parts.store.of(MEETING).execute(meeting_id, command, cause))


@router.post("/{meeting_id}/notice", status_code=201)
@allows("meeting.notice", meeting)
async def notice(meeting_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Send notice to every member 会议通知."""
    command = SendNotice(
        meeting_id=meeting_id,
        sent_by=request.caller.subject,
        sent_at=request.now,
        calendar=parts.calendar,
    )
    cause = await _own(request, parts, meeting_id)
    return request.answer(await parts.store.of(MEETING).execute(meeting_id, command, cause))


@router.post("/{meeting_id}/receipts", status_code=201)
@allows("meeting.notice", meeting)
async def receipts(
    meeting_id: UUID, body: Receipts, request: Commanded, parts: Given
) -> Answer:
    """Record that members confirmed the notice 通知回执."""
    command = RecordReceipts(
        meeting_id=meeting_id,
        receipts=body.receipts,
        by_phone=body.by_phone,
        recorded_by=request.caller.subject,
        recorded_at=request.now,
    )
    cause = await _own(request, parts, meeting_id)
    return request.answer(await parts.store.of(MEETING).execute(meeting_id, command, cause))


@router.post("/{meeting_id}/attendance", status_code=201)
@allows("meeting.attendance", meeting)
async def attendance(
    meeting_id: UUID, body: Attendance, request: Commanded, parts: Given
) -> Answer:
    """Open it with the attendance counted 召开."""
    command = HoldMeeting(
        meeting_id=meeting_id,
        present=body.present,
        leave=body.leave,
        absent=body.absent,
        recorded_by=request.caller.subject,
        held_at=request.now,
        calendar=parts.calendar,
    )
    cause = await _own(request, parts, meeting_id)
    return request.answer(await parts.store.of(MEETING).execute(meeting_id, command, cause))


@router.post("/{meeting_id}/outcomes", status_code=201)
@allows("meeting.outcome", meeting)
async def outcome(
    meeting_id: UUID, body: OutcomeBody, request: Commanded, parts: Given
) -> Answer:
    """Record what it made of an item 登记结果: in the story of the item."""
    story = await story_of(parts, AGENDA_ITEM, body.agenda_item_id)
    cause = await request.cause(correlation_id=story)
    command = RecordOutcome(
        meeting_id=meeting_id,
        agenda_item_id=body.agenda_item_id,
        outcome=body.outcome,
        votes_for=body.votes_for,
        votes_against=body.votes_against,
        abstentions=body.abstentions,
        speeches=body.speeches,
        recorded_by=request.caller.subject,
        recorded_at=request.now,
    )
    return request.answer(await decide_item(parts, cause, command))


@router.post("/{meeting_id}/closure", status_code=201)
@allows("meeting.close", meeting)
async def close(meeting_id: UUID, request: Commanded, parts: Given) -> Answer:
    """Close it 闭会: every item must have an outcome."""
    command = CloseMeeting(
        meeting_id=meeting_id, closed_by=request.caller.subject, closed_at=request.now
    )
    cause = await _own(request, parts, meeting_id)
    return request.answer(await parts.store.of(MEETING).execute(meeting_id, command, cause))


async def _own(request: Door, parts: Parts, meeting_id: UUID) -> Cause:
    return await request.cause(correlation_id=await story_of(parts, MEETING, meeting_id))
