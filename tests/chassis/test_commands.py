"""A command happens once and wholly, or not at all."""

import asyncio
import sys
from functools import partial
from uuid import UUID, uuid4

import pytest

from chassis.store import (
    ConflictError,
    DifferentRequestError,
    StaleVersionError,
    Store,
    Transaction,
)
from chassis.store.shards import shard_of
from tests.support.samples import COUNTER, FullError, RaiseCounter, ResetCounter, cause
from tests.support.service import Process, ServiceDatabase

pytestmark = pytest.mark.postgres

ITEM, OTHER = UUID(int=1), UUID(int=2)
RAISE = RaiseCounter(counter_id=ITEM)


async def total(store: Store, item: UUID = ITEM) -> int:
    return (await store.read(COUNTER, item)).state.total


async def count(store: Store, table: str) -> int:
    found: int = await store.pool.fetchval(f"select count(*) from store.{table}")  # noqa: S608
    return found


async def test_a_command_that_comes_ten_times_at_once_has_one_effect_and_one_outcome(
    process: Process,
) -> None:
    store, once = process.store, cause()
    tries = [store.execute(COUNTER, ITEM, RAISE, once) for _ in range(10)]
    answers = await asyncio.gather(*tries)
    assert await total(store) == 1
    assert len({str(answer.outcome) for answer in answers}) == 1
    assert len({answer.position for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1


async def test_a_repeat_is_answered_alike_after_the_state_has_moved_on(
    process: Process,
) -> None:
    store, once = process.store, cause(expected_version=0)
    command = RaiseCounter(counter_id=ITEM, at_most=1)
    first = await store.execute(COUNTER, ITEM, command, once)
    await store.execute(COUNTER, ITEM, RAISE, cause())
    # Neither the limit nor If-Match would let it through any more.
    again = await store.execute(COUNTER, ITEM, command, once)
    assert again.repeated
    assert (again.outcome, again.position) == (first.outcome, first.position)
    assert await total(store) == 2


async def test_a_command_that_changes_nothing_is_remembered_too(process: Process) -> None:
    store, once = process.store, cause()
    first = await store.execute(COUNTER, ITEM, ResetCounter(counter_id=ITEM), once)
    assert (first.outcome.version, first.position.shards) == (0, ())
    await store.execute(COUNTER, ITEM, RAISE, cause())
    again = await store.execute(COUNTER, ITEM, ResetCounter(counter_id=ITEM), once)
    assert again.outcome == first.outcome
    assert await total(store) == 1


async def test_another_request_under_the_same_key_is_refused(process: Process) -> None:
    store, key = process.store, uuid4()
    requests = [cause(key, request_hash=bytes([n])) for n in range(4)]
    ends = await asyncio.gather(
        *(store.execute(COUNTER, ITEM, RAISE, request) for request in requests),
        return_exceptions=True,
    )
    assert sum(isinstance(end, DifferentRequestError) for end in ends) == 3
    won = next(n for n, end in enumerate(ends) if not isinstance(end, Exception))
    later = requests[(won + 1) % 4]
    with pytest.raises(DifferentRequestError):
        await store.execute(COUNTER, ITEM, RAISE, later)
    assert await total(store) == 1


async def test_of_two_writers_who_saw_the_same_version_one_wins(process: Process) -> None:
    store = process.store
    await store.execute(COUNTER, ITEM, RAISE, cause())
    ends = await asyncio.gather(
        *(store.execute(COUNTER, ITEM, RAISE, cause(expected_version=1)) for _ in "ab"),
        return_exceptions=True,
    )
    losers = [end for end in ends if isinstance(end, StaleVersionError)]
    assert [loser.current for loser in losers] == [2]
    assert await total(store) == 2


async def test_writers_who_did_not_look_are_tried_again_until_all_have_won(
    process: Process,
) -> None:
    # In each round one wins, so that six need no more than the six tries they have.
    tries = [process.store.execute(COUNTER, ITEM, RAISE, cause()) for _ in range(6)]
    answers = await asyncio.gather(*tries)
    assert sorted(a.outcome.version for a in answers) == [1, 2, 3, 4, 5, 6]


async def test_whoever_is_overtaken_at_every_try_gives_up_and_leaves_nothing(
    process: Process,
) -> None:
    store = process.store
    overtaken = 0

    async def work(transaction: Transaction) -> None:
        nonlocal overtaken
        await transaction.execute(COUNTER, ITEM, RAISE)
        await transaction.execute(COUNTER, OTHER, RaiseCounter(counter_id=OTHER))
        await store.execute(COUNTER, ITEM, RAISE, cause())
        overtaken += 1

    with pytest.raises(ConflictError):
        await store.transact(COUNTER, ITEM, cause(), work)
    assert (overtaken, await total(store)) == (6, 6)
    assert await total(store, OTHER) == 0
    assert await count(store, "command") == 6


async def test_a_refusal_is_not_stored(process: Process) -> None:
    store, once = process.store, cause()
    await store.execute(COUNTER, ITEM, RAISE, cause())
    with pytest.raises(FullError):
        await store.execute(COUNTER, ITEM, RaiseCounter(counter_id=ITEM, at_most=1), once)
    assert await count(store, "command") == 1
    await store.execute(COUNTER, ITEM, ResetCounter(counter_id=ITEM), cause())
    allowed = await store.execute(
        COUNTER, ITEM, RaiseCounter(counter_id=ITEM, at_most=1), once
    )
    assert not allowed.repeated


@pytest.mark.parametrize("refusal", [FullError(total=0), StaleVersionError(1)])
async def test_a_refused_try_of_a_command_that_won_meanwhile_answers_what_won(
    process: Process, refusal: Exception
) -> None:
    store, once = process.store, cause()

    async def work(transaction: Transaction) -> None:
        await transaction.read(COUNTER, ITEM)
        await store.execute(COUNTER, ITEM, RAISE, once)
        raise refusal

    answer = await store.transact(COUNTER, ITEM, once, work)
    assert (answer.repeated, answer.outcome.version) == (True, 1)


async def test_an_act_on_several_streams_changes_all_or_none(process: Process) -> None:
    store = process.store

    async def move(transaction: Transaction, at_most: int) -> dict[str, str]:
        await transaction.execute(COUNTER, ITEM, RAISE)
        command = RaiseCounter(counter_id=OTHER, times=2, at_most=at_most)
        state = await transaction.execute(COUNTER, OTHER, command)
        return {"other": str(state.total)}

    with pytest.raises(FullError):
        await store.transact(COUNTER, ITEM, cause(), lambda t: move(t, 1))
    assert (await total(store), await total(store, OTHER)) == (0, 0)
    assert await count(store, "stream") == 0
    done = await store.transact(COUNTER, ITEM, cause(), lambda t: move(t, 2))
    assert (await total(store), await total(store, OTHER)) == (1, 2)
    assert (done.outcome.version, done.outcome.facts) == (1, {"other": "2"})
    assert {shard for shard, _ in done.position.shards} == {
        shard_of(f"counter-{item}") for item in (ITEM, OTHER)
    }


async def test_acts_on_the_same_streams_in_opposite_order_do_not_deadlock(
    process: Process,
) -> None:
    store = process.store

    async def both(transaction: Transaction, items: tuple[UUID, UUID]) -> None:
        for item in items:
            await transaction.execute(COUNTER, item, RaiseCounter(counter_id=item))

    for _ in range(10):
        await asyncio.gather(
            *(
                store.transact(COUNTER, items[0], cause(), partial(both, items=items))
                for items in [(ITEM, OTHER), (OTHER, ITEM)] * 3
            )
        )
    assert (await total(store), await total(store, OTHER)) == (60, 60)


async def test_appending_together_reads_no_table_whole_however_it_has_grown(
    process: Process, service_database: ServiceDatabase
) -> None:
    store, items = process.store, [uuid4() for _ in range(64)]
    scans = "select sum(seq_scan) from pg_stat_user_tables where schemaname = 'store'"
    before = await service_database.owner.fetchval(scans)
    for _ in range(8):  # a plan is kept from the sixth on
        tries = (
            store.execute(COUNTER, item, RaiseCounter(counter_id=item), cause())
            for item in items
        )
        await asyncio.gather(*tries)
    await (
        service_database.cut_connections()
    )  # what sessions have counted is told at their end
    seen = await service_database.owner.fetchval(scans)
    assert seen - before < 8


async def test_every_process_and_the_database_agree_on_a_stream_s_shard(
    service_database: ServiceDatabase,
) -> None:
    ids = [f"counter-{uuid4()}" for _ in range(300)] + ["series-收〔2025〕", "", "x"]
    program = (
        "import sys\nfrom chassis.store.shards import shard_of\n"
        "print(*(shard_of(line) for line in sys.stdin.buffer.read().decode().split('\\n')))"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await other.communicate("\n".join(ids).encode())
    rows = await service_database.owner.fetch(
        "select store.shard_of(id) as shard from unnest($1::text[]) with ordinality u (id, n) "
        "order by n",
        ids,
    )
    ours = [shard_of(stream_id) for stream_id in ids]
    assert ours == [int(shard) for shard in printed.split()]
    assert ours == [row["shard"] for row in rows]
