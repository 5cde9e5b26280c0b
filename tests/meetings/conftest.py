"""Meetings as the sample organisation has them, and the whole suite for their story."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio
import uvloop

from chassis.calendars import load_calendar
from chassis.workdays import Calendar
from tests.support.postgres import Postgres
from tests.support.suite import Suite, suite_on


def pytest_asyncio_loop_factories() -> Mapping[
    str, Callable[[], asyncio.AbstractEventLoop]
]:
    """Run on the event loops that the suite runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """Return the working calendar of 2025, as confirmed."""
    return load_calendar([2025])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def suite(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Suite]:
    """Give a running suite with empty databases."""
    async with suite_on(postgres, tmp_path_factory.mktemp("issuer")) as running:
        yield running
