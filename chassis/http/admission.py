"""How much a service takes in hand at once: what comes beyond that is sent away, with a hint.

What would wait longer than its client is done for nobody, and holds up what came after it.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.http.errors import RETRY
from chassis.http.problems import language_of, problem

MOST_AT_ONCE = 64  # less than a second's work


class Admitting:
    """Sends a request away, 503 with `Retry-After`, while *most* others are in hand."""

    def __init__(self, app: ASGIApp, most: int = MOST_AT_ONCE) -> None:
        self._app = app
        self._most = most
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._in_hand >= self._most:
            await _send_away(scope, receive, send)
            return
        self._in_hand += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._in_hand -= 1


async def _send_away(scope: Scope, receive: Receive, send: Send) -> None:
    accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    language = language_of(accepted)
    detail = "too much at once: try again" if language == "en" else "系统繁忙，请稍后再试。"
    answer = problem(503, "unavailable", detail, language=language, headers=RETRY)
    await answer(scope, receive, send)
