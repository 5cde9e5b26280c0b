"""What goes away by trying again, and what never will."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from chassis.database import retryable
from chassis.store import ForgottenCommandError
from tests.support.samples import COUNTER, RaiseCounter, cause
from tests.support.service import Process, ServiceDatabase


async def test_a_value_that_cannot_be_sent_is_never_tried_again(process: Process) -> None:
    with pytest.raises(asyncpg.DataError) as refused:
        await process.store.pool.fetchval("select $1::uuid", "")
    assert not retryable(refused.value)


async def test_a_lost_connection_is_tried_again(
    process: Process, service_database: ServiceDatabase
) -> None:
    waiting = asyncio.create_task(process.store.pool.fetchval("select pg_sleep(20)"))
    await asyncio.sleep(0.2)
    await service_database.cut_connections()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)) as lost:
        await waiting
    assert retryable(lost.value)


async def test_a_command_whose_outcome_was_forgotten_is_not_done_again(
    process: Process, service_database: ServiceDatabase
) -> None:
    item, why = uuid4(), cause()
    raising = RaiseCounter(counter_id=item)
    await process.store.execute(COUNTER, item, raising, why)
    owner = service_database.owner
    await owner.execute("update store.command set recorded_at = now() - interval '91 days'")
    assert await owner.fetchval("select store.prune_commands_v1(90)") == 1
    with pytest.raises(ForgottenCommandError, match="long ago"):
        await process.store.execute(COUNTER, item, raising, why)
    assert (await process.store.read(COUNTER, item)).version == 1
