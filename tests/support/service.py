"""A service's database for one test, and processes that work on it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from chassis.database import connect, open_engine, open_pool
from chassis.domain import Category
from chassis.feed.follower import Feed, Follower
from chassis.feed.tailer import Tailer
from chassis.keys import KeyRing
from chassis.migrate import migrate
from chassis.settings import Settings
from chassis.store import Store
from tests.support.memory_keys import MemoryKeyRing
from tests.support.postgres import Postgres

COMMAND_CONNECTIONS = 12
READ_CONNECTIONS = 6


class Process:
    """What one process of a service holds: its store and its feed, with followers to run."""

    def __init__(self, store: Store, feed: Feed) -> None:
        self.store = store
        self.feed = feed
        self._tasks: list[asyncio.Task[None]] = []

    def follow(self, follower: Follower) -> asyncio.Task[None]:
        """Run *follower* until the process ends, or the task is cancelled."""
        return self.run(follower.run(self.feed))

    def run(self, work: Any) -> asyncio.Task[None]:
        """Run a coroutine until the process ends, or the task is cancelled."""
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    async def end(self) -> None:
        """Cancel what runs; raise what one of them died of."""
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end


class ServiceDatabase:
    """One service's database, fresh for one test."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings = settings
        self.name = name
        self.owner: asyncpg.Connection[asyncpg.Record]  # of a superuser: may tamper

    @property
    def dsn(self) -> str:
        """Where it is, for the role its service runs as."""
        return self.settings.dsn(self.name)

    @asynccontextmanager
    async def process(
        self,
        *categories: Category[Any, Any, Any],
        owner: str = "one",
        keys: KeyRing | None = None,
        tailing: bool = True,
    ) -> AsyncIterator[Process]:
        """Start a process of the service, without a tailer where *tailing* is false."""
        epoch = str(await self.owner.fetchval("select epoch from store.store"))
        pool = await open_pool(self.dsn, COMMAND_CONNECTIONS)
        engine = open_engine(self.dsn, READ_CONNECTIONS)
        store = Store(pool, categories, epoch, keys or MemoryKeyRing())
        tailer = Tailer(self.dsn, wake=store.appended)
        process = Process(store, Feed(store, tailer, engine, owner))
        if tailing:
            process.run(tailer.run())
        try:
            yield process
        finally:
            await process.end()
            await engine.dispose()
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), 5)

    async def error_of(self, follower: str) -> str | None:
        """Return why *follower* stands still, as an operator sees it."""
        error: str | None = await self.owner.fetchval(
            "select error from feed.follower where name = $1", follower
        )
        return error

    async def pause(self, follower: str, *, paused: bool = True) -> None:
        """Pause *follower* as an operator does, or let it go on."""
        await self.owner.execute(
            "update feed.follower set paused = $2 where name = $1", follower, paused
        )

    async def cut_connections(self) -> int:
        """Terminate every session of the service's role; return how many."""
        cut: int = await self.owner.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        return cut


@asynccontextmanager
async def service_database_in(
    postgres: Postgres, name: str
) -> AsyncIterator[ServiceDatabase]:
    """Create the database *name* with its roles, as `shuniu migrate` does."""
    settings = Settings(
        profile="demo",
        database_url=postgres.dsn("{database}", "{role}"),
        owner_database_url=postgres.dsn("{database}"),
    )
    await migrate(settings, name, "service")
    database = ServiceDatabase(settings, name)
    database.owner = await connect(settings.owner_dsn(name))
    try:
        yield database
    finally:
        await database.owner.close()


async def eventually(
    true: Callable[[], Awaitable[Any] | Any], within: float = 10, every: float = 0.01
) -> Any:
    """Wait until *true* answers with something true, and return it."""
    until = time.monotonic() + within
    while True:
        answer = true()
        answer = await answer if isinstance(answer, Awaitable) else answer
        if answer or time.monotonic() > until:
            assert answer, f"not within {within} s"
            return answer
        await asyncio.sleep(every)
