"""The whole suite for the tests of one module, in one event loop of the kind it runs on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio
import uvloop

from tests.support.postgres import Postgres
from tests.support.scene import ALONE, Played, played
from tests.support.suite import Suite, suite_on


def pytest_asyncio_loop_factories() -> Mapping[
    str, Callable[[], asyncio.AbstractEventLoop]
]:
    """Run on the event loops that the suite runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def suite(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Suite]:
    """Give a running suite with empty databases."""
    async with suite_on(postgres, tmp_path_factory.mktemp("issuer")) as running:
        yield running


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Give what comes of the sample in one process on the embedded log; played once."""
    return played(tmp_path_factory.mktemp("quiet") / "state", *ALONE)
