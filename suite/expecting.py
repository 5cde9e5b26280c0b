"""Checks what a scenario expects. Each returns the differences, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.people import People
from chassis.workdays import Calendar
from suite.acts import Desk
from suite.acts.meetings import (
    ITEMS,
    MEETINGS,
    OPINIONS,
    item_titled,
    meeting_called,
    opinion_called,
)
from suite.acts.score import SCORES, score_of
from suite.client import RefusedCallError

NOUNS = (
    "Document",
    "Matter",
    "Series",
    "Digest",
    "Audit",
    "Organ",
    "Unit",
    "Person",
    "Meeting",
    "AgendaItem",
    "DeliberationOpinion",
    "Score",
)

MATTERS = "/supervision/v1/matters"
FOUND = {
    "matter": (Desk.matter, MATTERS),
    "meeting": (meeting_called, MEETINGS),
    "agenda_item": (item_titled, ITEMS),
    "opinion": (opinion_called, OPINIONS),
    "score": (score_of, SCORES),
}


class Observed:
    """What happened in one step."""

    def __init__(
        self,
        answer: Mapping[str, Any] | None,
        refusal: RefusedCallError | None,
        events: Sequence[Mapping[str, Any]],
        alerts: Sequence[tuple[str, str, str]],
    ) -> None:
        self.answer = answer
        self.refusal = refusal
        self.events = events
        self.alerts = alerts  # (subscriber, on_behalf_of, kind)


class Expecting:
    """Compares what was observed with what was expected."""

    def __init__(self, desk: Desk, people: People, calendar: Calendar) -> None:
        self._desk = desk
        self._people = people
        self._calendar = calendar

    async def differences(self, expected: Mapping[str, Any], seen: Observed) -> list[str]:
        """Return how *seen* differs from *expected*; nothing where it does not."""
        found: list[str] = []
        for what, wanted in expected.items():
            match what:
                case "event":
                    found += _events(wanted, seen)
                case "no_event":
                    found += [f"{wanted} happened" for n in _names(seen) if wanted in n]
                case "number":
                    number = (seen.answer or {}).get("number")
                    found += (
                        [] if number == wanted else [f"number is {number}, not {wanted}"]
                    )
                case "refused":
                    found += _refused(wanted, seen)
                case "alerts":
                    found += _alerts(wanted, seen)
                case "calendar":
                    found += self._years(wanted)
                case _:
                    found += await self._item(what, wanted)
        return found

    def _years(self, wanted: Mapping[Any, Any]) -> list[str]:
        found = []
        for year, said in wanted.items():
            status = self._calendar.status(int(year))
            days = self._calendar.work_days(int(year))
            if status != said["status"] or days != said.get("work_days", days):
                found.append(f"{year} is {status} with {days} working days")
        return found

    async def _item(self, what: str, wanted: Mapping[str, Any]) -> list[str]:
        reader = wanted.get("reader", "li.juan")
        path = await self._path(what, reader, wanted["name"])
        detail = await self._desk.client.get(reader, path)
        fields = {k: v for k, v in wanted.items() if k not in ("name", "reader")}
        return [
            f"{wanted['name']}: {name} is {detail.get(name)!r}, not {value!r}"
            for name, value in fields.items()
            if not _same(detail.get(name), value)
        ]

    async def _path(self, what: str, reader: str, name: str) -> str:
        if what == "document":
            kind, item_id = await self._desk.document(reader, name)
            return f"/documents/v1/{kind}/{item_id}"
        find, path = FOUND[what]
        return f"{path}/{await find(self._desk, reader, name)}"


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(_same(found.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, Mapping) and isinstance(found, list):  # the entry that it names
        name, value = next(iter(wanted.items()))
        return any(_same(entry, wanted) for entry in found if entry.get(name) == value)
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_same, found, wanted))
    if isinstance(found, str) and isinstance(wanted, str):
        try:
            return datetime.fromisoformat(found) == datetime.fromisoformat(wanted)
        except (ValueError, TypeError):
            return found == wanted
    return bool(found == wanted)


def _names(seen: Observed) -> list[set[str]]:
    names = []
    for event in seen.events:
        past = str(event["type"]).partition(".")[2]
        names.append({past, *(noun + past for noun in NOUNS)})
    return names


def _events(wanted: Any, seen: Observed) -> list[str]:
    wishes = [wanted] if isinstance(wanted, str) else wanted
    names = _names(seen)
    happened = ", ".join(event["type"] for event in seen.events) or "nothing"
    return [
        f"{wish} did not happen; what did: {happened}"
        for wish in wishes
        if not any(wish in name for name in names)
    ]


def _refused(wanted: Mapping[str, str], seen: Observed) -> list[str]:
    if seen.refusal is None:
        return ["it was not refused"]
    problem = seen.refusal.problem
    return [
        f"refused by {name} {problem.get(name)!r}, not {value!r}"
        for name, value in wanted.items()
        if value not in str(problem.get(name, ""))
    ]


def _alerts(wanted: Mapping[str, Sequence[str]], seen: Observed) -> list[str]:
    """Compare exactly: an alert of a named kind that goes to anybody else is a difference."""
    found = []
    for kind, people in wanted.items():
        told = sorted(
            f"{who} for {leader}" if leader else who
            for who, leader, what in seen.alerts
            if what == kind
        )
        if told != sorted(people):
            found.append(
                f"{kind} told {told or 'nobody'}, not {sorted(people) or 'nobody'}"
            )
    return found
