"""The process that runs a service.

`services/<name>/service.py` composes a `Service`; `Running` opens its parts, follows its
feed, consumes, fires timers, and stops it all again.
"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import directory
from chassis.admin import admin_router
from chassis.audit import AUDIT
from chassis.auth import Guard, TokenVerifier
from chassis.chain import Chain
from chassis.clock import Clock
from chassis.composing import ALL, Duties, Service
from chassis.consumer import Consumer
from chassis.database import open_engine, open_pool
from chassis.feed.follower import Feed, Follower
from chassis.feed.tailer import Tailer
from chassis.history import (
    expect_log_to_agree,
    expect_offsets_to_agree,
    expect_one_history,
)
from chassis.housekeeping import keep_house
from chassis.http import build
from chassis.keys import KeyRing
from chassis.log import Log
from chassis.measure import measure
from chassis.parked import NothingParkedError, Waiting
from chassis.parts import Parts, policies_of
from chassis.past import Past
from chassis.projection import Projecting, Projection, Rebuilding, begin_rebuild
from chassis.publishing import relays_of, source_of, topics_of
from chassis.reactions import Reactions
from chassis.rpc import RpcService
from chassis.store import Store
from chassis.timers import Timers
from chassis.views import Views

__all__ = ["ADMIN_POLICIES", "ALL", "Duties", "Running", "Service", "open_service"]

ADMIN_POLICIES = Path(__file__).parent / "admin" / "policies.cedar"


logger = structlog.get_logger(__name__)


class Running:
    """One service, or a part of it, in one process."""

    def __init__(
        self, service: Service, parts: Parts, app: FastAPI, duties: Duties = ALL
    ) -> None:
        self.service = service
        self.parts = parts
        self.app = app
        self.duties = duties
        self.rpc: Sequence[RpcService] = service.rpc(parts) if duties.calls else ()
        self.consumer: Consumer | None = None
        self.reactions: Reactions | None = None
        self.followers: list[str] = []
        self.dead: dict[str, str] = {}
        self._feed: Feed
        self._rebuilds: AsyncEngine | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, settings: Any) -> None:
        """Begin to follow and to consume, where that is this process's duty."""
        self._spawn("past", self.parts.store.past.watch(self.parts.store.pool))
        if not self.duties.works:
            return
        service, parts = self.service, self.parts
        name = service.name
        # A rebuild may take long: its login has no time-outs, and it acts as the service's role.
        self._rebuilds = open_engine(
            settings.dsn(name, f"shuniu_{name}_rebuild"), 2, role=f"shuniu_{name}"
        )
        tailer = Tailer(settings.dsn(name), wake=parts.store.appended)
        parts.tailer = tailer
        owner = f"{socket.gethostname()}-{secrets.token_hex(6)}"
        self._feed = Feed(parts.store, tailer, parts.engine, owner)
        self._spawn("tailer", tailer.run())
        for follower in self._followers():
            self.followers.append(follower.name)
            self._spawn(follower.name, follower.run(self._feed))
        replica = directory.subscriptions() if service.replica else ()
        subscriptions = [*replica, *service.subscriptions(parts)]
        if subscriptions:
            self.consumer = Consumer(
                name=consumer_of(service.name),
                service=service.name,
                subscriptions=subscriptions,
                log=parts.log,
                store=parts.store,
                engine=parts.engine,
                clock=parts.clock,
            )
            self._spawn("consumer", self.consumer.run())
        self._spawn("measure", measure(parts, self))
        self._spawn("housekeeping", keep_house(parts, service.forget))
        for projection in service.projections:
            if await _under_way(parts.engine, projection):
                self._rebuild(projection)

    async def rebuild(self, name: str) -> bool:
        """Begin to rebuild a projection; False when that is under way. Raises `KeyError`."""
        projection = self.parts.views.projections[name]
        started = await begin_rebuild(self.parts.engine, projection)
        if started:
            self._rebuild(projection)
        return started

    async def react(self, waiting: Waiting) -> None:
        """React to a parked event of our own; raises what the reaction raises."""
        row = await self.parts.store.pool.fetchrow(
            "select * from store.event where position = $1", waiting.offset
        )
        if row is None or self.reactions is None:
            raise NothingParkedError(waiting.offset)
        await self.reactions.react(await self.parts.store.decode(row))

    async def stop(self) -> None:
        """Stop following and consuming, and close everything this service opened."""
        for task in self._tasks.values():
            task.cancel()
        for task in self._tasks.values():
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        self._tasks.clear()
        if self._rebuilds is not None:
            await self._rebuilds.dispose()
        await self.parts.engine.dispose()
        await self.parts.store.pool.close()

    def _followers(self) -> Sequence[Follower]:
        service, parts = self.service, self.parts
        followers: list[Follower] = [Chain(), *map(Projecting, service.projections)]
        followers += relays_of(service, parts)
        if service.arming:
            followers.append(Timers(service.arming, service.firing(parts), parts.clock))
        if reactions := service.reactions(parts):
            self.reactions = Reactions(reactions, parts.clock, service.name)
            followers.append(self.reactions)
        return [*followers, *service.followers(parts)]

    def _rebuild(self, projection: Projection) -> None:
        follower = Rebuilding(projection)
        engine = self._rebuilds or self._feed.engine
        feed = Feed(self.parts.store, self._feed.tailer, engine, self._feed.owner)
        self._spawn(follower.name, follower.run(feed))

    def _spawn(self, name: str, work: Any) -> None:
        task = asyncio.create_task(work, name=f"{self.service.name}:{name}")
        task.add_done_callback(self._ended)
        self._tasks[name] = task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Let the readiness probe fail when something that runs for ever has died."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.dead[task.get_name()] = type(error).__name__
            logger.critical("service.died", task=task.get_name(), exc_info=error)


async def open_service(
    service: Service,
    settings: Any,
    *,
    log: Log,
    clock: Clock,
    keys: KeyRing,
    shared: Mapping[str, Any],
    duties: Duties = ALL,
) -> Running:
    """Open the parts of a service. Raises `DivergedError` when its history is not one."""
    past, dsn = Past(), settings.dsn(service.name)
    pool = await open_pool(dsn, settings.pool_size, past.check)
    engine = open_engine(dsn, settings.pool_size, opened=past.check)
    epoch = await expect_one_history(pool)
    store = Store(pool, [*service.categories, AUDIT], epoch, keys, past)
    source = source_of(service.name, settings.deployment)
    if topics := topics_of(service):
        await log.create(topics)
        await expect_log_to_agree(pool, log, [t.name for t in topics], source, epoch)
    await expect_offsets_to_agree(pool, log, consumer_of(service.name), epoch)
    policies = (service.folder / "policies.cedar").read_text("utf-8")
    parts = Parts(
        name=service.name,
        settings=settings,
        store=store,
        engine=engine,
        views=Views(engine, epoch, service.projections),
        clock=clock,
        log=log,
        guard=Guard([ADMIN_POLICIES.read_text("utf-8"), policies]),
        verifier=TokenVerifier(
            settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks
        ),
        policies=policies_of(service.folder, settings),
        keys=keys,
        directory=directory.Directory(engine, keys),
        **shared,
    )
    service.check(parts)
    routers = [*service.routers, admin_router(service.name)]
    app = build(service.name, service.title, routers, settings.max_body_bytes)
    running = Running(service, parts, app, duties)
    for name in ("store", "clock", "guard", "verifier"):
        setattr(app.state, name, getattr(parts, name))
    app.state.parts, app.state.running = parts, running
    return running


def consumer_of(service: str) -> str:
    """Return the name under which *service* consumes: also its group's, in the log."""
    return f"{service}.main"


async def _under_way(engine: AsyncEngine, projection: Projection) -> bool:
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "select 1 from feed.follower where name = $1", (f"{projection.follower}_next",)
        )
        return found.scalar() is not None
