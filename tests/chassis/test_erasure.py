"""A person's data go with the key, everywhere, and history still verifies."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID, uuid4

import pytest

from chassis.database import connect, open_pool
from chassis.domain import ERASED
from chassis.keys import StoredKeyRing, SubjectErasedError
from chassis.migrate import migrate
from tests.support.samples import NOTE, WriteNote, cause
from tests.support.service import ServiceDatabase, eventually

pytestmark = pytest.mark.postgres

NOTE_ID = UUID(int=7)
WRITE = WriteNote(note_id=NOTE_ID, text="今天", author="张三")
# An erasure waits between its last statement and its commit while somebody holds lock 1.
HOLD_UP_COMMITS = """
create function held_up() returns trigger language plpgsql as
'begin perform pg_advisory_xact_lock(1); return null; end';
create constraint trigger held_up after insert on subject_erased
deferrable initially deferred for each row execute function held_up();
"""
WAITING = """
select count(*) = $1 from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


@pytest.fixture
async def rings(
    service_database: ServiceDatabase,
) -> AsyncIterator[tuple[StoredKeyRing, StoredKeyRing]]:
    """Give the key rings of two processes."""
    name = f"{service_database.name}_keys"
    await migrate(service_database.settings, name, "keys")
    pools = [await open_pool(service_database.settings.dsn(name), 4) for _ in range(2)]
    yield StoredKeyRing(pools[0]), StoredKeyRing(pools[1])
    for pool in pools:
        await pool.close()


async def test_erased_data_read_as_erased_and_the_chain_still_verifies(
    service_database: ServiceDatabase, rings: tuple[StoredKeyRing, StoredKeyRing]
) -> None:
    async with service_database.process(NOTE, keys=rings[0], tailing=False) as process:
        store = process.store
        await store.execute(NOTE, NOTE_ID, WRITE, cause())
        other = uuid4()
        remaining = WriteNote(note_id=other, text="明天", author="李四")
        await store.execute(NOTE, other, remaining, cause())
        stored = await store.pool.fetch("select data from store.event order by position")
        assert "今天".encode() in stored[0]["data"]
        assert "张三".encode() not in stored[0]["data"]
        await rings[0].erase(NOTE_ID)
        await rings[0].erase(NOTE_ID)  # twice is the same as once
        assert (await store.read(NOTE, NOTE_ID)).state.author is ERASED
        assert (await store.read(NOTE, other)).state.author == "李四"
        assert await store.pool.fetch("select * from store.verify_v1()") == []
        with pytest.raises(SubjectErasedError):
            await store.execute(NOTE, NOTE_ID, WRITE, cause())
        assert (await store.read(NOTE, NOTE_ID)).version == 1
        anonymous = WriteNote(note_id=NOTE_ID, text="后天")
        await store.execute(NOTE, NOTE_ID, anonymous, cause())
        assert (await store.read(NOTE, NOTE_ID)).state.text == "后天"


async def test_two_processes_make_one_key_for_a_person(
    rings: tuple[StoredKeyRing, StoredKeyRing],
) -> None:
    subjects = [uuid4() for _ in range(50)]
    made = await asyncio.gather(
        *(ring.keys([subject], create=True) for subject in subjects for ring in rings)
    )
    assert [keys.keys() for keys in made[::2]] == [{subject} for subject in subjects]
    assert made[::2] == made[1::2]


async def test_a_person_who_was_never_recorded_can_be_erased_in_advance(
    rings: tuple[StoredKeyRing, StoredKeyRing],
) -> None:
    await rings[0].erase(NOTE_ID)
    with pytest.raises(SubjectErasedError):
        await rings[1].keys([NOTE_ID], create=True)
    assert await rings[1].keys([NOTE_ID], create=False) == {}


async def test_an_erasure_is_not_undone_by_a_command_at_the_same_moment(
    service_database: ServiceDatabase, rings: tuple[StoredKeyRing, StoredKeyRing]
) -> None:
    await rings[0].keys([NOTE_ID], create=True)
    keys = await connect(
        service_database.settings.owner_dsn(f"{service_database.name}_keys")
    )
    try:
        await keys.execute(HOLD_UP_COMMITS)
        await keys.execute("select pg_advisory_lock(1)")
        erasing = asyncio.create_task(rings[0].erase(NOTE_ID))
        await eventually(partial(keys.fetchval, WAITING, 1))
        recording = asyncio.create_task(rings[1].keys([NOTE_ID], create=True))
        await eventually(partial(keys.fetchval, WAITING, 2))
        await keys.execute("select pg_advisory_unlock(1)")
        await erasing
        with pytest.raises(SubjectErasedError):
            await recording
        for ring in rings:
            assert await ring.keys([NOTE_ID], create=False) == {}
    finally:
        await keys.close()
