"""Numbers are drawn without gaps, without repetition and without an error, by any crowd."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.series import (
    NUMBER_SERIES,
    OpenSeries,
    SeriesBehindError,
    SeriesNotOpenError,
    draw,
    series_id,
)
from chassis.store import Cause, Store, Transaction
from chassis.store.cause import Executed
from tests.support.samples import COUNTER, FullError, RaiseCounter, cause
from tests.support.service import ServiceDatabase

pytestmark = pytest.mark.postgres

CLERKS = 32
SERIES_ID = series_id("gov", "收", 2025)
OPEN = OpenSeries(organ="gov", mark="收", year=2025, last=416)


async def open_series(store: Store) -> None:
    await store.execute(NUMBER_SERIES, SERIES_ID, OPEN, cause())


async def register(
    store: Store, why: Cause, item: UUID, times: int = 1, tries: list[UUID] | None = None
) -> Executed:
    """Draw *times* numbers for *item*: the first is the outcome's fact."""

    async def work(transaction: Transaction) -> dict[str, str]:
        if tries is not None:
            tries.append(item)
        drawn = [
            await draw(transaction, organ="gov", mark="收", year=2025, item_id=item)
            for _ in range(times)
        ]
        command = RaiseCounter(counter_id=item, remark=" ".join(drawn))
        await transaction.execute(COUNTER, item, command)
        return {"number": drawn[0]}

    return await store.transact(COUNTER, item, why, work)


def numbers(first: int, last: int) -> list[str]:
    return [f"收〔2025〕{serial}号" for serial in range(first, last + 1)]


async def test_32_clerks_at_one_series_draw_32_consecutive_numbers(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(COUNTER, NUMBER_SERIES, tailing=False) as process:
        store = process.store
        await open_series(store)
        tries: list[UUID] = []
        ends = await asyncio.gather(
            *(register(store, cause(), uuid4(), tries=tries) for _ in range(CLERKS))
        )
        assert len(tries) == CLERKS, "somebody had to try again: they do not wait in line"
        drawn = sorted(end.outcome.facts["number"] for end in ends)
        assert drawn == numbers(417, 416 + CLERKS)
        series = await store.read(NUMBER_SERIES, SERIES_ID)
        assert (series.state.last, series.version) == (416 + CLERKS, 1 + CLERKS)


async def test_a_command_that_comes_ten_times_at_once_draws_one_number(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(COUNTER, NUMBER_SERIES, tailing=False) as process:
        store, once, item = process.store, cause(), uuid4()
        await open_series(store)
        ends = await asyncio.gather(*(register(store, once, item) for _ in range(10)))
        assert {end.outcome.facts["number"] for end in ends} == {"收〔2025〕417号"}
        assert len({str(end.outcome) for end in ends}) == 1
        assert (await store.read(NUMBER_SERIES, SERIES_ID)).state.last == 417


async def test_a_number_whose_act_is_refused_goes_to_the_next(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(COUNTER, NUMBER_SERIES, tailing=False) as process:
        store = process.store
        await open_series(store)

        async def refused(transaction: Transaction) -> None:
            await draw(transaction, organ="gov", mark="收", year=2025, item_id=uuid4())
            raise FullError(total=0)

        with pytest.raises(FullError):
            await store.transact(COUNTER, uuid4(), cause(), refused)
        done = await register(store, cause(), uuid4())
        assert done.outcome.facts == {"number": "收〔2025〕417号"}


async def test_two_numbers_drawn_in_one_act_are_two_numbers(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(COUNTER, NUMBER_SERIES, tailing=False) as process:
        store, item = process.store, uuid4()
        await open_series(store)
        await register(store, cause(), item, times=2)
        rows = await store.pool.fetch(
            "select convert_from(data, 'UTF8')::json ->> 'number' as number "
            "from store.event where type = 'series.NumberDrawn' order by version"
        )
        assert [row["number"] for row in rows] == numbers(417, 418)


async def test_a_series_that_nobody_opened_gives_no_number(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(COUNTER, NUMBER_SERIES, tailing=False) as process:
        with pytest.raises(SeriesNotOpenError) as refused:
            await register(process.store, cause(), uuid4())
        assert refused.value.facts == {"mark": "收", "year": 2025}
        assert not await process.store.pool.fetchval("select count(*) from store.stream")


async def test_opening_a_series_again_changes_nothing_and_never_takes_numbers_back(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(COUNTER, NUMBER_SERIES, tailing=False) as process:
        store = process.store
        await open_series(store)
        await register(store, cause(), uuid4())
        await open_series(store)
        other = OpenSeries(organ="gov", mark="收", year=2025, last=500)
        with pytest.raises(SeriesBehindError):
            await store.execute(NUMBER_SERIES, SERIES_ID, other, cause())
        assert (await store.read(NUMBER_SERIES, SERIES_ID)).state.last == 417


async def test_a_long_series_is_read_from_a_snapshot(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(NUMBER_SERIES, COUNTER) as process:
        await open_series(process.store)
        for _ in range(8):
            await register(process.store, cause(), uuid4(), times=30)
        last = (await process.store.read(NUMBER_SERIES, SERIES_ID)).state.last
        assert last == OPEN.last + 240
    remembered = await service_database.owner.fetchval(
        "select version from store.snapshot where stream_id = $1", f"series-{SERIES_ID}"
    )
    assert remembered >= 200
