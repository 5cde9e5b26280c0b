"""Malformed HTTP requests, as many as are wanted, the same for the same seed.

Each is wrong for certain, and in front of a door that its sender may use: whatever is answered
but a 4xx, or a 503 with a hint, is a fault of ours, and nothing may come of it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

NASTY: Sequence[Any] = (
    None,
    True,
    -1,
    2**63,
    2**4000,
    1e308,
    "",
    "\0",
    "a\0b",
    "\x85",
    "\u202e",
    "'; drop table store.event; --",
    "{0.__class__} %s",
    "../../etc/passwd",
    "长" * 6000,
    "2025-02-30T00:00:00Z",
    "9999-12-31T23:59:59Z",
    [],
    [[[]]],
    {},
    {"a": {"b": {}}},
    [None] * 60,
)
BROKEN: Sequence[bytes] = (
    b"",
    b"{",
    b"[",
    b"nul",
    b'{"a":',
    b'"\xff\xfe"',
    b"\xff" * 100,
    b'{"a": NaN, "a": 1}',
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b"1" * 5_000,
    b"<?xml version='1.0'?><a/>",
)
TYPES: Sequence[str] = (
    "text/plain",
    "application/xml",
    "application/jsonx",
    "x",
    "multipart/form-data",
)
KEYS: Sequence[str] = ("", " ", "k" * 201, "\u00e9", "a b", "\x7f")
TOKENS: Sequence[str] = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Bearer a.b.c",
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9.",
    "Bearer " + "a" * 9_000,
    "Basic b3BlcmF0b3I6",
    "\u00e9",
)


@dataclass(frozen=True, slots=True)
class Door:
    """A door that *person* may use, and a body that it would take."""

    person: str
    path: str
    body: Mapping[str, Any]

    @property
    def service(self) -> str:
        """Whose it is."""
        return self.path.split("/", 2)[1]


@dataclass(frozen=True, slots=True)
class Request:
    """One malformed request. *person* is None for one whose token is part of what is wrong."""

    what: str
    service: str
    person: str | None
    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes


def malformed(chance: Random, doors: Sequence[Door]) -> Request:
    """Return one malformed request."""
    door = chance.choice(doors)
    return chance.choice(KINDS)(chance, door)


def _sent(
    what: str,
    door: Door,
    content: bytes,
    *,
    person: str | None = "",
    method: str = "POST",
    path: str = "",
    **headers: str,
) -> Request:
    named = {"Content-Type": "application/json", "Idempotency-Key": "hostile"}
    given = named | {name.replace("_", "-"): said for name, said in headers.items()}
    sender = door.person if person == "" else person
    return Request(what, door.service, sender, method, path or door.path, given, content)


def _bad_value(chance: Random, door: Door) -> Request:
    """Wrong values, and always a field that nobody knows."""
    body = dict(door.body)
    for name in list(body):
        if chance.random() < 0.4:
            body[name] = chance.choice(NASTY)
    body[chance.choice(("zz", "__class__", "\u0000", ""))] = chance.choice(NASTY)
    return _sent("bad value", door, json.dumps(body).encode())


def _no_object(chance: Random, door: Door) -> Request:
    wrong = chance.choice([n for n in NASTY if not isinstance(n, dict)])
    return _sent("no object", door, json.dumps(wrong).encode())


def _broken(chance: Random, door: Door) -> Request:
    return _sent("broken JSON", door, chance.choice(BROKEN))


def _noise(chance: Random, door: Door) -> Request:
    return _sent("noise", door, b"\xff" + chance.randbytes(chance.randrange(2_000)))


def _other_type(chance: Random, door: Door) -> Request:
    content = json.dumps(door.body).encode()
    return _sent("content type", door, content, Content_Type=chance.choice(TYPES))


def _bad_key(chance: Random, door: Door) -> Request:
    content = json.dumps(door.body).encode()
    return _sent("key", door, content, Idempotency_Key=chance.choice(KEYS))


def _bad_version(chance: Random, door: Door) -> Request:
    content = json.dumps(door.body).encode()
    said = chance.choice(("x", '"-1"', '"1', '"1e9"', '"' + "9" * 40 + '"', "W/1"))
    return _sent("If-Match", door, content, If_Match=said)


def _too_large(chance: Random, door: Door) -> Request:
    del chance
    return _sent("too large", door, b'{"zz": "' + b"a" * 1_100_000 + b'"}')


def _bad_token(chance: Random, door: Door) -> Request:
    content, token = json.dumps(door.body).encode(), chance.choice(TOKENS)
    return _sent("token", door, content, person=None, Authorization=token)


def _nowhere(chance: Random, door: Door) -> Request:
    tail = chance.choice(
        ("%00", "%ff%fe", "../..", "a" * 3_000, "%2e%2e%2f", "\u6bd2", "{id}")
    )
    return _sent("nowhere", door, b"{}", path=f"/{door.service}/v1/nowhere/{tail}")


def _other_method(chance: Random, door: Door) -> Request:
    method = chance.choice(("PATCH", "TRACE", "CONNECTX", "OPTIONS", "PROPFIND"))
    return _sent("method", door, b"", method=method)


def _bad_id(chance: Random, door: Door) -> Request:
    parts = door.path.split("/")
    found = [n for n, part in enumerate(parts) if _is_id(part)]
    if not found:
        return _bad_value(chance, door)
    parts[found[0]] = chance.choice(("%00", "x", "0", "%27", "%F0%9F", "null", "a" * 2_000))
    return _sent("id", door, json.dumps(door.body).encode(), path="/".join(parts))


def _bad_list(chance: Random, door: Door) -> Request:
    lists = {"documents": ("li.juan", "incoming"), "supervision": ("sun.li", "matters")}
    person, noun = lists.get(door.service, lists["documents"])
    service = door.service if door.service in lists else "documents"
    query = chance.choice(
        ("limit=0", "limit=x", f"limit={2**70}", "cursor=%00", "cursor=e30")
    )
    path = f"/{service}/v1/{noun}?{query}"
    asked = Door(person, path, {})
    return _sent("query", asked, b"", method="GET", person=person)


def _is_id(part: str) -> bool:
    try:
        UUID(part)
    except ValueError:
        return False
    return True


KINDS: Sequence[Callable[[Random, Door], Request]] = (
    *(_bad_value,) * 4,
    _no_object,
    _broken,
    _noise,
    _other_type,
    _bad_key,
    _bad_version,
    _too_large,
    _bad_token,
    _nowhere,
    _other_method,
    _bad_id,
    _bad_list,
)
