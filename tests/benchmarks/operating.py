"""What an operator asks of a service: its admin doors, in this process, without a network."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from chassis.calendars import load_calendar
from chassis.clock import SystemClock
from chassis.composing import Service
from chassis.log.embedded import EmbeddedLog
from chassis.people import People
from chassis.service import open_service
from suite.issuer import AUDIENCE, ISSUER, OPERATOR, Issuer
from tests.benchmarks.lab import Work
from tests.support.memory_keys import MemoryKeyRing
from tests.support.samples import COUNTER
from tests.support.service import ServiceDatabase

SECONDS = 120.0


@asynccontextmanager
async def operators(database: ServiceDatabase) -> AsyncIterator[Callable[..., Work]]:
    """Open a service of counters on *database*; give what asks one of its admin doors."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "policies.cedar").touch()
        (folder / "policies.yaml").write_text("policies: []\n", "utf-8")
        issuer = Issuer(folder, People({}, {}, {}))
        issuer.prepare()
        settings = database.settings.model_copy(
            update={
                "oidc_issuer": ISSUER,
                "oidc_audience": AUDIENCE,
                "oidc_jwks": str(issuer.jwks),
            }
        )
        service = Service(
            name=database.name,
            title=database.name,
            folder=folder,
            categories=[COUNTER],
            replica=False,
        )
        running = await open_service(
            service,
            settings,
            log=EmbeddedLog(settings.dsn("log")),
            clock=SystemClock(),
            keys=MemoryKeyRing(),
            shared={"calendar": load_calendar(None, None, zone=settings.tz)},
        )
        token = {"Authorization": f"Bearer {issuer.token(OPERATOR)}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(running.app),
            base_url=f"http://bench/{service.name}/admin/v1/",
            headers=token,
            timeout=SECONDS,
        ) as client:

            def ask(path: str, **given: int) -> Work:
                async def work() -> None:
                    answer = await client.get(path, params=given)
                    if not answer.is_success or not answer.json():
                        raise AssertionError(f"{path}: {answer.status_code} {answer.text}")

                return work

            yield ask
        await running.stop()
