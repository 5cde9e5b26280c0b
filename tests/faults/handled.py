"""The servers as a fault handles them: every verb is a coroutine, and is noted."""

import asyncio
from collections.abc import Callable

from tests.faults.servers.kafka import Kafka
from tests.faults.servers.postgres import Postgres

Note = Callable[[str], None]


class HandledPostgres:
    """PostgreSQL. *server* has more verbs; those block, so that a thread should call them."""

    def __init__(self, server: Postgres, note: Note) -> None:
        self.server = server
        self._note = note

    async def kill(self) -> None:
        """End all its processes as a crash would."""
        self._note("postgres gets SIGKILL")
        await asyncio.to_thread(self.server.kill)

    async def start(self) -> None:
        """Start it; return once it answers."""
        await asyncio.to_thread(self.server.start)
        self._note("postgres started")

    async def restart(self) -> None:
        """Let it shut down in order, and start it again."""
        self._note("postgres is stopped")
        await asyncio.to_thread(self.server.stop)
        await self.start()

    async def freeze(self, seconds: float) -> None:
        """Let it stand still for so long, with its connections open."""
        self._note(f"postgres is frozen for {seconds:g} s")
        await asyncio.to_thread(self.server.freeze)
        try:
            await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(self.server.thaw)
            self._note("postgres thawed")

    def dsn(self, database: str, user: str = "postgres") -> str:
        """Return the address of *database*, past all links."""
        return self.server.dsn(database, user)

    def replace(self, server: Postgres) -> Postgres:
        """Let every link lead to *server* from now on; return the one before it."""
        before, self.server = self.server, server
        self._note("postgres is another server now")
        return before

    async def healed(self) -> None:
        """Let it run, whatever a fault left it in."""
        await asyncio.to_thread(self.server.thaw)
        if not self.server.alive:
            await self.start()


class HandledKafka:
    """Kafka: all brokers, or one. *servers* has more verbs; those block."""

    def __init__(self, servers: Kafka, note: Note) -> None:
        self.servers = servers
        self.bootstrap = servers.bootstrap
        self._note = note

    async def kill(self, broker: int | None = None) -> None:
        """End them as a crash would."""
        self._note(f"{_named(broker)} gets SIGKILL")
        await asyncio.to_thread(self.servers.kill, broker)

    async def start(self, broker: int | None = None) -> None:
        """Start them; return once they answer."""
        await asyncio.to_thread(self.servers.start, broker)
        self._note(f"{_named(broker)} started")

    async def restart(self, broker: int | None = None) -> None:
        """Let them shut down in order, and start them again."""
        self._note(f"{_named(broker)} is stopped")
        await asyncio.to_thread(self.servers.stop, broker)
        await self.start(broker)

    async def freeze(self, seconds: float, broker: int | None = None) -> None:
        """Let them stand still for so long, with their connections open."""
        self._note(f"{_named(broker)} is frozen for {seconds:g} s")
        await asyncio.to_thread(self.servers.freeze, broker)
        try:
            await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(self.servers.thaw, broker)
            self._note(f"{_named(broker)} thawed")

    async def healed(self) -> None:
        """Let all run, whatever a fault left them in."""
        await asyncio.to_thread(self.servers.thaw)
        for number, broker in enumerate(self.servers.brokers):
            if not broker.alive:
                await self.start(number)


def _named(broker: int | None) -> str:
    return "kafka" if broker is None else f"kafka's broker {broker}"
