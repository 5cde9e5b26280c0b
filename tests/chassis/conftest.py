"""A fresh database for each test of the store and the feed: cheap, and nobody else's."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from tests.support.applying import TABLE
from tests.support.consuming import Office, office_in
from tests.support.logs import BOTH, LogHome, log_home, new_group
from tests.support.postgres import Postgres
from tests.support.samples import COUNTER
from tests.support.service import Process, ServiceDatabase, service_database_in

NUMBERS = count(1)


@pytest.fixture
async def service_database(postgres: Postgres) -> AsyncIterator[ServiceDatabase]:
    """Give a service's database with nothing in it."""
    async with service_database_in(postgres, f"t_{next(NUMBERS)}") as database:
        yield database


@pytest.fixture
async def process(service_database: ServiceDatabase) -> AsyncIterator[Process]:
    """Give a process of a service that counts, with its tailer running."""
    async with service_database.process(COUNTER) as process:
        yield process


@pytest.fixture
async def applied_table(service_database: ServiceDatabase) -> None:
    """Give the table that `Applying` writes to."""
    await service_database.owner.execute(TABLE.format(name=service_database.name))


@pytest.fixture(params=BOTH)
async def home(request: pytest.FixtureRequest) -> AsyncIterator[LogHome]:
    """Give a log of the test's own, of each kind."""
    async with log_home(request) as home:
        yield home


@pytest.fixture
def group() -> str:
    """Give the name of a consumer group that nobody else is in."""
    return new_group()


@pytest.fixture(params=BOTH)
async def office(
    request: pytest.FixtureRequest, service_database: ServiceDatabase, process: Process
) -> AsyncIterator[Office]:
    """Give a service whose consumers read a log of the test's own, of each kind."""
    async with (
        log_home(request) as home,
        office_in(home, service_database, process) as office,
    ):
        yield office
