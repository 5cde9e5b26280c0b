"""Where acts are done, and how the office names what they are done to."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from chassis.people import People
from suite.client import Client

Given = dict[str, Any]


class UnknownActError(Exception):
    """There is no such act, or it lacks something; the message says what."""


class Desk:
    """Where acts are done: a client, the people, and what was handled so far.

    Files are named as they are called in *folder*.
    """

    def __init__(self, client: Client, people: People, folder: Path | None = None) -> None:
        self.client = client
        self.people = people
        self.folder = folder or Path()
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
