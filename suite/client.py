"""Calls to a running suite, as one of its people."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import quote

import httpx

TIMEOUT_SECONDS = 30.0


class RefusedCallError(Exception):
    """The suite said no; `problem` is its problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(said(status, problem))
        self.status = status
        self.problem = problem


class Client:
    """HTTP to one suite. Tokens are made, or looked up, per person."""

    def __init__(
        self, base: str, token: Callable[[str], str], language: str = "zh"
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base, timeout=TIMEOUT_SECONDS, headers={"Accept-Language": language}
        )
        self._token = token
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        """Open."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self._http.aclose()

    async def get(self, person: str, path: str, **query: Any) -> Any:
        """Read *path* as *person*. Raises `RefusedCallError`."""
        answer = await self._http.get(path, params=query, headers=self._headers(person))
        return _content(answer)

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
        answer = await self._http.request(
            method, path, json=body, headers=headers, params=query
        )
        content: dict[str, Any] = _content(answer) or {}
        return content

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
