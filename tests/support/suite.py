"""The whole suite in the test's own event loop, on the run's PostgreSQL: doors to knock at."""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import asyncpg
import grpc
import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from chassis.clock import VirtualClock
from chassis.database import open_pool
from chassis.settings import Settings
from suite.hosting import SERVICES, Hosted, hosting, migrate_all
from suite.issuer import AUDIENCE, ISSUER, OPERATOR, Issuer
from suite.organisation import load_people
from tests.support.postgres import Postgres

__all__ = ["DATABASES", "OPERATOR", "Suite", "expect_problem", "suite_on"]

ORGANISATION = (
    Path(__file__).parents[2] / "suite" / "data" / "yunling" / "organisation.yaml"
)
DATABASES = (*SERVICES, "keys", "log", "clock")
BEGINS = datetime.fromisoformat("2025-04-25T16:40:00+08:00")
SETTLED_SECONDS = 30.0
LISTS = {
    "li.juan": "/documents/v1/incoming",
    "liu.min": "/documents/v1/outgoing",
    "sun.li": "/supervision/v1/matters",
    OPERATOR: "/directory/v1/organs",
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Suite:
    """A running suite, and what a test needs to call it as anybody and to look behind it."""

    def __init__(self, hosted: Hosted, issuer: Issuer, folder: Path) -> None:
        self.hosted = hosted
        self.url = f"http://127.0.0.1:{hosted.http_port}"
        self.grpc_address = f"127.0.0.1:{hosted.grpc_port}"
        self.clock = cast("VirtualClock", hosted.clock)
        self._issuer = issuer
        self._folder = folder
        self._clients: dict[str | None, httpx.AsyncClient] = {}

    def token(self, person: str) -> str:
        """Return a token for *person*, or for the operator."""
        return self._issuer.token(person)

    def forged(
        self, *, header: dict[str, Any] | None = None, key: Any = None, **claims: Any
    ) -> str:
        """Return a token with other claims than the issuer would give, None leaving one out."""
        own = ECKey.import_key(json.loads((self._folder / "issuer.json").read_text()))
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": OPERATOR, "exp": now + 60}
        usual |= {"roles": [OPERATOR]}
        kept = {k: v for k, v in (usual | claims).items() if v is not None}
        usual_header = {"alg": "ES256", "kid": own.kid} | (header or {})
        named = {k: v for k, v in usual_header.items() if v is not None}
        return jwt.encode(named, kept, key or own, algorithms=[named["alg"]])

    def as_(self, person: str | None) -> httpx.AsyncClient:
        """Return a client that calls as *person*, None without a token."""
        if person not in self._clients:
            headers = {"Authorization": f"Bearer {self.token(person)}"} if person else {}
            self._clients[person] = httpx.AsyncClient(
                base_url=self.url, headers=headers, timeout=20
            )
        return self._clients[person]

    async def do(
        self, person: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """Let *person* give a command under a key of its own, or the one in *headers*."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Idempotency-Key", str(uuid4()))
        return await self.as_(person).post(path, json=body, headers=named)

    async def done(self, person: str, path: str, body: Any = None, **headers: str) -> Any:
        """Do, and return the answer's content; it must succeed."""
        answer = await self.do(person, path, body, **headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def settled(self) -> None:
        """Wait until no service has anything left to do: seen twice, since work begets work."""
        until = time.monotonic() + SETTLED_SECONDS
        idle = 0
        while idle < 2:
            lags = [await self.lag(name) for name in self.hosted.running]
            idle = idle + 1 if all(map(_idle, lags)) else 0
            assert time.monotonic() < until, f"never settled: {lags}"
            await asyncio.sleep(0.02)

    async def imported(self, text: str) -> None:
        """Let every service know the organisation that *text* says."""
        await self.done(OPERATOR, "/directory/v1/imports", {"text": text})
        await self.settled()

    async def begun(self) -> None:
        """Wait until every read model has its tables."""
        for person, path in LISTS.items():
            if path.split("/")[1] not in self.hosted.running:
                continue
            until = time.monotonic() + SETTLED_SECONDS
            while (answer := await self.as_(person).get(path)).status_code != 200:
                assert answer.status_code == 503, answer.text
                assert time.monotonic() < until, answer.text
                await asyncio.sleep(0.02)

    async def lag(self, service: str) -> Any:
        """Return how far *service* is, as its operator sees it."""
        answer = await self.as_(OPERATOR).get(f"/{service}/admin/v1/lag")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, database: str, query: str, *args: Any) -> list[asyncpg.Record]:
        """Ask one of the databases, past all doors, as their owner."""
        connection = await asyncpg.connect(self.hosted.settings.owner_dsn(database))
        try:
            return await connection.fetch(query, *args)
        finally:
            await connection.close()

    async def audited(self, service: str, type_: str = "%") -> list[dict[str, Any]]:
        """Return the audit entries of *service*, first to last."""
        rows = await self.rows(
            service,
            "select type, data from store.event where type like 'audit.' || $1 "
            "order by position",
            type_,
        )
        return [{"type": r["type"], **json.loads(bytes(r["data"]))} for r in rows]

    @contextlib.asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        """Open a channel to the gRPC door."""
        async with grpc.aio.insecure_channel(self.grpc_address) as channel:
            yield channel

    def calling(self, app: Any) -> httpx.AsyncClient:
        """Return a client of *app*, which nobody hosts."""
        transport = httpx.ASGITransport(app)
        return httpx.AsyncClient(transport=transport, base_url="http://trial")

    async def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            await client.aclose()


def _idle(lag: Any) -> bool:
    return not (
        lag["timers_due"]
        or any(f["lag"] for f in lag["followers"] if not f["paused"])
        or any(c["lag"] for c in lag["consumers"] if not c["paused"])
    )


@contextlib.asynccontextmanager
async def suite_on(
    postgres: Postgres, folder: Path, only: str | None = None
) -> AsyncIterator[Suite]:
    """Host every service on databases of its own, at the scenario's first minute.

    All know the sample organisation. *only* one service knows nobody.
    """
    names = [only] if only else list(SERVICES)
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())  # or no answer had a trace id
    people = load_people(ORGANISATION)
    issuer = Issuer(folder, people)
    issuer.prepare()
    settings = Settings(
        profile="demo",
        log="embedded",
        database_url=postgres.dsn("{database}", "{role}"),
        owner_database_url=postgres.dsn("{database}"),
        oidc_issuer=ISSUER,
        oidc_jwks=str(issuer.jwks),
        organisation=ORGANISATION,
        calendar_years=[2025],
        http_port=0,
        grpc_port=0,
        pool_size=5,
    )
    await _drop(settings)
    await migrate_all(settings, names)
    pool = await open_pool(settings.dsn("clock"), 1)
    await VirtualClock(pool).move(BEGINS)
    await pool.close()
    async with hosting(settings, names) as hosted:
        suite = Suite(hosted, issuer, folder)
        try:
            await suite.begun()
            if only is None:
                await suite.imported(ORGANISATION.read_text("utf-8"))
            yield suite
        finally:
            await suite.close()
    await _drop(settings)


async def _drop(settings: Settings) -> None:
    server = await asyncpg.connect(settings.owner_dsn("postgres"))
    try:
        for name in DATABASES:
            await server.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await server.close()


def expect_problem(
    answer: httpx.Response, status: int, slug: str, *, language: str = "zh", never: str = ""
) -> Any:
    """Check that *answer* is the problem document *slug* (RFC 9457), and return it.

    It must be in *language*, show its trace id, and nowhere say what is in *never*.
    """
    said = answer.text
    assert answer.status_code == status, (answer.status_code, said[:500])
    assert answer.headers["content-type"] == "application/problem+json", said[:500]
    document = answer.json()
    assert document["type"] == f"urn:shuniu:problem:{slug}", document
    assert document["status"] == status
    words = document["title"] + document["detail"]
    words += "".join(fault["fault"] for fault in document.get("errors", ()))
    assert document["title"]
    assert document["detail"]
    assert (language == "zh") == bool(CHINESE.search(words)), words
    assert document["trace_id"] == answer.headers["trace-id"]
    assert "Traceback" not in said
    assert 'File "' not in said
    assert not never or (never not in said and json.dumps(never)[1:-1] not in said), said
    return document
