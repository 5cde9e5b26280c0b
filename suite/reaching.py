"""How a command reaches a running suite: one on this machine, or a remote one.

A local demo leaves word in its state folder, and signs the tokens of its people. A remote
suite is named by its URL; a token of its own issuer says who calls.
"""

import base64
import binascii
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chassis.calendars import load_calendar
from chassis.people import People
from chassis.workdays import Calendar
from suite.client import Client
from suite.issuer import OPERATOR, Issuer
from suite.organisation import load_people
from suite.state import State, running

GRPC_PORT = 9000


class ReachError(Exception):
    """The suite cannot be reached as was asked; the message says what to do. One line."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks: what the screens need to know of a person."""

    id: str
    name: str
    unit: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Reach:
    """A suite that can be called; *services* have addresses of their own."""

    http: str
    grpc: str
    token: Callable[[str], str]
    people: People
    calendar_years: Sequence[int] | None = None
    log: str | None = None
    kafka: str | None = None
    claims: dict[str, Any] | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None  # its state, of a suite on this machine

    @property
    def secure(self) -> bool:
        """Whether the suite is called over TLS."""
        return self.http.startswith("https://")

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar that the suite counts with."""
        folder, zone = os.environ.get("SHUNIU_CALENDARS"), os.environ.get("SHUNIU_TZ")
        return load_calendar(
            self.calendar_years,
            Path(folder) if folder else None,
            zone=zone or "Asia/Shanghai",
        )

    def client(self, language: str = "zh") -> Client:
        """Return a client; use it in an `async with`."""
        return Client(self.services or self.http, self.token, language)

    def who(self, person: str | None) -> Who:
        """Return who *person* is; None is whom the token names. Raises `ReachError`."""
        claims = self.claims or {}
        person = person or claims.get("sub")
        if person is None:
            raise ReachError("say who you are: --as PERSON, for instance --as li.juan")
        if self.claims is None:
            self.token(person)  # raises for somebody nobody knows
        elif person != claims.get("sub"):
            raise ReachError(f"the token names {claims.get('sub')}, not {person}")
        found = self.people.people.get(person)
        if found is not None:
            return Who(found.id, found.name, found.unit, found.roles)
        roles = frozenset(map(str, claims.get("roles", [])))
        return Who(person, person, str(claims.get("unit", "")), roles)


def reach(
    state: Path | None, url: str | None, token: str | None, grpc: str | None
) -> Reach:
    """Return the suite at *url*, else the one on *state*. Raises `ReachError`, `StateError`."""
    if url:
        return _remote(url, token, grpc)
    address = running(state).address()
    people = load_people(Path(address.organisation))
    issuer = Issuer(running(state).keys, people)
    return Reach(
        http=address.http,
        grpc=grpc or address.grpc,
        token=issuer.token,
        people=people,
        calendar_years=address.calendar_years,
        log=address.log,
        kafka=address.kafka,
        services=address.services,
        folder=running(state).folder,
    )


def issuer_of(state: State) -> Issuer:
    """Return the issuer of the demo that runs on *state*. Raises `StateError`."""
    return Issuer(state.keys, load_people(Path(state.address().organisation)))


def _remote(url: str, token: str | None, grpc: str | None) -> Reach:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ReachError(f"{url} is no address: write it as https://shuniu.example.org")
    if not token:
        raise ReachError(
            "a remote suite wants a token of its own issuer: set SHUNIU_TOKEN, or use --token"
        )
    token = token.strip()
    organisation = os.environ.get("SHUNIU_ORGANISATION")
    return Reach(
        http=url.rstrip("/"),
        grpc=grpc or f"{parts.hostname}:{GRPC_PORT}",
        token=lambda _: token,
        people=load_people(Path(organisation) if organisation else None),
        claims=_claims(token),
    )


def _claims(token: str) -> dict[str, Any]:
    """Return what *token* says of its bearer; whether it is true, the suite decides."""
    try:
        middle = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, binascii.Error) as error:
        raise ReachError("SHUNIU_TOKEN is no JSON Web Token: ask your issuer") from error
    if not isinstance(said, dict):
        raise ReachError("SHUNIU_TOKEN is no JSON Web Token: ask your issuer")
    return said


__all__ = ["OPERATOR", "Reach", "ReachError", "Who", "issuer_of", "reach"]
