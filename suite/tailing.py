"""Public events as they stand in the log, for people and programs to look at.

Read without a consumer group of anybody's: under a throw-away name, committing nothing.
"""

import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain
from typing import Any

from google.protobuf import symbol_database
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError

from chassis.domain import Label
from chassis.log import Log
from chassis.log.port import Place, Received, Subscriber
from chassis.people import People
from suite.hosting import SERVICES

TOPICS = tuple(topic for s in SERVICES.values() for topic in s.topics.values())
LABELS: Mapping[str, Label] = {
    f"shuniu.{service.name}.v1.{event.__name__}": event.label
    for service in SERVICES.values()
    for category in service.categories
    for event in category.events
}
UNITS = ("lead", "unit", "co")
NUMBERS = ("number", "receipt_no", "doc_no", "sender_doc_no")
AT_ONCE = 500
WAIT_SECONDS = 0.5
QUIET_SECONDS = 10.0
ATTRIBUTE = "ce_"


@dataclass(frozen=True, slots=True)
class Told:
    """A public event as it was read. *data* is empty where nobody here knows its type."""

    record: Received
    attributes: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def units(self) -> set[str]:
        """The units that it names."""
        named = (self.data.get(field) or () for field in UNITS)
        return {*chain(*([n] if isinstance(n, str) else n for n in named))}

    def plain(self) -> dict[str, Any]:
        """Return it for programs: CloudEvents attributes, the message, the place."""
        record = self.record
        place = {"topic": record.topic, "partition": record.partition}
        return {**self.attributes, "data": self.data, **place, "offset": record.offset}

    def line(self, people: People, zone: tzinfo, language: str) -> str:
        """Return it for people: when, what, which number, which units."""
        label = LABELS.get(self.attributes.get("type", ""))
        english = language == "en"
        what = self.attributes.get("type", "?").rpartition(".")[2]
        if label is not None:
            what = label.en if english else label.zh
        number = next((str(self.data[n]) for n in NUMBERS if self.data.get(n)), "")
        words = {
            "lead": ("主办", "lead "),
            "unit": ("", ""),
            "co": ("协办", "with "),
        }
        said = [
            words[field][english]
            + "、".join(_name(people, unit) for unit in _listed(named))
            for field in UNITS
            if (named := self.data.get(field))
        ]
        return "  ".join(filter(None, [self._when(zone), what, number, *said]))

    def _when(self, zone: tzinfo) -> str:
        try:
            moment = datetime.fromisoformat(self.attributes["time"])
        except (KeyError, ValueError):
            return "?"
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def told(record: Received) -> Told:
    """Decode *record*: its attributes in any case, its message where the type is known."""
    attributes = {
        name.removeprefix(ATTRIBUTE): value
        for name, value in record.headers.items()
        if name.startswith(ATTRIBUTE)
    }
    return Told(record, attributes, _data(attributes.get("type", ""), record.value))


def _data(name: str, value: bytes | None) -> Mapping[str, Any]:
    try:
        message = symbol_database.Default().GetSymbol(name)
        decoded = message.FromString(value or b"")
    except (KeyError, DecodeError):
        return {}
    found: dict[str, Any] = MessageToDict(decoded, preserving_proto_field_name=True)
    return found


async def read(
    log: Log, topics: Sequence[str], *, from_start: bool, follow: bool, last: int = 0
) -> AsyncIterator[list[Told]]:
    """Read *topics*: what is there, in the order of time, and then what comes.

    From now on, or with *last* from so many offsets before the end of each partition.
    Topics have no common order: what is read at once is sorted by when it occurred.
    """
    bounds: dict[Place, tuple[int, int]] = {}
    reached: dict[Place, int] = {}

    async def taken(subscriber: Subscriber, places: Collection[Place]) -> None:
        for place in places:
            first, end = bounds[place] = await subscriber.bounds(place)
            reached.setdefault(place, first if from_start else max(first, end - last))
            await subscriber.seek(place, reached[place])

    subscriber = await log.subscriber(f"tail.{secrets.token_hex(8)}", topics, taken)
    quiet = 0.0
    try:
        while True:
            found = await subscriber.fetch(AT_ONCE, WAIT_SECONDS)
            records = list(chain(*found.values()))
            quiet = 0.0 if records else quiet + WAIT_SECONDS
            for record in records:
                reached[record.place] = max(reached[record.place], record.offset + 1)
            if records:
                events = map(told, records)
                yield sorted(
                    events, key=lambda e: (e.attributes.get("time", ""), e.record.offset)
                )
            done = bounds and all(reached[p] >= end for p, (_, end) in bounds.items())
            if not follow and (done or quiet > QUIET_SECONDS):
                return
    finally:
        await subscriber.close()


def _listed(named: Any) -> Sequence[str]:
    return [named] if isinstance(named, str) else list(named)


def _name(people: People, unit: str) -> str:
    found = people.units.get(unit)
    return found.name if found else unit
