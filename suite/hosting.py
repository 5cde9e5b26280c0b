"""Services in one process: opened together, served on one HTTP and one gRPC port."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.calendars import load_calendar
from chassis.clock import Clock, DatabaseClock, SystemClock, VirtualClock, listen
from chassis.database import open_pool
from chassis.http.app import build, probes
from chassis.keys import StoredKeyRing
from chassis.log import Log
from chassis.log.embedded import EmbeddedLog
from chassis.log.kafka import KafkaLog
from chassis.migrate import Kind, migrate
from chassis.rpc import open_server
from chassis.service import ALL, Duties, Running, Service, open_service
from chassis.settings import Settings
from services.directory.service import SERVICE as DIRECTORY
from services.documents.service import SERVICE as DOCUMENTS
from services.meetings.service import SERVICE as MEETINGS
from services.notifier.service import SERVICE as NOTIFIER
from services.supervision.service import SERVICE as SUPERVISION

SERVICES: dict[str, Service] = {
    s.name: s for s in (DOCUMENTS, SUPERVISION, NOTIFIER, DIRECTORY, MEETINGS)
}
KINDS: dict[str, Sequence[Kind]] = {
    "notifier": ("service", "notifier"),
    "meetings": ("service", "meetings"),
}
PARTS: Mapping[str, Mapping[str, Duties]] = {
    "notifier": {"decider": Duties(calls=False), "streamer": Duties(works=False)},
}
"""The services that can be run in parts: each part's name and duties."""

STOP_SECONDS = 5.0
READY_SECONDS = 1.0


class PortTakenError(Exception):
    """A port is in use; the message says which, and what to do."""


async def migrate_all(settings: Settings, names: Sequence[str]) -> dict[str, str]:
    """Bring the databases of *names*, and the shared ones, up to date."""
    done = {}
    for name in names:
        for kind in KINDS.get(name, ("service",)):
            done[f"{name}/{kind}"] = await migrate(settings, name, kind)
    done["keys"] = await migrate(settings, "keys", "keys")
    if settings.log == "embedded":
        done["log"] = await migrate(settings, "log", "log")
    if settings.profile == "demo":
        done["clock"] = await migrate(settings, "clock", "clock")
    return done


class Hosted:
    """Services that run in this process."""

    def __init__(
        self, settings: Settings, running: dict[str, Running], clock: Clock
    ) -> None:
        self.settings = settings
        self.running = running
        self.clock = clock
        self.http_port = settings.http_port
        self.grpc_port = settings.grpc_port


@contextlib.asynccontextmanager
async def hosting(settings: Settings, names: Sequence[str]) -> AsyncIterator[Hosted]:
    """Run the services *names* until the block ends. Raises `PortTakenError`."""
    listening = _bind(settings.http_host, settings.http_port, "HTTP", "--http-port")
    probe = _bind(settings.grpc_host, settings.grpc_port, "gRPC", "--grpc-port")
    grpc_port = probe.getsockname()[1]
    probe.close()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(listening.close)
        log = await _log(settings, stack)
        keys = await open_pool(settings.dsn("keys"), 2)
        stack.push_async_callback(keys.close)
        clock: Clock = DatabaseClock(keys)
        if settings.profile == "demo":
            clocks = await open_pool(settings.dsn("clock"), 4)
            stack.push_async_callback(clocks.close)
            clock = await _virtual(clocks)
        shared = {
            "calendar": load_calendar(
                settings.calendar_years, settings.calendars, zone=settings.tz
            ),
        }
        running: dict[str, Running] = {}
        for name in names:
            opened = await open_service(
                SERVICES[name],
                settings,
                log=log,
                clock=clock,
                keys=StoredKeyRing(keys),
                shared=shared,
                duties=_duties(settings, name),
            )
            stack.push_async_callback(opened.stop)
            running[name] = opened
        for opened in running.values():
            await opened.start(settings)
        if settings.profile == "demo":
            listening_to = asyncio.create_task(
                listen(settings.dsn("clock"), lambda: _time_moved(running))
            )
            stack.callback(listening_to.cancel)
        hosted = Hosted(settings, running, clock)
        rpcs = [rpc for opened in running.values() for rpc in opened.rpc]
        try:
            server, hosted.grpc_port = await open_server(
                settings.grpc_host, grpc_port, rpcs
            )
        except OSError as error:
            raise PortTakenError(str(error)) from error
        stack.push_async_callback(server.stop, 1.0)
        hosted.http_port = listening.getsockname()[1]
        await stack.enter_async_context(_serving(hosted, listening))
        yield hosted


def _duties(settings: Settings, name: str) -> Duties:
    return PARTS.get(name, {}).get(settings.notifier_part, ALL)


async def _log(settings: Settings, stack: contextlib.AsyncExitStack) -> Log:
    if settings.log == "kafka":
        kafka = KafkaLog(settings.kafka_bootstrap_servers, settings.kafka_replication)
        stack.push_async_callback(kafka.close)
        return kafka
    log = EmbeddedLog(settings.dsn("log"))
    await log.start()
    stack.push_async_callback(log.close)
    return log


async def _virtual(pool: Any) -> VirtualClock:
    clock = VirtualClock(pool)
    if not await clock.known():
        await clock.move(await SystemClock().now())
    return clock


async def _time_moved(running: Mapping[str, Running]) -> None:
    """Let every follower take a turn: its timers may be due."""
    for opened in running.values():
        if opened.parts.tailer is not None:
            await opened.parts.tailer.nudge()


def _bind(host: str, port: int, what: str, option: str) -> socket.socket:
    # Named in full, so that asyncio sees TCP and switches off its wait for more to send.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PortTakenError(
            f"{what} port {port} on {host} is in use: "
            f"stop what uses it, or choose another with {option} (0 takes a free one)"
        ) from error
    return listening


class Switch:
    """Sends each request to the application of the service that its path names."""

    def __init__(self, apps: dict[str, ASGIApp], other: ASGIApp) -> None:
        self._apps = apps
        self._other = other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI 3)."""
        name = scope.get("path", "/").split("/", 2)[1] if scope["type"] == "http" else ""
        await self._apps.get(name, self._other)(scope, receive, send)


@contextlib.asynccontextmanager
async def _serving(hosted: Hosted, listening: socket.socket) -> AsyncIterator[None]:
    async def ready() -> dict[str, str]:
        faults: dict[str, str] = {}
        for name, running in hosted.running.items():
            faults |= running.dead
            try:
                async with asyncio.timeout(READY_SECONDS):
                    await running.parts.store.pool.fetchval("select 1")
            except Exception as error:  # noqa: BLE001 whatever it is, it is not ready
                faults[name] = type(error).__name__
        return faults

    front = build("suite", "Shuniu 枢纽", [probes(ready)], hosted.settings.max_body_bytes)
    apps: dict[str, ASGIApp] = {
        name: r.app for name, r in hosted.running.items() if r.duties.works
    }
    config = uvicorn.Config(
        Switch(apps, front),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=int(STOP_SECONDS),
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined] # ours decide
    task = asyncio.create_task(_serve(server, listening))
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await server._serve([listening])  # noqa: SLF001 `serve` would take the signals
