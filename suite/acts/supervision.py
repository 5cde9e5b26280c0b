"""The acts of supervision: a matter is named by its number, its subject or its source's number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from suite.acts.desk import Act, Desk, Given, UnknownActError

MATTERS = "/supervision/v1/matters"


def _at_matter(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        item_id = await desk.matter(person, given.pop("matter"))
        path = f"/supervision/v1/matters/{item_id}/{noun}"
        done = await desk.client.post(person, path, desk.units(given) or None, key=key)
        if noun == "assignment":
            desk.remember("matter", item_id, done.get("number"))
        return done

    return act


async def _accept(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    name = given.pop("matter")
    item_id = await desk.matter(person, name)
    detail = await desk.client.get(person, f"/supervision/v1/matters/{item_id}")
    if not detail["feedback"]:
        raise UnknownActError(f"{name} has no feedback to accept")
    feedback = detail["feedback"][-1]["feedback_id"]
    path = f"/supervision/v1/matters/{item_id}/feedback/{feedback}/acceptance"
    return await desk.client.post(person, path, key=key)


async def _open_by_hand(
    desk: Desk, person: str, given: Given, key: str
) -> Mapping[str, Any]:
    """Open a matter: `{asked_by, subject, lead, co, due, parent, rhythm}`."""
    body = desk.units(given)
    body["asked_by"] = body.get("asked_by") or body.pop("on_behalf_of")
    body.pop("on_behalf_of", None)
    if parent := body.pop("parent", None):
        body["parent_id"] = await desk.matter(person, parent)
    if isinstance(body["due"], date):
        body["due"] = body["due"].isoformat()
    done = await desk.client.post(person, MATTERS, body, key=key)
    desk.remember("matter", done["id"], given["subject"])
    return done


async def _send_back(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    """Send the last result back: `{matter, reasons}`."""
    name = given.pop("matter")
    item_id = await desk.matter(person, name)
    detail = await desk.client.get(person, f"{MATTERS}/{item_id}")
    results = [each for each in detail["feedback"] if each["kind"] == "final"]
    if not results:
        raise UnknownActError(f"{name} has no result to send back")
    path = f"{MATTERS}/{item_id}/feedback/{results[-1]['feedback_id']}/sending-back"
    return await desk.client.post(person, path, given, key=key)


async def _record_seen(
    desk: Desk, person: str, given: Given, key: str
) -> Mapping[str, Any]:
    """Record that a leader saw the result: `{matter, given_by, given_at, commended}`."""
    item_id = await desk.matter(person, given.pop("matter"))
    leader = given.pop("on_behalf_of", None)
    given.setdefault("given_by", leader)
    path = f"{MATTERS}/{item_id}/result-seen"
    return await desk.client.post(person, path, given, key=key)


ACTS: Mapping[str, Act] = {
    "assign_matter": _at_matter("assignment"),
    "receive_matter": _at_matter("receipts"),
    "name_handler": _at_matter("handler"),
    "urge_by_phone": _at_matter("urgings"),
    "issue_urging_sheet": _at_matter("urging-sheets"),
    "receive_urging_sheet": _at_matter("urging-sheets/receipt"),
    "give_feedback": _at_matter("feedback"),
    "accept_feedback": _accept,
    "close_matter": _at_matter("closure"),
    "open_by_hand": _open_by_hand,
    "issue_supervision_notice": _at_matter("supervision-notices"),
    "receive_supervision_notice": _at_matter("supervision-notices/receipt"),
    "send_back_feedback": _send_back,
    "record_result_seen": _record_seen,
}
