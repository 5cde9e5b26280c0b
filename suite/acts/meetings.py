"""The acts of meetings: items named by title, meetings by what they are called, opinions by number.

Units may be named in Chinese, organs by their codes.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from suite.acts.desk import Act, Desk, UnknownActError

Given: TypeAlias = dict[str, Any]

MEETINGS = "/meetings/v1/meetings"
ITEMS = "/meetings/v1/agenda-items"
OPINIONS = "/meetings/v1/opinions"
UNITS = ("reporting_unit", "office", "reviewing_committee")


async def meeting_called(desk: Desk, person: str, name: str) -> str:
    """Return the id of the meeting called *name*: 第二十七次常委会会议. Raises `UnknownActError`."""
    return await _found(desk, person, MEETINGS, "meeting_id", name, name=name)


async def item_titled(desk: Desk, person: str, title: str) -> str:
    """Return the id of the agenda item titled *title*. Raises `UnknownActError`."""
    return await _found(desk, person, ITEMS, "agenda_item_id", title, title=title)


async def opinion_called(desk: Desk, person: str, name: str) -> str:
    """Return the id of the opinion with this number, or on the item with this title."""
    return await _found(desk, person, OPINIONS, "opinion_id", name, name=name)


async def _found(
    desk: Desk, person: str, path: str, field: str, wanted: str, **query: str
) -> str:
    found = (await desk.client.get(person, path, **query))["items"]
    if not found:
        raise UnknownActError(f"{person} sees nothing called {wanted} at {path}")
    return str(found[0][field])


async def _plan(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    return await desk.client.post(person, MEETINGS, _dated(given, "day"), key=key)


async def _submit(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    units = {name: desk.unit(given[name]) for name in UNITS if given.get(name)}
    return await desk.client.post(person, ITEMS, given | units, key=key)


async def _accept(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    item_id = await item_titled(desk, person, given["item"])
    meeting = {"meeting_id": await meeting_called(desk, person, given["meeting"])}
    path = f"{ITEMS}/{item_id}/acceptance"
    return await desk.client.post(person, path, meeting, key=key)


async def _record_outcome(
    desk: Desk, person: str, given: Given, key: str
) -> Mapping[str, Any]:
    meeting_id = await meeting_called(desk, person, given.pop("meeting"))
    given["agenda_item_id"] = await item_titled(desk, person, given.pop("item"))
    return await desk.client.post(
        person, f"{MEETINGS}/{meeting_id}/outcomes", given, key=key
    )


async def _vote(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    opinion_id = await opinion_called(desk, person, given.pop("opinion"))
    given["meeting_id"] = await meeting_called(desk, person, given.pop("meeting"))
    body = _dated(given, "again_by")
    path = f"{OPINIONS}/{opinion_id}/satisfaction-vote"
    return await desk.client.post(person, path, body, key=key)


def _at_meeting(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        meeting_id = await meeting_called(desk, person, given.pop("meeting"))
        path = f"{MEETINGS}/{meeting_id}/{noun}"
        return await desk.client.post(person, path, _dated(given, "day") or None, key=key)

    return act


def _at_item(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        item_id = await item_titled(desk, person, given.pop("item"))
        path = f"{ITEMS}/{item_id}/{noun}"
        return await desk.client.post(person, path, given or None, key=key)

    return act


def _at_material(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        item_id = await item_titled(desk, person, given.pop("item"))
        path = f"{ITEMS}/{item_id}/materials/{given.pop('stage')}/{noun}"
        return await desk.client.post(person, path, given, key=key)

    return act


def _at_opinion(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        opinion_id = await opinion_called(desk, person, given.pop("opinion"))
        path = f"{OPINIONS}/{opinion_id}/{noun}"
        return await desk.client.post(person, path, given or None, key=key)

    return act


def _dated(given: Given, name: str) -> Given:
    """Return *given* with the day under *name* in words: YAML reads one as a date."""
    return given | {name: str(given[name])} if given.get(name) else given


ACTS: Mapping[str, Act] = {
    "plan_meeting": _plan,
    "reschedule_meeting": _at_meeting("rescheduling"),
    "send_notice": _at_meeting("notice"),
    "record_receipts": _at_meeting("receipts"),
    "hold_meeting": _at_meeting("attendance"),
    "record_outcome": _record_outcome,
    "close_meeting": _at_meeting("closure"),
    "submit_agenda_item": _submit,
    "accept_agenda_item": _accept,
    "refuse_agenda_item": _at_item("refusal"),
    "deliver_material": _at_material("delivery"),
    "accept_late_material": _at_material("late-acceptance"),
    "review_material": _at_material("review"),
    "waive_material": _at_material("waiver"),
    "draft_opinion": _at_opinion("draft"),
    "pass_opinion": _at_opinion("passage"),
    "hand_over_opinion": _at_opinion("handover"),
    "draft_handling_report": _at_opinion("handling-report/draft"),
    "comment_handling_report": _at_opinion("handling-report/comments"),
    "deliver_handling_report": _at_opinion("handling-report"),
    "record_satisfaction_vote": _vote,
}
