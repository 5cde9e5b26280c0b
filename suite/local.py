"""A whole suite on this machine: a state folder, embedded PostgreSQL, the embedded log."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from chassis.people import People
from chassis.settings import Settings
from suite.hosting import SERVICES, Hosted, hosting, migrate_all
from suite.issuer import AUDIENCE, ISSUER, Issuer
from suite.postgres import embedded
from suite.state import State

SAMPLE = Path(__file__).parent / "data" / "yunling"
POOL = 5


@dataclass(frozen=True, slots=True)
class Ports:
    """Where it listens; 0 takes a free port."""

    http: int = 8000
    grpc: int = 9000


@dataclass(slots=True)
class Local:
    """A suite that runs in this process."""

    hosted: Hosted
    people: People
    issuer: Issuer

    @property
    def http(self) -> str:
        """The base address of HTTP."""
        return f"http://127.0.0.1:{self.hosted.http_port}"

    @property
    def grpc(self) -> str:
        """The address of gRPC."""
        return f"127.0.0.1:{self.hosted.grpc_port}"


@contextlib.asynccontextmanager
async def local_suite(
    state: State, ports: Ports, organisation: Path, calendar_years: list[int] | None
) -> AsyncIterator[Local]:
    """Run a demo suite on a held *state*, until the block ends.

    Raises `PortTakenError`, `OrganisationError`.
    """
    people = People.load(organisation)
    issuer = Issuer(state.keys, people)
    issuer.prepare()
    async with embedded(state.database) as host:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg] # pydantic-settings' own argument
            deployment="demo",
            profile="demo",
            log="embedded",
            database_url=f"postgresql://{{role}}@/{{database}}?host={host}",
            owner_database_url=f"postgresql://postgres@/{{database}}?host={host}",
            pool_size=POOL,
            oidc_issuer=ISSUER,
            oidc_audience=AUDIENCE,
            oidc_jwks=str(issuer.jwks),
            organisation=organisation,
            calendar_years=calendar_years,
            http_port=ports.http,
            grpc_port=ports.grpc,
        )
        await migrate_all(settings, list(SERVICES))
        async with hosting(settings, list(SERVICES)) as hosted:
            local = Local(hosted, people, issuer)
            state.announce(
                http=local.http,
                grpc=local.grpc,
                log=settings.dsn("log"),
                organisation=organisation,
                calendar_years=calendar_years,
            )
            yield local
