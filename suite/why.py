"""Why does this exist, and where does it stand: one causal chain, as a tree.

Each service gives the part it knows through its admin API; nothing opens another's database.
An item is a branch; it hangs under the item whose event caused its first event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rich.tree import Tree

from chassis.domain import Label
from chassis.people import People
from suite.client import Client, RefusedCallError
from suite.why_lines import line

OPERATOR = "operator"
SERVICES = ("documents", "meetings", "supervision", "notifier")
HIDDEN = frozenset({"series", "audit", "digest", "score", "meeting"})
CATEGORIES = {
    "documents": ("incoming", "outgoing"),
    "meetings": ("agenda_item", "opinion", "meeting"),
    "supervision": ("matter",),
}
LISTS = {
    "/documents/v1/incoming": ("document_id", "number"),
    "/documents/v1/outgoing": ("document_id", "number"),
    "/supervision/v1/matters": ("matter_id", "number"),
    "/meetings/v1/opinions": ("opinion_id", "name"),
    "/meetings/v1/agenda-items": ("agenda_item_id", "title"),
}
FORBIDDEN = 403
NAMES = ("number", "receipt_no", "source_no", "doc_no", "sender_doc_no", "sheet_no")
KINDS = {
    "agenda_item": Label("议题", "agenda item"),
    "opinion": Label("审议意见", "deliberation opinion"),
    "matter": Label("督办事项", "matter"),
}
NUMBERED = frozenset({"opinion", "matter"})


class NoStoryError(Exception):
    """No service knows such an item."""


@dataclass(slots=True)
class Branch:
    """One item of the story: its events, and the items they caused."""

    stream: str
    events: list[Mapping[str, Any]] = field(default_factory=list)
    branches: list["Branch"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The number that the office knows the item by."""
        for wanted in NAMES:
            for event in self.events:
                if found := event["facts"].get(wanted):
                    return str(found)
        return ""

    def title(self, language: str) -> str:
        """Say what it is and what it is called."""
        category = self.stream.partition("-")[0]
        kind = KINDS.get(category)
        if kind is None:
            return self.name or category
        name = self.name if category in NUMBERED else ""
        return f"{kind.zh if language == 'zh' else kind.en} {name}".strip()


async def story_of(client: Client, correlation_id: str) -> list[Mapping[str, Any]]:
    """Return every service's events of one story, in the order they occurred."""
    events: list[Mapping[str, Any]] = []
    for service in SERVICES:
        path = f"/{service}/admin/v1/correlations/{correlation_id}"
        events += await client.get(OPERATOR, path)
    return sorted(events, key=lambda e: (e["occurred_at"], e["recorded_at"], e["version"]))


def branches(events: Sequence[Mapping[str, Any]]) -> list[Branch]:
    """Return the story as trees of items: usually one."""
    by_stream: dict[str, Branch] = {}
    owner: dict[str, Branch] = {}
    roots: list[Branch] = []
    for event in events:
        stream = str(event["stream"])
        if stream.partition("-")[0] in HIDDEN:
            continue
        branch = by_stream.get(stream)
        if branch is None:
            branch = by_stream[stream] = Branch(stream)
            parent = owner.get(str(event["causation_id"]))
            (parent.branches if parent else roots).append(branch)
        branch.events.append(event)
        owner[str(event["event_id"])] = branch
    return roots


def tree(roots: Sequence[Branch], people: People, zone: Any, language: str = "zh") -> Tree:
    """Draw the story: what, when, by whom, because of what."""
    drawn = Tree("因果链" if language == "zh" else "causal chain", guide_style="dim")
    for root in roots:
        _draw(root, drawn, people, zone, language)
    return drawn


def _draw(branch: Branch, under: Tree, people: People, zone: Any, language: str) -> None:
    node = under.add(f"[bold]{branch.title(language)}[/bold]")
    children = {id(child): child for child in branch.branches}
    for event in branch.events:
        leaf = node.add(line(event, people, zone, language))
        for key, child in list(children.items()):
            if str(child.events[0]["causation_id"]) == str(event["event_id"]):
                _draw(child, leaf, people, zone, language)
                del children[key]


def as_json(roots: Sequence[Branch]) -> list[dict[str, Any]]:
    """Return the story for programs: items, their events, the items those caused."""
    return [
        {
            "stream": root.stream,
            "number": root.name or None,
            "events": root.events,
            "branches": as_json(root.branches),
        }
        for root in roots
    ]


def readers(people: People) -> list[str]:
    """Return somebody of each organ who may look a number up."""
    found = []
    for organ in people.organs:
        for role in ("registry_clerk", "office_head", "section_head"):
            if named := people.with_role(role, organ=organ):
                found.append(named[0])
                break
    return found


async def correlation_of(client: Client, item: str, seekers: Sequence[str]) -> str:
    """Return the story that *item* belongs to: its own id, that of an item, or a number.

    A number is looked up as each of *seekers* in turn. Raises `NoStoryError`.
    """
    try:
        return await _story_by_id(client, str(UUID(item)))
    except ValueError:
        pass  # A number of the office, then.
    for seeker in seekers:
        for path, (name, query) in LISTS.items():
            try:
                found = (await client.get(seeker, path, **{query: item}))["items"]
            except RefusedCallError as refusal:
                if refusal.status != FORBIDDEN:
                    raise
                continue
            if found:
                detail = await client.get(seeker, f"{path}/{found[0][name]}")
                return str(detail["correlation_id"])
    raise NoStoryError(
        f"no document, matter, agenda item or opinion is called {item}: check the number, "
        "or whether --as PERSON may see it"
    )


async def _story_by_id(client: Client, item_id: str) -> str:
    for service, categories in CATEGORIES.items():
        admin = f"/{service}/admin/v1"
        if await client.get(OPERATOR, f"{admin}/correlations/{item_id}"):
            return item_id
        for category in categories:
            path = f"{admin}/streams/{category}-{item_id}"
            if events := await client.get(OPERATOR, path, limit=1):
                return str(events[0]["correlation_id"])
    raise NoStoryError(f"no story and no item has the id {item_id}")
