"""Commands that come at once are appended together, and each as if it had come alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from chassis.store import ConflictError, DifferentRequestError, ForgottenCommandError, Store
from chassis.store.cause import Executed
from chassis.store.gathering import MOST, Gathering
from tests.support.samples import COUNTER, FullError, RaiseCounter, ResetCounter, cause
from tests.support.service import Process, ServiceDatabase

ITEMS = [UUID(int=n + 1) for n in range(40)]
APPENDS = "select count(distinct xmin::text) from store.event"


async def raised(store: Store, item: UUID, times: int = 1) -> None:
    command = RaiseCounter(counter_id=item, times=times)
    await store.execute(COUNTER, item, command, cause())


async def totals(store: Store, items: Sequence[UUID] = ITEMS) -> list[int]:
    return [(await store.read(COUNTER, item)).state.total for item in items]


async def expect_sound(database: ServiceDatabase) -> None:
    """Expect every chain whole, each stream as long as it says, and no command left over."""
    assert not await database.owner.fetch("select * from store.verify_v1()")
    lost = await database.owner.fetch(
        "select 1 from store.command c, unnest(c.event_ids) i "
        "where not exists (select 1 from store.event e where e.event_id = i)"
    )
    assert not lost


@pytest.mark.postgres
async def test_what_comes_at_once_goes_together(
    service_database: ServiceDatabase, process: Process
) -> None:
    store = process.store
    for times in (1, 3, 1):
        await asyncio.gather(*(raised(store, item, times) for item in ITEMS))
    assert await totals(store) == [5] * len(ITEMS)
    assert await store.pool.fetchval(APPENDS) <= 12
    await expect_sound(service_database)


@pytest.mark.postgres
async def test_nobody_among_many_is_held_up_by_another_s_refusal_repeat_or_wrong_key(
    service_database: ServiceDatabase, process: Process
) -> None:
    store, item = process.store, ITEMS[0]
    known, full, wrong = cause(request_hash=b"1"), ITEMS[1], ITEMS[2]
    first = await store.execute(COUNTER, item, RaiseCounter(counter_id=item), known)
    limited = RaiseCounter(counter_id=full, at_most=0)
    others = ITEMS[3:]
    ends = await asyncio.gather(
        *(raised(store, other) for other in others),
        store.execute(COUNTER, item, RaiseCounter(counter_id=item), known),
        store.execute(COUNTER, full, limited, cause()),
        store.execute(
            COUNTER,
            wrong,
            RaiseCounter(counter_id=wrong),
            replace(known, request_hash=b"2"),
        ),
        store.execute(COUNTER, full, ResetCounter(counter_id=full), cause()),
        return_exceptions=True,
    )
    repeat, refused, different, nothing = ends[len(others) :]
    assert isinstance(repeat, Executed)
    assert (repeat.repeated, repeat.position) == (True, first.position)
    assert isinstance(refused, FullError)
    assert isinstance(different, DifferentRequestError)
    assert isinstance(nothing, Executed)
    assert await totals(store) == [1, 0, 0, *[1] * len(others)]
    await expect_sound(service_database)


@pytest.mark.postgres
async def test_a_command_that_was_forgotten_fails_alone(
    service_database: ServiceDatabase, process: Process
) -> None:
    store, item, old = process.store, ITEMS[0], cause()
    await store.execute(COUNTER, item, RaiseCounter(counter_id=item), old)
    await service_database.owner.execute("delete from store.command")
    *others, forgotten = await asyncio.gather(
        *(raised(store, other) for other in ITEMS[1:]),
        store.execute(COUNTER, item, RaiseCounter(counter_id=item), old),
        return_exceptions=True,
    )
    assert isinstance(forgotten, ForgottenCommandError)
    assert not any(others)
    assert await totals(store) == [1] * len(ITEMS)


@pytest.mark.postgres
async def test_a_stream_that_somebody_keeps_locked_holds_up_its_own_commands_only(
    service_database: ServiceDatabase, process: Process
) -> None:
    store, locked = process.store, ITEMS[0]
    await asyncio.gather(*(raised(store, item) for item in ITEMS))
    holding = service_database.owner.transaction()
    await holding.start()
    await service_database.owner.execute(
        "select from store.stream where stream_id = $1 for update", f"counter-{locked}"
    )
    waits = asyncio.create_task(raised(store, locked))
    async with asyncio.timeout(3):
        await asyncio.gather(*(raised(store, item) for item in ITEMS[1:]))
    assert not waits.done()
    await holding.rollback()
    await waits
    assert await totals(store) == [2] * len(ITEMS)


@pytest.mark.postgres
async def test_two_processes_that_gather_the_same_streams_lose_nothing_and_do_not_deadlock(
    service_database: ServiceDatabase, process: Process
) -> None:
    chance = Random(7)  # noqa: S311 the same order in every run
    async with service_database.process(COUNTER, owner="two") as other:

        async def raise_all(store: Store) -> None:
            for _ in range(4):
                items = chance.sample(ITEMS, len(ITEMS))
                ends = (_patiently(store, item) for item in items)
                await asyncio.gather(*ends)

        await asyncio.gather(raise_all(process.store), raise_all(other.store))
    assert await totals(process.store) == [8] * len(ITEMS)
    await expect_sound(service_database)


async def _patiently(store: Store, item: UUID) -> None:
    """Raise once: with one key, until it is done."""
    once = cause()
    while True:
        try:
            await store.execute(COUNTER, item, RaiseCounter(counter_id=item), once)
        except ConflictError:
            continue  # overtaken at every try
        return


class Echo:
    """Answers with what it was given, a little later; notes how much came at once."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.asked = asyncio.Event()

    async def __call__(self, given: Sequence[int]) -> Sequence[int]:
        """Answer, or choke on a negative number."""
        self.calls.append(list(given))
        self.asked.set()
        await asyncio.sleep(0.01)
        if any(number < 0 for number in given):
            raise ValueError(f"{min(given)}")
        return given


async def test_whoever_is_alone_goes_at_once() -> None:
    echo = Echo()
    gathering: Gathering[int, int] = Gathering(echo, lambda number: number)
    assert [await gathering.do(number) for number in (1, 2)] == [1, 2]
    assert echo.calls == [[1], [2]]


async def test_no_call_carries_more_than_it_may_nor_two_of_one_place() -> None:
    echo = Echo()
    gathering: Gathering[int, int] = Gathering(echo, lambda number: number % 100)
    numbers = list(range(300))
    assert await asyncio.gather(*map(gathering.do, numbers)) == numbers
    assert max(map(len, echo.calls)) == MOST
    for call in echo.calls:
        assert len({number % 100 for number in call}) == len(call)
    assert sorted(n for call in echo.calls for n in call) == numbers


async def test_of_one_place_the_first_to_come_goes_first() -> None:
    echo = Echo()
    gathering: Gathering[int, int] = Gathering(echo, lambda _: "one")
    await asyncio.gather(*map(gathering.do, range(5)))
    assert [call for call in echo.calls if len(call) > 1] == []
    assert [n for (n,) in echo.calls] == list(range(5))


async def test_what_is_wrong_with_one_concerns_no_other() -> None:
    gathering: Gathering[int, int] = Gathering(Echo(), lambda number: number)
    ends = await asyncio.gather(
        *map(gathering.do, (1, 2, 3, -4, 5)), return_exceptions=True
    )
    assert [end for end in ends if not isinstance(end, Exception)] == [1, 2, 3, 5]
    assert str(ends[3]) == "-4"


async def test_when_the_database_is_away_all_are_told_at_once() -> None:
    calls = 0

    async def away(_: Sequence[int]) -> Sequence[int]:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.01)
        raise ConnectionResetError

    gathering: Gathering[int, int] = Gathering(away, lambda number: number)
    ends = await asyncio.gather(*map(gathering.do, range(50)), return_exceptions=True)
    assert {type(end) for end in ends} == {ConnectionResetError}
    assert calls <= 3


async def test_who_stopped_waiting_before_it_went_is_left_out() -> None:
    echo = Echo()
    gathering: Gathering[int, int] = Gathering(echo, lambda number: number)
    under_way = [asyncio.create_task(gathering.do(number)) for number in range(3)]
    await echo.asked.wait()
    waiting = [asyncio.create_task(gathering.do(number)) for number in (3, 4, 5)]
    await asyncio.sleep(0)
    waiting.pop().cancel()
    assert await asyncio.gather(*under_way, *waiting) == list(range(5))
    assert 5 not in [number for call in echo.calls for number in call]
