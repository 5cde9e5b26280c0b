"""The notifier's streaming side alone, on a database of its own, over a real port."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.calendars import load_calendar
from chassis.clock import SystemClock
from chassis.log.embedded import EmbeddedLog
from chassis.migrate import migrate
from chassis.parts import Parts
from chassis.rpc import open_server
from chassis.service import open_service
from chassis.settings import Settings
from services.notifier.rpc import Limits, rpc
from services.notifier.service import SERVICE
from tests.support.memory_keys import MemoryKeyRing
from tests.support.postgres import Postgres

ISSUER, AUDIENCE = "urn:shuniu:test", "shuniu"
HOUR = 3_600


class Streamer:
    """A process that serves mailboxes and decides nothing."""

    def __init__(self, parts: Parts, key: ECKey, limits: Limits) -> None:
        self.parts = parts
        self.port = 0
        self._key = key
        self._limits = limits
        self._server: Any = None

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Serve, at the port of the last time where there was one."""
        services = rpc(self.parts, self._limits)
        self._server, self.port = await open_server("127.0.0.1", self.port, services)

    async def stop(self, grace: float = 1.0) -> None:
        """Shut down in order: streams are asked to end first."""
        if self._server is not None:
            server, self._server = self._server, None
            await server.stop(grace)

    @asynccontextmanager
    async def beside(self, limits: Limits) -> AsyncIterator[str]:
        """Serve the same mailboxes from a second process with other limits; give its address."""
        server, port = await open_server("127.0.0.1", 0, rpc(self.parts, limits))
        try:
            yield f"127.0.0.1:{port}"
        finally:
            await server.stop(1.0)

    def token(self, person: str, *, unit: str = "water", seconds: int = HOUR) -> str:
        """Return a token for somebody of *unit*, good for so many seconds."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": person,
            "exp": int(time.time()) + seconds,
            "organ": "gov",
            "unit": unit,
            "roles": ["liaison"] if unit else [],
            "clearance": 0,
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key)

    async def rows(self, query: str, *args: Any) -> list[asyncpg.Record]:
        """Ask the notifier's database, past all doors, as its owner."""
        connection = await asyncpg.connect(self.parts.settings.owner_dsn("notifier"))
        try:
            return await connection.fetch(query, *args)
        finally:
            await connection.close()


@asynccontextmanager
async def streamer_on(
    postgres: Postgres, folder: Path, limits: Limits | None = None
) -> AsyncIterator[Streamer]:
    """Serve empty mailboxes."""
    key = ECKey.generate_key("P-256", auto_kid=True)
    keys = folder / "jwks.json"
    keys.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    settings = Settings(
        profile="demo",
        log="embedded",
        database_url=postgres.dsn("{database}", "{role}"),
        owner_database_url=postgres.dsn("{database}"),
        oidc_issuer=ISSUER,
        oidc_jwks=str(keys),
        calendar_years=[2025],
        pool_size=5,
    )
    await _drop(settings)
    await migrate(settings, "notifier", "service")
    await migrate(settings, "notifier", "notifier")
    running = await open_service(
        SERVICE,
        settings,
        log=EmbeddedLog(settings.dsn("log")),  # of which a streamer has no need
        clock=SystemClock(),
        keys=MemoryKeyRing(),
        shared={"calendar": load_calendar([2025])},
    )
    streamer = Streamer(running.parts, key, limits or Limits())
    try:
        await streamer.start()
        yield streamer
    finally:
        await streamer.stop()
        await running.stop()
        await _drop(settings)


async def _drop(settings: Settings) -> None:
    server = await asyncpg.connect(settings.owner_dsn("postgres"))
    try:
        await server.execute('drop database if exists "notifier" with (force)')
    finally:
        await server.close()
