"""Calls to a running suite, as one of its people."""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import quote

import httpx

TIMEOUT_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
AGAIN = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)


class RefusedCallError(Exception):
    """The suite said no; `problem` is its problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(said(status, problem))
        self.status = status
        self.problem = problem


class Client:
    """HTTP to one suite. Tokens are made, or looked up, per person.

    *base* is its address, or one for each service by the first segment of a path. A call
    that gets no answer, or the answer to try again, is made again for *patience* seconds,
    under the same key: whatever happens in between, a command is done once.
    """

    def __init__(
        self,
        base: str | Mapping[str, str],
        token: Callable[[str], str],
        language: str = "zh",
        *,
        patience: float = 0.0,
    ) -> None:
        self._http = httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS, headers={"Accept-Language": language}
        )
        self._base = base
        self._token = token
        self._patience = patience
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        """Open."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self._http.aclose()

    async def get(self, person: str, path: str, **query: Any) -> Any:
        """Read *path* as *person*. Raises `RefusedCallError`."""
        return _content(await self._call("GET", path, self._headers(person), query))

    async def post(
        self,
        person: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        **query: Any,
    ) -> dict[str, Any]:
        """Ask for a command at *path* as *person*. Raises `RefusedCallError`."""
        return await self.send("POST", person, path, body, key=key, **query)

    async def send(
        self,
        method: str,
        person: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        **query: Any,
    ) -> dict[str, Any]:
        """Ask for a command by *method*. Raises `RefusedCallError`."""
        headers = self._headers(person) | {
            "Idempotency-Key": quote(key or str(uuid.uuid4()))
        }
        answer = await self._call(method, path, headers, query, body)
        content: dict[str, Any] = _content(answer) or {}
        return content

    async def _call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, Any],
        body: Any = None,
    ) -> httpx.Response:
        url = self._url(path)
        until = time.monotonic() + self._patience
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                answer = await self._http.request(
                    method, url, json=body, headers=headers, params=query
                )
            except AGAIN:
                if time.monotonic() >= until:
                    raise
            else:
                if "Retry-After" not in answer.headers or time.monotonic() >= until:
                    return answer
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 so that not all come at once
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _url(self, path: str) -> str:
        if isinstance(self._base, str):
            return self._base + path
        service = path.split("/", 2)[1]
        if service not in self._base:
            raise RefusedCallError(404, {"title": f"nobody serves /{service} here"})
        return self._base[service] + path

    def _headers(self, person: str) -> dict[str, str]:
        if person not in self._tokens:
            self._tokens[person] = self._token(person)
        return {"Authorization": f"Bearer {self._tokens[person]}"}


def _content(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        problem = answer.json()
    except ValueError:
        problem = {"title": answer.reason_phrase}
    raise RefusedCallError(answer.status_code, problem)


def said(status: int, problem: Mapping[str, Any]) -> str:
    """Return a problem document as one line for a terminal: what, by which rule, where."""
    line = str(problem.get("detail") or problem.get("title") or status)
    if "rule" in problem:
        line += f"（规则 {problem['rule']}，{problem['source']}）"
    faults = [f"{fault['at']}: {fault['fault']}" for fault in problem.get("errors", ())]
    return f"{line} {'; '.join(faults)}".strip()
