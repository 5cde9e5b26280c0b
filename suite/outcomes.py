"""What came of a play, so that two plays can be compared: canonical JSON.

Left out is what differs however a suite is run: recorded times, positions, epochs, traces.
Ids stay: each derives from the command that it came of, so they are the same every time.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict

from chassis.log import Log
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.client import Client
from suite.hosting import SERVICES
from suite.issuer import OPERATOR
from suite.tailing import TOPICS, read

ATTRIBUTES = (
    "id",
    "source",
    "type",
    "subject",
    "time",
    "sequence",
    "correlationid",
    "causationid",
)
LISTS: Sequence[tuple[str, str, str | None, Mapping[str, Any]]] = (
    ("li.juan", "/documents/v1/incoming", "document_id", {}),
    ("liu.min", "/documents/v1/outgoing", "document_id", {}),
    ("sun.li", "/supervision/v1/matters", "matter_id", {"closed": True}),
    ("ding.qian", "/meetings/v1/meetings", "meeting_id", {}),
    ("ding.qian", "/meetings/v1/agenda-items", "agenda_item_id", {}),
    ("ding.qian", "/meetings/v1/opinions", "opinion_id", {}),
    ("sun.li", "/supervision/v1/scores", "score_id", {}),
    (OPERATOR, "/directory/v1/people", None, {}),
)
"""Who reads which list, the id that an item's own page is found by, and what is asked for."""

PAGE = 200
NOT_COMPARED = (
    "sequence",  # others' items may come in between
    "attempt",  # how often it was sent until it was acknowledged
    "redelivered",  # the same
    "expires_at",  # mailboxes are kept by machine time, as a log is
)


async def outcomes(
    client: Client, log: Log, arrived: Sequence[tuple[str, pb.Alert]]
) -> dict[str, Any]:
    """Return what came of a play that has come to rest."""
    return {
        "events": await _events(log),
        "alerts": _alerts(arrived),
        "states": {where[1]: await _states(client, *where) for where in LISTS},
        "streams": {service: await _streams(client, service) for service in SERVICES},
        "chains": {service: await _verified(client, service) for service in SERVICES},
    }


def written(came: Mapping[str, Any]) -> str:
    """Return *came* as canonical JSON."""
    return json.dumps(came, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


async def _streams(client: Client, service: str) -> dict[str, list[str]]:
    """Return what is stored of each item, and of each number series: one entry an event."""
    found: dict[str, list[str]] = {}
    after = 0
    path = f"/{service}/admin/v1/events"
    while page := await client.get(OPERATOR, path, after=after, limit=PAGE):
        for event in page:
            entry = "{version} {type} {event_id}".format_map(event)
            found.setdefault(event["stream"], []).append(entry)
        after = page[-1]["position"]
    return found


async def _verified(client: Client, service: str) -> dict[str, Any]:
    """Return what the verification of a service's hash chains finds."""
    found: dict[str, Any] = await client.get(OPERATOR, f"/{service}/admin/v1/verification")
    return found


async def _events(log: Log) -> dict[str, Any]:
    """Return each topic's events by item, in order; a repeat of the relay counts once."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    async for batch in read(log, TOPICS, from_start=True, follow=False):
        for told in sorted(batch, key=lambda told: told.record.offset):
            event: dict[str, Any] = {n: told.attributes.get(n) for n in ATTRIBUTES}
            event["data"] = told.data
            items = found.setdefault(told.record.topic, {})
            items.setdefault(str(event["subject"]), {}).setdefault(str(event["id"]), event)
    return {
        topic: {item: list(events.values()) for item, events in items.items()}
        for topic, items in found.items()
    }


def _alerts(arrived: Sequence[tuple[str, pb.Alert]]) -> dict[str, Any]:
    """Return each person's alerts by item, in the order of the mailbox."""
    found: dict[str, dict[str, list[Any]]] = {}
    for person, alert in sorted(arrived, key=lambda told: (told[0], told[1].sequence)):
        plain = MessageToDict(alert, preserving_proto_field_name=True)
        for name in NOT_COMPARED:
            plain.pop(name, None)
        items = found.setdefault(person, {})
        items.setdefault(alert.entity.id, []).append(plain)
    return found


async def _states(
    client: Client,
    person: str,
    path: str,
    name: str | None,
    asked: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return every item of a list, with its own page, in the order of their ids."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await client.get(person, path, limit=PAGE, **asked, **cursor)
        for item in page["items"]:
            detail = await client.get(person, f"{path}/{item[name]}") if name else {}
            items.append({"listed": item, "detail": detail})
        if not page.get("next"):
            return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
        cursor = {"cursor": page["next"]}
