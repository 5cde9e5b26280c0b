"""The directory's service alone, for the tests of one module, on the event loop it runs on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio
import uvloop

from tests.support.postgres import Postgres
from tests.support.suite import Suite, suite_on


def pytest_asyncio_loop_factories() -> Mapping[
    str, Callable[[], asyncio.AbstractEventLoop]
]:
    """Run on the event loops that the suite runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def directory(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Suite]:
    """Give a directory that knows nobody."""
    folder = tmp_path_factory.mktemp("issuer")
    async with suite_on(postgres, folder, only="directory") as running:
        yield running
