"""A service that counts, with a trace beside its database, for each test that asks for it."""

from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import pytest

from chassis.feed import lease
from tests.faults.checkers import trace
from tests.faults.counting import evidence_of
from tests.faults.evidence import Evidence
from tests.faults.guards import without
from tests.support.postgres import Postgres
from tests.support.samples import COUNTER
from tests.support.service import Process, ServiceDatabase, service_database_in

NUMBERS = count(1)


@pytest.fixture
async def database(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ServiceDatabase]:
    """Give the service's database with a trace beside it, and nothing else in it."""
    monkeypatch.setattr(lease, "_MOVE", lease._MOVE)  # noqa: SLF001 put back at the end
    trace.tell_epochs()
    async with service_database_in(postgres, f"counted_{next(NUMBERS)}") as database:
        await trace.install(database.owner)
        yield database


@pytest.fixture
async def process(database: ServiceDatabase) -> AsyncIterator[Process]:
    """Give a process of the service."""
    async with database.process(COUNTER) as process:
        yield process


@pytest.fixture
def evidence(database: ServiceDatabase, tmp_path: Path) -> Evidence:
    """Give what the checkers go by: of the database, and of nothing else."""
    return evidence_of(database.settings.owner_dsn(database.name), tmp_path)


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give what takes a guard out of this process until the test ends."""

    def remove(guard: str) -> None:
        monkeypatch.setattr(*without(guard))

    return remove
