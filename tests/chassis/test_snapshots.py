"""A long stream is read from a snapshot; a snapshot is never trusted blindly."""

from uuid import UUID

import pytest

from chassis.codec import Codec
from chassis.store import Store
from chassis.store.access import Alone
from chassis.store.load import SNAPSHOT_EVERY, Asked, Loaded, Loader, Rows
from tests.support.samples import (
    COUNTER,
    NOTE,
    Counter,
    CounterEvent,
    RaiseCounter,
    ResetCounter,
    WriteNote,
    cause,
)
from tests.support.service import Process, ServiceDatabase

pytestmark = pytest.mark.postgres

ITEM = UUID(int=1)
LENGTH = SNAPSHOT_EVERY + 60


class Counting(Alone):
    """Counts the rows that come back."""

    rows = 0

    async def read(self, asked: Asked) -> Rows:
        """Read and count."""
        rows = await super().read(asked)
        self.rows += len(rows)
        return rows


async def load(store: Store) -> tuple[Loaded[Counter], int]:
    """Load the counter; return it, and how many rows that took."""
    counting = Counting(store.pool, store.epoch)
    loader: Loader[Counter, CounterEvent] = Loader(COUNTER, Codec(COUNTER))
    loaded = await loader.load(counting, f"counter-{ITEM}", None)
    return loaded, counting.rows


@pytest.fixture
async def long_stream(process: Process) -> Store:
    store = process.store
    for times in (SNAPSHOT_EVERY, 10, 50):
        await store.execute(
            COUNTER, ITEM, RaiseCounter(counter_id=ITEM, times=times), cause()
        )
    return store


async def test_a_long_stream_is_read_from_its_snapshot(long_stream: Store) -> None:
    loaded, rows = await load(long_stream)
    assert (loaded.version, loaded.state.total) == (LENGTH, LENGTH)
    assert rows <= LENGTH - SNAPSHOT_EVERY
    item = await long_stream.read(COUNTER, ITEM)
    assert (item.version, item.state) == (LENGTH, Counter(total=LENGTH))


async def test_a_snapshot_of_another_shape_is_ignored(
    service_database: ServiceDatabase, long_stream: Store
) -> None:
    await service_database.owner.execute(
        "update store.snapshot set state_schema = 'older', data = '{\"gone\": 1}'"
    )
    loaded, rows = await load(long_stream)
    assert (loaded.version, loaded.state.total) == (LENGTH, LENGTH)
    assert rows == LENGTH
    await long_stream.execute(COUNTER, ITEM, RaiseCounter(counter_id=ITEM), cause())
    assert (await load(long_stream))[1] <= 2, "no new snapshot took the old one's place"


async def test_commands_decide_alike_with_a_snapshot_and_without(
    service_database: ServiceDatabase, long_stream: Store
) -> None:
    await long_stream.execute(COUNTER, ITEM, ResetCounter(counter_id=ITEM), cause())
    with_snapshot = await long_stream.read(COUNTER, ITEM)
    await service_database.owner.execute("delete from store.snapshot")
    assert await long_stream.read(COUNTER, ITEM) == with_snapshot


async def test_a_snapshot_tells_nothing_of_an_erased_person(
    service_database: ServiceDatabase,
) -> None:
    async with service_database.process(NOTE, tailing=False) as process:
        store = process.store
        for _ in range(SNAPSHOT_EVERY + 2):
            command = WriteNote(note_id=ITEM, text="x", author="张三")
            await store.execute(NOTE, ITEM, command, cause())
        rows = await service_database.owner.fetch("select data from store.snapshot")
        assert not [row for row in rows if "张三".encode() in row["data"]]
