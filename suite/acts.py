"""The acts that a scenario, or `shuniu act`, can do: each a call at a service's door.

Items are named as the office names them: by number, by title, or by the number of the
document they came from. Units may be named in Chinese.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chassis.people import People
from suite.client import Client

Given = dict[str, Any]


class UnknownActError(Exception):
    """There is no such act, or it lacks something; the message says what."""


class Desk:
    """Where acts are done: a client, the people, and what was handled so far."""

    def __init__(self, client: Client, people: People) -> None:
        self.client = client
        self.people = people
        self._known: dict[str, tuple[str, str]] = {}

    def remember(self, kind: str, item_id: str, *names: str | None) -> None:
        """Remember an item under the names the office uses for it."""
        for name in names:
            if name:
                self._known[name] = (kind, item_id)

    async def document(self, person: str, name: str) -> tuple[str, str]:
        """Return kind and id of the document called *name*. Raises `UnknownActError`."""
        if name in self._known:
            return self._known[name]
        for kind in ("incoming", "outgoing"):
            found = await self.client.get(person, f"/documents/v1/{kind}", number=name)
            if found["items"]:
                return kind, found["items"][0]["document_id"]
        raise UnknownActError(f"no document is called {name}")

    async def matter(self, person: str, name: str) -> str:
        """Return the id of the matter with this number, or from this document."""
        if name in self._known:
            kind, item_id = self._known[name]
            if kind == "matter":
                return item_id
        found = await self.client.get(person, "/supervision/v1/matters", number=name)
        if not found["items"]:
            raise UnknownActError(f"{person} sees no matter called {name}")
        item_id = str(found["items"][0]["matter_id"])
        self.remember("matter", item_id, found["items"][0]["number"])
        return item_id

    def unit(self, name: str) -> str:
        """Return the id of the unit called *name*. Raises `UnknownActError`."""
        try:
            return self.people.unit_named(name).id
        except KeyError as error:
            raise UnknownActError(f"no unit is called {name}") from error

    def units(self, given: Given) -> Given:
        """Return *given* with the units that it names replaced by their ids."""
        named: Given = {k: self.unit(given[k]) for k in ("lead", "unit") if given.get(k)}
        if given.get("co"):
            named["co"] = [self.unit(name) for name in given["co"]]
        return given | named


Act = Callable[[Desk, str, Given, str], Awaitable[Mapping[str, Any]]]


def _at_document(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        kind, item_id = await desk.document(person, given.pop("document"))
        path = f"/documents/v1/{kind}/{item_id}/{noun}"
        done = await desk.client.post(person, path, desk.units(given) or None, key=key)
        desk.remember(kind, item_id, done.get("number"))
        return done

    return act


def _at_matter(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        item_id = await desk.matter(person, given.pop("matter"))
        path = f"/supervision/v1/matters/{item_id}/{noun}"
        done = await desk.client.post(person, path, desk.units(given) or None, key=key)
        if noun == "assignment":
            desk.remember("matter", item_id, done.get("number"))
        return done

    return act


async def _receive(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    done = await desk.client.post(person, "/documents/v1/incoming", given, key=key)
    desk.remember("incoming", done["id"], given.get("title"), given.get("sender_doc_no"))
    return done


async def _draft(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    if source := given.pop("answers", None):
        _, given["answered_document_id"] = await desk.document(person, source)
        given["answered_doc_no"] = source
    done = await desk.client.post(person, "/documents/v1/outgoing", given, key=key)
    desk.remember("outgoing", done["id"], given.get("title"))
    return done


async def _instruct(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    if within := given.pop("within", None):
        given["within_work_days"] = within["work_days"]
    given.setdefault("given_by", given.pop("on_behalf_of", None) or person)
    return await _at_document("instructions")(desk, person, given, key)


async def _accept(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    name = given.pop("matter")
    item_id = await desk.matter(person, name)
    detail = await desk.client.get(person, f"/supervision/v1/matters/{item_id}")
    if not detail["feedback"]:
        raise UnknownActError(f"{name} has no feedback to accept")
    feedback = detail["feedback"][-1]["feedback_id"]
    path = f"/supervision/v1/matters/{item_id}/feedback/{feedback}/acceptance"
    return await desk.client.post(person, path, key=key)


async def _open_series(
    desk: Desk, person: str, given: Given, key: str
) -> Mapping[str, Any]:
    service = given.pop("service")
    for index, series in enumerate(given["series"]):
        path = f"/{service}/v1/series"
        await desk.client.post(person, path, series, key=f"{key}/{index}")
    return {}


ACTS: Mapping[str, Act] = {
    "open_series": _open_series,
    "receive_document": _receive,
    "register_document": _at_document("registration"),
    "give_instruction": _instruct,
    "answer_document": _at_document("answer"),
    "record_disposition": _at_document("disposition"),
    "draft_document": _draft,
    "sign_document": _at_document("signature"),
    "print_document": _at_document("printing"),
    "use_seal": _at_document("sealing"),
    "issue_document": _at_document("issue"),
    "confirm_receipt": _at_document("receipts"),
    "assign_matter": _at_matter("assignment"),
    "receive_matter": _at_matter("receipts"),
    "name_handler": _at_matter("handler"),
    "urge_by_phone": _at_matter("urgings"),
    "issue_urging_sheet": _at_matter("urging-sheets"),
    "receive_urging_sheet": _at_matter("urging-sheets/receipt"),
    "give_feedback": _at_matter("feedback"),
    "accept_feedback": _accept,
    "close_matter": _at_matter("closure"),
}


async def act(
    desk: Desk, name: str, person: str, given: Mapping[str, Any], key: str
) -> Mapping[str, Any]:
    """Do the act called *name* as *person*. Raises `UnknownActError`, `RefusedCallError`."""
    if name not in ACTS:
        raise UnknownActError(
            f"no act is called {name}; known are: {', '.join(sorted(ACTS))}"
        )
    try:
        return await ACTS[name](desk, person, dict(given), key)
    except KeyError as error:
        raise UnknownActError(f"{name} needs {error}") from error
