"""The guarded route: authenticated and authorised before its body is even parsed."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from chassis.audit import denied
from chassis.auth import ACTION, Caller, DeniedError
from chassis.auth.guard import Allowed
from chassis.http.answers import Answer, answer
from chassis.http.errors import KeyMissingError, VersionError, respond
from chassis.http.problems import language_of
from chassis.store import Cause
from chassis.store.cause import Executed
from chassis.telemetry import traceparent

KEYS = UUID("b6a1a3b2-8f35-5d1f-9f77-6a3a0f4d7c55")  # name space of idempotency keys
KEY = re.compile(r"^[\x21-\x7e]{1,200}$")
SHOWN = re.compile(r"^[\x21-\x7e]{1,200}$")
JSON = re.compile(r"^application/(?:[\w.+-]+\+)?json\s*(?:;|$)", re.ASCII | re.IGNORECASE)
VERSION = re.compile(r'^(?:W/)?"(\d{1,18})"$')
ANSWER_SECONDS = 2.5
PATIENT_SECONDS = 25.0

_left_behind: set[asyncio.Task[Response]] = set()


@dataclass(slots=True)
class Door:
    """One call through a guarded route: who, when, in which language."""

    request: Request
    caller: Caller
    now: datetime
    language: str

    async def cause(self, on_behalf_of: str | None = None, **given: Any) -> Cause:
        """Return the cause of the command that this call asks for."""
        headers = self.request.headers
        key = headers.get("Idempotency-Key", "")
        if not KEY.match(key):
            raise KeyMissingError
        body = await self.request.body()
        path = self.request.url.path
        seal = hashlib.sha256(f"{self.request.method} {path}\n".encode() + body).digest()
        service = self.request.app.state.name
        return Cause(
            command_id=uuid5(KEYS, f"{service}|{self.caller.subject}|{key}"),
            actor=self.caller.subject,
            on_behalf_of=on_behalf_of,
            occurred_at=self.now,
            traceparent=traceparent(),
            request_hash=seal,
            expected_version=_version(headers.get("If-Match")),
            **given,
        )

    def answer(self, executed: Executed) -> Answer:
        """Answer with what the command did, under the route's status."""
        return answer(executed, self.request.scope["route"].status_code or 200)


class GuardedRoute(APIRoute):
    """Lets in only who may: an endpoint without `@allows` lets in nobody.

    What takes longer than *seconds* is given up, 503: asked again under its key, it is done once.
    """

    seconds = ANSWER_SECONDS

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler with the guard."""
        handle = super().get_route_handler()
        allowed: Allowed | None = getattr(self.endpoint, ACTION, None)

        async def guarded(request: Request) -> Response:
            state = request.app.state
            caller = await state.verifier.caller(request.headers.get("Authorization"))
            now = await state.clock.now()
            action = allowed.action if allowed else "nothing"
            item = _item(request)
            attributes = await allowed.about(request) if allowed and allowed.about else None
            try:
                state.guard.check(caller, action, attributes)
            except DeniedError as error:
                await denied(
                    state.store, caller, now, action=action, item=item, policy=error.policy
                )
                raise
            _expect_json(request)
            language = language_of(request.headers.get("Accept-Language"))
            request.state.door = Door(request, caller, now, language)
            return await handle(request)

        async def answered(request: Request) -> Response:
            work = asyncio.ensure_future(guarded(request))
            try:
                async with asyncio.timeout(self.seconds):
                    return await asyncio.shield(work)
            except Exception as error:  # noqa: BLE001 each becomes a problem document
                return respond(request, error)
            finally:
                _leave_behind(work)

        return answered


class PatientRoute(GuardedRoute):
    """A guarded route for what takes its time."""

    seconds = PATIENT_SECONDS


def doors(prefix: str, tag: str, *, patient: bool = False) -> APIRouter:
    """Return a router whose routes are all guarded."""
    kind = PatientRoute if patient else GuardedRoute
    return APIRouter(prefix=prefix, tags=[tag], route_class=kind)


def _leave_behind(work: "asyncio.Task[Response]") -> None:
    """End *work* where it goes on, without waiting: a dead connection's end takes seconds."""
    if not work.done():
        work.cancel()
        _left_behind.add(work)
        work.add_done_callback(_forget)


def _forget(work: "asyncio.Task[Response]") -> None:
    _left_behind.discard(work)
    if not work.cancelled():
        work.exception()  # nobody waits for it any more, and the log need not hear of it


def path_id(request: Request, name: str) -> UUID:
    """Return the id in the path: for guards, who look before anything is validated.

    Raises `RequestValidationError`.
    """
    try:
        return UUID(request.path_params[name])
    except ValueError:
        fault = {"type": "uuid_parsing", "loc": ("path", name), "msg": "not a UUID"}
        raise RequestValidationError([fault]) from None


def _item(request: Request) -> str:
    """Return what the path names first, for the audit record."""
    named = str(next(iter(request.path_params.values()), "none"))
    return named if SHOWN.match(named) else "unreadable"


def _expect_json(request: Request) -> None:
    headers = request.headers
    empty = headers.get("Content-Length", "0") == "0" and "Transfer-Encoding" not in headers
    if not empty and not JSON.match(headers.get("Content-Type", "")):
        raise HTTPException(415)


async def _door(request: Request) -> Door:
    door: Door = request.state.door
    return door


Commanded = Annotated[Door, Depends(_door)]
"""The call of a route that changes something."""

Asked = Annotated[Door, Depends(_door)]
"""The call of a route that only reads."""


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    match = VERSION.match(if_match.strip())
    if match is None:
        raise VersionError
    return int(match.group(1))
