"""Where alerts are benched: the notifier's database, its processes, and people with tokens."""

import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import open_engine, open_pool
from chassis.keys import StoredKeyRing
from chassis.people import Organ, People, Person, Unit
from chassis.settings import Settings
from services.notifier.projections.mailbox import Alert, deliver
from suite.hosting import migrate_all
from suite.issuer import AUDIENCE, ISSUER, Issuer
from suite.processes import Processes, Program, programs
from tests.benchmarks.alert_processes import Child, child, pid_of
from tests.benchmarks.cpu import Meter
from tests.benchmarks.lab import Lab
from tests.support.directory import fill
from tests.support.samples import NOON

NUMBER = "云政督〔2025〕31号"
SERVICES = ("supervision", "notifier")


class Home:
    """The notifier's database and its people; what runs on it is started by name."""

    def __init__(
        self,
        lab: Lab,
        settings: Settings,
        issuer: Issuer,
        engine: AsyncEngine,
        folder: Path,
    ) -> None:
        self.lab = lab
        self.settings = settings
        self.engine = engine
        self.environment = {
            f"SHUNIU_{name.upper()}": str(getattr(settings, name))
            for name in settings.model_fields_set
        }
        self._issuer = issuer
        self._folder = folder

    def named(self, people: Sequence[str]) -> list[list[str]]:
        """Return each of *people* with a token."""
        return [[who, self._issuer.token(who)] for who in people]

    @asynccontextmanager
    async def parts(self, *names: str) -> AsyncIterator[dict[str, Program]]:
        """Run parts of the notifier as `shuniu serve` does; give them by their names."""
        given = {p.name: p for p in programs(["notifier"]) if p.part in names}
        processes = Processes(self.settings, self._folder, list(given.values()))
        try:
            await processes.start()
            yield {str(program.part): program for program in given.values()}
        finally:
            await processes.stop()

    @asynccontextmanager
    async def streamer(self) -> AsyncIterator[tuple[str, int]]:
        """Run the streamer alone; give where it listens, and its process."""
        async with self.parts("streamer") as given:
            yield address(given["streamer"].grpc_port), pid_of(given["streamer"])

    @asynccontextmanager
    async def server(self, mode: str) -> AsyncIterator[tuple[str, Child]]:
        """Run one of the servers beside ours; give where it listens, and its process."""
        async with child("alert_server", mode, environment=self.environment) as server:
            port = (await server.answer())["port"]
            yield address(port), server

    async def tell(self, people: Sequence[str]) -> tuple[str, float]:
        """Put one alert into mailboxes as the decider does; return its key, and when."""
        alert = _alert()
        async with self.engine.begin() as connection:
            await deliver(connection, alert, [(who, "") for who in people])
        return str(alert.entity_id), time.time()

    def meter(self, **pids: int) -> Meter:
        """Return a meter of processes; this one only generates load."""
        kafka = self.lab.kafka.processes if self.lab.kafka else {}
        return Meter({**pids, **kafka}, self.lab.postgres.pid, "generator")


def address(port: int) -> str:
    """Return where a server of this machine listens."""
    return f"127.0.0.1:{port}"


@asynccontextmanager
async def home_on(lab: Lab, people: Sequence[str]) -> AsyncIterator[Home]:
    """Make the databases, and let the notifier know *people*."""
    known = People(
        {"gov": Organ(id="gov", name="县政府")},
        {"water": Unit(id="water", name="县水利局", organ="gov")},
        {who: Person(id=who, name=who, unit="water") for who in people},
    )
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        issuer = Issuer(folder, known)
        issuer.prepare()
        given: dict[str, Any] = {
            "profile": "production",
            "log": "kafka",
            "database_url": lab.postgres.dsn("{database}", "{role}"),
            "owner_database_url": lab.postgres.dsn("{database}"),
            "oidc_issuer": ISSUER,
            "oidc_audience": AUDIENCE,
            "oidc_jwks": str(issuer.jwks),
            "log_level": "warning",
        }
        if lab.kafka is not None:
            given["kafka_bootstrap_servers"] = lab.kafka.bootstrap
        settings = Settings(_env_file=None, **given)  # type: ignore[call-arg] # pydantic-settings' own
        await migrate_all(settings, SERVICES)
        engine = open_engine(settings.dsn("notifier"), 8)
        stack.push_async_callback(engine.dispose)
        keys = await open_pool(settings.dsn("keys"), 2)
        stack.push_async_callback(keys.close)
        await fill(engine, StoredKeyRing(keys), known)
        yield Home(lab, settings, issuer, engine, folder)


def _alert() -> Alert:
    return Alert(
        alert_id=uuid4(),
        rule="N-HANDLER",
        kind="matter.to_handle",
        severity="notice",
        entity_type="matter",
        entity_id=uuid4(),
        entity_number=NUMBER,
        args={"number": NUMBER, "unit": "water", "organ": "gov", "due": NOON.isoformat()},
        occurred_at=NOON,
        created_at=NOON,
        deadline_at=None,
        event_id=str(uuid4()),
        event_type="shuniu.supervision.v1.HandlerNamed",
        topic="public.supervision.matter.v1",
        correlation_id=UUID(int=1),
    )
