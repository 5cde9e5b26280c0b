"""A consumer's guards: what each of them alone holds back."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest

from tests.faults.checkers.leases import fenced_writes
from tests.faults.counting import STANDING, said_by
from tests.faults.evidence import Evidence
from tests.support.consuming import NAME, Office, event, office_in
from tests.support.logs import embedded_home
from tests.support.postgres import Postgres
from tests.support.service import Process, ServiceDatabase
from tests.support.zombies import EveryoneOwnsAll, FreezingLog

pytestmark = pytest.mark.postgres


@pytest.fixture
async def office(
    postgres: Postgres, database: ServiceDatabase, process: Process
) -> AsyncIterator[Office]:
    """Give a service that consumes."""
    async with (
        embedded_home(postgres) as home,
        office_in(home, database, process) as office,
    ):
        yield office


@STANDING
async def test_without_the_offset_check_a_thawed_owner_moves_the_offset_back(
    office: Office, evidence: Evidence, removed: Callable[[str], None], stands: bool
) -> None:
    if not stands:
        removed("offset_check")
    topic = await office.home.topic(1)
    frozen = FreezingLog(office.home.log)
    told = [event(topic, f"item-{n % 9}", f"{n:03}") for n in range(90)]
    await office.publish(*told[:30])
    async with office.consuming(office.viewing(topic), log=frozen):
        await asyncio.wait_for(frozen.holds.wait(), 20)
        newer = EveryoneOwnsAll(office.home.log)
        async with office.consuming(office.viewing(topic), log=newer):
            await office.publish(*told[30:])
            await office.is_at_the_end(topic)
        frozen.thaw.set()
        await asyncio.wait_for(frozen.went_on.wait(), 20)
    said = await said_by(fenced_writes, evidence)
    assert bool(said) is not stands, said
    assert all(f"{NAME} at {topic}/0 went back" in sentence for sentence in said)


@STANDING
async def test_without_the_inbox_what_is_told_twice_is_done_twice(
    office: Office, removed: Callable[[str], None], stands: bool
) -> None:
    if not stands:
        removed("inbox")
    topic = await office.home.topic(1)
    told = event(topic, "item", "told")
    async with office.consuming(office.viewing(topic)):
        await office.publish(told)
        await office.is_at_the_end(topic)
        await office.publish(told)
        await office.is_at_the_end(topic)
    assert Counter(await office.seen()) == {"told": 1 if stands else 2}
