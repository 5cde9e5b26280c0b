"""The rows are the truth: hints make streams quick, and their absence loses nothing."""

import asyncio
import time
from dataclasses import replace

from services.notifier.projections.mailbox import deliver
from services.notifier.rpc.metrics import UNHINTED
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import QUICK, Mailboxes, alert
from tests.support.service import eventually

SLOW_SWEEP = replace(QUICK, sweep=30.0)
SILENTLY = """
with moved as (update notifier.head set head = head + 1 where subscriber = $1 returning head)
insert into notifier.mailbox (subscriber, sequence, alert_id)
select $1, head, $2 from moved
"""


async def test_a_hint_of_any_process_is_enough_long_before_the_sweep(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process(SLOW_SWEEP) as one, mailboxes.process(SLOW_SWEEP) as other:
        client = await one.subscribe("li.juan")
        await client.next("progress")
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await other.tell("li.juan", 3)
        assert await client.sequences(3) == [1, 2, 3]
        assert time.monotonic() - began < 2


async def test_a_batch_gives_one_hint_and_a_rolled_back_one_gives_none(
    mailboxes: Mailboxes,
) -> None:
    hints = []
    await mailboxes.owner.add_listener(
        "shuniu_notifier_mailbox", lambda *_: hints.append(1)
    )
    async with mailboxes.process() as process:
        await process.tell("li.juan", 20)
        await eventually(lambda: hints)
        await mailboxes.owner.fetchval("select 1")
        assert len(hints) == 1
        engine = process.running.parts.engine
        async with engine.connect() as connection:
            await deliver(connection, alert(), [("li.juan", "")])
            await connection.rollback()
        await asyncio.sleep(0.1)
        await mailboxes.owner.fetchval("select 1")
        assert len(hints) == 1


async def test_what_no_hint_announced_is_found_by_the_sweep_and_counted(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process(replace(QUICK, sweep=0.3)) as process:
        await process.tell("xu.bo", 1)
        (told,) = await process.tell("li.juan", 1)
        client = await process.subscribe("xu.bo")
        await client.alerts(1)
        await asyncio.sleep(0.1)
        before = UNHINTED._value.get()  # noqa: SLF001 the library shows it nowhere else
        await process.rows(SILENTLY, "xu.bo", told)
        assert await client.sequences(1) == [2]
        assert UNHINTED._value.get() == before + 1  # noqa: SLF001 the same


async def test_without_a_connection_for_hints_the_sweep_is_quicker(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process(SLOW_SWEEP) as process:
        client = await process.subscribe("li.juan")
        await client.next("progress")
        await mailboxes.owner.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where query ilike 'listen%' and datname = current_database()"
        )
        await asyncio.sleep(0.1)
        await process.tell("li.juan", 2)
        assert await client.sequences(2) == [1, 2]


async def test_a_database_that_cuts_its_connections_ends_no_stream(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process() as process:
        await process.tell("li.juan", 3)
        client = await process.subscribe("li.juan")
        await client.next("progress")
        await client.send(nack=pb.SubscribeNack(sequences=[3], action=pb.NACK_ACTION_RETRY))
        await mailboxes.owner.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where pid <> pg_backend_pid() and datname = current_database()"
        )

        async def told() -> bool:
            try:
                await process.tell("li.juan")
            except Exception:  # noqa: BLE001 its pooled connections are dead, each once
                return False
            return True

        await eventually(told)
        assert sorted(await client.sequences(2)) == [3, 4]


async def test_many_streams_are_told_by_few_queries(mailboxes: Mailboxes) -> None:
    async with mailboxes.process() as process:
        people = [f"person-{n}" for n in range(40)]
        clients = [await process.subscribe(person) for person in people]
        for client in clients:
            await client.next("progress")
        reader = process.streams.reader
        asked = reader._fetch  # noqa: SLF001 counted, not replaced
        queries = []

        async def counted(together: list[object]) -> object:
            queries.append(len(together))
            return await asked(together)  # type: ignore[arg-type]

        vars(reader)["_fetch"] = counted
        async with process.running.parts.engine.begin() as connection:
            await deliver(connection, alert(), [(person, "") for person in people])
        for client in clients:
            assert await client.sequences(1) == [1]
        assert sum(queries) == 40
        assert len(queries) < 10
