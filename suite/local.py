"""A whole suite on this machine, in one process: a state folder, PostgreSQL, the log."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from chassis.calendars import load_calendar
from chassis.clock import VirtualClock
from chassis.log import Log
from chassis.people import People
from chassis.settings import Settings
from chassis.workdays import Calendar
from suite.client import Client
from suite.driver import Here, Looked
from suite.hosting import SERVICES, hosting, migrate_all
from suite.issuer import AUDIENCE, ISSUER, Issuer
from suite.organisation import load_people
from suite.patience import PatientPool, open_patient
from suite.postgres import embedded
from suite.state import State

SAMPLE = Path(__file__).parent / "data" / "yunling"
POOL = 5
BUSY_SECONDS = 20.0  # on a machine that does much else, a door may say: try again
HEADS = "select subscriber, head from notifier.head"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where it listens; 0 takes a free port."""

    http: int = 8000
    grpc: int = 9000


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a suite on this machine stands on, and what can be asked beside its doors."""

    settings: Settings
    people: People
    calendar: Calendar
    issuer: Issuer
    clock: VirtualClock
    notifier: PatientPool

    async def heads(self) -> dict[str, int]:
        """Return how far each mailbox is."""
        rows = await self.notifier.fetch(HEADS)
        return {row["subscriber"]: row["head"] for row in rows}


@dataclass(frozen=True, kw_only=True, slots=True)
class Local:
    """A suite that runs on this machine. *looked* are its services for the driver."""

    ground: Ground
    log: Log
    addresses: Mapping[str, str]
    grpc: str
    looked: Callable[[Client], list[Looked]]
    patience: float = BUSY_SECONDS

    @property
    def http(self) -> str:
        """The base address of HTTP, or of its first service's."""
        return next(iter(self.addresses.values()))

    def client(self) -> Client:
        """Return a client; use it in an `async with`."""
        return Client(self.addresses, self.ground.issuer.token, patience=self.patience)


@contextlib.asynccontextmanager
async def grounded(settings: Settings, keys: Path) -> AsyncIterator[Ground]:
    """Migrate, and open what is asked beside the doors, until the block ends.

    The issuer keeps its keys in the folder *keys*. Raises `OrganisationError`.
    """
    people = load_people(settings.organisation)
    issuer = Issuer(keys, people)
    issuer.prepare()
    await migrate_all(settings, list(SERVICES))
    async with (
        open_patient(settings.dsn("clock")) as clock,
        open_patient(settings.dsn("notifier")) as notifier,
    ):
        yield Ground(
            settings=settings,
            people=people,
            calendar=load_calendar(
                settings.calendar_years, settings.calendars, zone=settings.tz
            ),
            issuer=issuer,
            clock=VirtualClock(cast("Any", clock)),
            notifier=notifier,
        )


def demo_settings(
    host: str, keys: Path, organisation: Path, years: list[int] | None, **more: Any
) -> Settings:
    """Return the settings of a demo on the PostgreSQL whose socket is in the folder *host*."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings' own argument
        deployment="demo",
        profile="demo",
        database_url=f"postgresql://{{role}}@/{{database}}?host={host}",
        owner_database_url=f"postgresql://postgres@/{{database}}?host={host}",
        pool_size=POOL,
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks=str(Issuer.keys_in(keys)),
        organisation=organisation,
        calendar_years=years,
        **more,
    )


@contextlib.asynccontextmanager
async def local_suite(
    state: State, ports: Ports, organisation: Path, calendar_years: list[int] | None
) -> AsyncIterator[Local]:
    """Run a demo suite in this process on a held *state*, until the block ends.

    Raises `PortTakenError`, `OrganisationError`.
    """
    load_people(organisation)  # before anything is started for nothing
    async with contextlib.AsyncExitStack() as stack:
        host = await stack.enter_async_context(embedded(state.database))
        listening = {"http_port": ports.http, "grpc_port": ports.grpc}
        settings = demo_settings(
            host, state.keys, organisation, calendar_years, log="embedded", **listening
        )
        ground = await stack.enter_async_context(grounded(settings, state.keys))
        hosted = await stack.enter_async_context(hosting(settings, list(SERVICES)))
        services = list(hosted.running.values())
        local = Local(
            ground=ground,
            log=services[0].parts.log,
            addresses=dict.fromkeys(SERVICES, f"http://127.0.0.1:{hosted.http_port}"),
            grpc=f"127.0.0.1:{hosted.grpc_port}",
            looked=lambda _: [Here(running) for running in services],
        )
        state.announce(
            http=local.http,
            grpc=local.grpc,
            log=settings.dsn("log"),
            organisation=organisation,
            calendar_years=calendar_years,
        )
        yield local
