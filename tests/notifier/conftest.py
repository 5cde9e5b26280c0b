"""Mailboxes for the tests of one module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.alerts import Mailboxes, Process, mailboxes_in
from tests.support.postgres import Postgres


@pytest_asyncio.fixture
async def mailboxes(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mailboxes]:
    """Give the notifier's database, empty."""
    async with mailboxes_in(postgres, tmp_path_factory.mktemp("issuer")) as home:
        yield home


@pytest_asyncio.fixture
async def streamer(mailboxes: Mailboxes) -> AsyncIterator[Process]:
    """Give a process of streams, with quick deadlines."""
    async with mailboxes.process() as process:
        yield process
