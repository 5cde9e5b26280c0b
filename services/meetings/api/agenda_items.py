"""Agenda items over HTTP: put forward, accepted, refused, scheduled."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, Text, Title, doors
from chassis.http.bodies import Short
from chassis.parts import Given, Parts
from services.meetings.api.concerning import ITEMS, item
from services.meetings.domain.agenda_item.commands import RefuseAgendaItem, SubmitAgendaItem
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.refusals import (
    UnitOfAnotherOrganError,
    UnknownMatterError,
    UnknownMeetingBodyError,
)
from services.meetings.domain.words import AgendaItemKind, MaterialStage
from services.meetings.handlers import schedule, story_of
from services.meetings.policies import meeting_bodies
from services.meetings.projections.matters import Prompt, numbered

router = doors(ITEMS, "agenda items 议题")


class Submission(Body):
    """What is put forward, who reports on it, and which matter prompted it."""

    meeting_body: Short
    kind: AgendaItemKind
    title: Title
    reporting_organ: Short
    reporting_unit: Short
    office: Short
    reviewing_committee: Short | None = None
    without: Annotated[list[MaterialStage], Field(max_length=10)] = []
    prompted_by: Short | None = None


class OnMeeting(Body):
    """Onto which meeting."""

    meeting_id: UUID


class Refusal(Body):
    """Why it will not be put on an agenda."""

    reason: Text


@router.post("", status_code=201)
@allows("item.submit")
async def submit(body: Submission, request: Commanded, parts: Given) -> Answer:
    """Put an item forward 提交议题. The matter that prompted it is its cause."""
    prompt = await _prompt(parts, body.prompted_by)
    story: dict[str, Any] = {}
    if prompt is not None:
        story = {
            "correlation_id": prompt.correlation_id,
            "causation_id": prompt.last_event_id,
        }
    today = parts.calendar.local(request.now).date()
    meeting_body = meeting_bodies(parts, today).get(body.meeting_body)
    if meeting_body is None:
        raise UnknownMeetingBodyError(meeting_body=body.meeting_body)
    await _expect_units(parts, body, meeting_body.organ)
    cause = await request.cause(**story)
    command = SubmitAgendaItem(
        agenda_item_id=cause.command_id,
        meeting_body=meeting_body,
        kind=body.kind,
        title=body.title,
        reporting_organ=body.reporting_organ,
        reporting_unit=body.reporting_unit,
        office=body.office,
        reviewing_committee=body.reviewing_committee,
        left_out=tuple(body.without),
        prompted_by=str(prompt.matter_id) if prompt else None,
        prompted_by_number=body.prompted_by,
        submitted_by=request.caller.subject,
        submitted_by_organ=request.caller.organ,
        submitted_by_unit=request.caller.unit,
        submitted_at=request.now,
    )
    items = parts.store.of(AGENDA_ITEM)
    return request.answer(await items.execute(cause.command_id, command, cause))


@router.post("/{agenda_item_id}/acceptance", status_code=201)
@allows("item.judge", item)
async def accept(
    agenda_item_id: UUID, body: OnMeeting, request: Commanded, parts: Given
) -> Answer:
    """Accept it and put it on a meeting 接收并安排上会: its materials get their dates."""
    story = await story_of(parts, AGENDA_ITEM, agenda_item_id)
    cause = await request.cause(correlation_id=story)
    done = await schedule(parts, cause, agenda_item_id, body.meeting_id, accept=True)
    return request.answer(done)


@router.post("/{agenda_item_id}/scheduling", status_code=201)
@allows("item.schedule", item)
async def put_on_another(
    agenda_item_id: UUID, body: OnMeeting, request: Commanded, parts: Given
) -> Answer:
    """Put a deferred item on another meeting 另行安排."""
    story = await story_of(parts, AGENDA_ITEM, agenda_item_id)
    cause = await request.cause(correlation_id=story)
    done = await schedule(parts, cause, agenda_item_id, body.meeting_id, accept=False)
    return request.answer(done)


@router.post("/{agenda_item_id}/refusal", status_code=201)
@allows("item.judge", item)
async def refuse(
    agenda_item_id: UUID, body: Refusal, request: Commanded, parts: Given
) -> Answer:
    """Refuse it, with a reason 不予列入."""
    command = RefuseAgendaItem(
        agenda_item_id=agenda_item_id,
        reason=body.reason,
        refused_by=request.caller.subject,
        refused_at=request.now,
    )
    cause = await request.cause()
    items = parts.store.of(AGENDA_ITEM)
    return request.answer(await items.execute(agenda_item_id, command, cause))


async def _prompt(parts: Parts, number: str | None) -> Prompt | None:
    """Return the matter called *number*. Raises `UnknownMatterError`."""
    if number is None:
        return None
    found = await numbered(parts.engine, number)
    if len(found) != 1:
        raise UnknownMatterError(number=number)
    return found[0]


async def _expect_units(parts: Parts, body: Submission, organ: str) -> None:
    """Refuse a unit that the directory knows to be of another organ than it is named for."""
    named = [(body.reporting_unit, body.reporting_organ), (body.office, organ)]
    if body.reviewing_committee is not None:
        named.append((body.reviewing_committee, organ))
    people = await parts.directory.people()
    for unit, its_organ in named:
        known = people.units.get(unit)
        if known is not None and known.organ != its_organ:
            raise UnitOfAnotherOrganError(unit=unit, organ=its_organ)
