"""One service's HTTP application."""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from opentelemetry.propagate import extract
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.http.admission import Admitting
from chassis.http.errors import install
from chassis.http.problems import language_of, problem
from chassis.telemetry import REQUESTS, SECONDS, trace_id, tracer

HUNG_UP = "the handler is closed"  # uvloop's words: who asked does not hear us any more


def build(name: str, title: str, routers: Sequence[APIRouter], most_bytes: int) -> FastAPI:
    """Return the application of service *name*, with its OpenAPI document under its prefix."""
    app = FastAPI(
        title=title,
        version="1",
        openapi_url=f"/{name}/v1/openapi.json",
        docs_url=f"/{name}/v1/docs",
        redoc_url=None,
        # Its spans hold what is searched for, and `Observed` has one of ours.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.name = name
    for router in routers:
        app.include_router(router)
    install(app)
    app.add_middleware(Bounded, most=most_bytes)
    app.add_middleware(Admitting)
    app.add_middleware(Observed, name=name)  # outermost: what is refused is seen as well
    return app


class Bounded:
    """Refuses a body that is too large: by its announced length, or when it grows past it."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        language = language_of(headers.get(b"accept-language", b"").decode("latin-1"))
        if not announced.isdigit() or int(announced) > self._most:
            await self._refuse(scope, receive, send, language)
            return
        seen = 0
        too_large = False

        async def bounded() -> Message:
            nonlocal seen, too_large
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                too_large = True
                raise _TooLargeError
            return message

        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if too_large and not started:
                return
            started = True
            await send(message)

        with contextlib.suppress(_TooLargeError):
            await self._app(scope, bounded, sending)
        if too_large and not started:
            await self._refuse(scope, receive, send, language)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, language: str
    ) -> None:
        detail = (
            f"a request may have {self._most} bytes"
            if language == "en"
            else f"请求不得超过{self._most}字节。"
        )
        await problem(413, "too-large", detail, language=language)(scope, receive, send)


class _TooLargeError(Exception):
    pass


class Observed:
    """Gives every request a span, a trace id in its answer, and its place in the metrics."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._app = app
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        carrier = {
            k.decode("latin-1"): v.decode("latin-1")
            for k, v in scope["headers"]
            if k == b"traceparent"
        }
        status = 500
        with tracer.start_as_current_span(
            f"{scope['method']} {self._name}", context=extract(carrier)
        ):

            async def sending(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    message["headers"] = [
                        *message["headers"],
                        (b"trace-id", (trace_id() or "").encode()),
                    ]
                try:
                    await send(message)
                except RuntimeError as error:
                    if HUNG_UP not in str(error):
                        raise

            try:
                await self._app(scope, receive, sending)
            finally:
                route = getattr(scope.get("route"), "path", "none")
                REQUESTS.labels(self._name, scope["method"], route, status).inc()
                SECONDS.labels(self._name, route).observe(time.perf_counter() - began)


def probes(ready: Any) -> APIRouter:
    """Return the probes of a process: alive, ready, metrics. They need no token."""
    router = APIRouter(tags=["probes"])

    @router.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """Answer: the event loop turns."""
        return "ok\n"

    @router.get("/readyz")
    async def readyz() -> Response:
        """Say whether databases and migrations are there."""
        faults: dict[str, str] = await ready()
        return JSONResponse(faults or {"ready": "yes"}, status_code=503 if faults else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        """Give the figures of this process to Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
