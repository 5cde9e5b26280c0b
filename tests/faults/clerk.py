"""One command as a client sends it, again and again until it knows; each time is written down."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid5

import httpx

from chassis.http.doors import KEYS
from tests.faults.history import Attempt, History, Outcome, Phase

TIMES = httpx.Timeout(4.0, connect=2.0)
PATIENCE_SECONDS = 8.0  # then the command is left for later
PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 1.5
ALIKE = ("etag", "shuniu-position", "content-type")


@dataclass(slots=True)
class Asked:
    """One command, under one key for ever. *answer* is what was answered when it was OK."""

    key: UUID
    person: str
    act: str
    path: str
    item: UUID
    body: Mapping[str, Any] | None = None
    answer: tuple[int, bytes, Mapping[str, str]] | None = field(default=None, repr=False)

    @property
    def service(self) -> str:
        """Who is asked."""
        return self.path.split("/", 2)[1]

    @property
    def command_id(self) -> UUID:
        """The id that the service gives the command."""
        return command_id(self.service, self.person, self.key)


def command_id(service: str, person: str, key: UUID) -> UUID:
    """Return the command id that *service* derives from a person's Idempotency-Key."""
    return uuid5(KEYS, f"{service}|{person}|{key}")


class Clerks:
    """The people's clients. *unlike* are the repeats that were not answered as at first."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        token: Callable[[str], str],
        history: History,
        when: Callable[[], tuple[Phase, float]],
        chance: Random,
    ) -> None:
        self.unlike: list[str] = []
        self.compared = 0
        self._addresses, self._token = addresses, token
        self._history, self._when, self._chance = history, when, chance
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._numbers: dict[str, int] = {}

    async def close(self) -> None:
        """Hang up: no connection is kept alive; whoever asks again has a new one."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            with contextlib.suppress(httpx.HTTPError):
                await client.aclose()

    @property
    def tokens(self) -> frozenset[str]:
        """What was shown at the doors."""
        return frozenset(map(self._token, self._numbers))

    async def perform(self, asked: Asked) -> Outcome:
        """Send *asked* until something is known of it, for as long as a client has patience."""
        loop = asyncio.get_running_loop()
        until, pause = loop.time() + PATIENCE_SECONDS, PAUSE_SECONDS
        while (outcome := await self.send(asked)) is Outcome.UNKNOWN:
            if loop.time() > until:
                return outcome
            await asyncio.sleep(self._chance.uniform(pause / 2, pause))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return outcome

    async def send(self, asked: Asked) -> Outcome:
        """Send *asked* once, and write down what came of it."""
        phase, sent = self._when()
        answer: httpx.Response | None = None
        try:
            answer = await self.client(asked.person).post(
                self._addresses[asked.service] + asked.path,
                json=asked.body,
                headers={"Idempotency-Key": str(asked.key)},
            )
        except (httpx.TransportError, httpx.DecodingError) as error:
            said = type(error).__name__
        else:
            said = _said(answer)
        outcome = _outcome(answer)
        self._history.add(
            Attempt(
                client=self._numbers[asked.person],
                key=asked.key,
                service=asked.service,
                act=asked.act,
                item=asked.item,
                phase=phase,
                sent_at=sent,
                ended_at=self._when()[1],
                outcome=outcome,
                status=answer.status_code if answer is not None else None,
                said=said,
                hinted=answer is not None and "Retry-After" in answer.headers,
                person=asked.person,
            )
        )
        if outcome is Outcome.OK and answer is not None:
            self._compare(asked, answer)
        return outcome

    def client(self, person: str) -> httpx.AsyncClient:
        """Return the client of *person*."""
        if person not in self._clients:
            self._numbers.setdefault(person, len(self._numbers))
            self._clients[person] = httpx.AsyncClient(
                headers={"Authorization": f"Bearer {self._token(person)}"},
                timeout=TIMES,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
                trust_env=False,
            )
        return self._clients[person]

    def _compare(self, asked: Asked, answer: httpx.Response) -> None:
        headers = {name: answer.headers.get(name, "") for name in ALIKE}
        now = (answer.status_code, answer.content, headers)
        if asked.answer is None:
            asked.answer = now
            return
        self.compared += 1
        if asked.answer != now:
            self.unlike.append(
                f"{asked.act} under key {asked.key} was answered {asked.answer}, then {now}"
            )


def _outcome(answer: httpx.Response | None) -> Outcome:
    if answer is None or answer.is_server_error:
        return Outcome.UNKNOWN
    return Outcome.OK if answer.is_success else Outcome.REFUSED


def _said(answer: httpx.Response) -> str:
    if answer.is_success:
        return ""
    try:
        problem = answer.json()
        return str(problem.get("rule") or problem.get("type") or answer.status_code)
    except (ValueError, AttributeError):
        return f"no problem document: {answer.text[:80]}"
