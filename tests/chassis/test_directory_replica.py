"""The replica of the directory: exact for whoever reads after a commit, and nameless where erased."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from chassis.consumer import Consumer
from chassis.directory import Directory, subscriptions
from chassis.directory.replica import NAME, PERSON, keep
from chassis.domain import ERASED
from chassis.log import Record, Topic
from chassis.people import Organ, People, Person, Unit
from shuniu.directory.v1 import events_pb2 as public
from tests.support.consuming import FixedClock, headers_of
from tests.support.directory import fill, id_of, sealed
from tests.support.logs import embedded_home, publish
from tests.support.memory_keys import MemoryKeyRing
from tests.support.postgres import Postgres
from tests.support.service import Process, eventually

pytestmark = pytest.mark.postgres

NOW = datetime(2025, 8, 11, tzinfo=UTC)
LI = Person(
    id="li.juan",
    name="李娟",
    unit="office",
    posts=("文书",),
    roles=frozenset({"registry_clerk"}),
    superior="sun.li",
    clearance=1,
)
SUN = Person(id="sun.li", name="孙立", unit="office", aide_of=frozenset({"li.juan"}))
GONE = Person(id="luo.hai", name="罗海", unit="office", left_at=NOW)
PEOPLE = People(
    {"gov": Organ(id="gov", name="县政府")},
    {"office": Unit(id="office", name="办公室", organ="gov", unit_class="bureau")},
    {"li.juan": LI, "luo.hai": GONE, "sun.li": SUN},
)
OF_LI = id_of(PERSON, "li.juan")


@pytest.fixture
def keys() -> MemoryKeyRing:
    return MemoryKeyRing()


@pytest.fixture
def directory(process: Process, keys: MemoryKeyRing) -> Directory:
    return Directory(process.feed.engine, keys)


async def test_what_was_told_is_what_is_read(
    process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    assert await directory.people() == People()
    await fill(process.feed.engine, keys, PEOPLE)
    assert await directory.people() == PEOPLE


async def test_who_reads_after_a_commit_sees_it_and_nobody_before(
    process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    await fill(process.feed.engine, keys, PEOPLE)
    other = Directory(process.feed.engine, keys)
    before = await directory.people()
    assert await directory.people() is before  # nothing changed: nothing is read anew
    moved = public.PersonChanged(person="li.juan", unit="elsewhere")
    async with process.feed.engine.connect() as connection:
        async with connection.begin() as transaction:
            await keep(connection, PERSON, OF_LI, 2, moved)
            seen = await directory.people(connection)
            assert seen.people["li.juan"].unit == "elsewhere"
            assert await directory.people() is before
            await transaction.rollback()
        assert await directory.people(connection) == before
    async with process.feed.engine.begin() as connection:
        await keep(connection, PERSON, OF_LI, 2, moved)
    for reader in (directory, other):
        assert (await reader.people()).people["li.juan"].unit == "elsewhere"


async def test_an_older_message_never_undoes_a_newer_one(
    process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    await fill(process.feed.engine, keys, PEOPLE, at=5)
    async with process.feed.engine.begin() as connection:
        for sequence in (5, 4):
            older = public.PersonChanged(person="li.juan", unit="elsewhere")
            await keep(connection, PERSON, OF_LI, sequence, older)
            await keep(connection, NAME, OF_LI, sequence, None)
    assert await directory.people() == PEOPLE


async def test_whoever_left_keeps_the_name_and_has_no_role(
    process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    left = replace(LI, left_at=NOW)
    await fill(process.feed.engine, keys, People({}, {}, {"li.juan": left}))
    people = await directory.people()
    assert people.people["li.juan"].name == "李娟"
    assert people.with_role("registry_clerk") == []
    assert not people.has_role("li.juan", "registry_clerk")


async def test_a_name_whose_key_is_gone_reads_as_erased(
    process: Process, keys: MemoryKeyRing
) -> None:
    await fill(process.feed.engine, keys, PEOPLE)
    await keys.erase(OF_LI)
    fresh = Directory(process.feed.engine, keys)
    people = (await fresh.people()).people
    assert people["li.juan"].name is ERASED
    assert people["sun.li"].name == "孙立"
    assert people["li.juan"].roles == LI.roles
    rows = await process.store.pool.fetch("select message from directory.entry")
    assert not [row for row in rows if "李娟".encode() in row["message"]]


async def test_a_deleted_name_reads_as_erased_although_its_key_is_there(
    process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    await fill(process.feed.engine, keys, PEOPLE)
    await directory.people()
    async with process.feed.engine.begin() as connection:
        await keep(connection, NAME, OF_LI, 2, None)
    assert (await directory.people()).people["li.juan"].name is ERASED


async def test_a_name_sealed_for_another_place_is_no_name(
    process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    await fill(process.feed.engine, keys, PEOPLE)
    foreign = await sealed(keys, id_of(PERSON, "sun.li"), SUN)
    async with process.feed.engine.begin() as connection:
        await keep(connection, NAME, OF_LI, 2, foreign)
    assert (await directory.people()).people["li.juan"].name is ERASED


async def test_the_topics_fill_the_replica_and_an_empty_value_takes_a_name_back(
    postgres: Postgres, process: Process, directory: Directory, keys: MemoryKeyRing
) -> None:
    item = uuid4()

    def record(topic: str, message: type, value: bytes | None, sequence: str) -> Record:
        name = message.DESCRIPTOR.full_name  # type: ignore[attr-defined] # every message's
        headers = headers_of(name, str(item), ce_sequence=sequence)
        return Record(topic=topic, key=str(item).encode(), value=value, headers=headers)

    changed = public.PersonChanged(person="li.juan", unit="office")
    named = await sealed(keys, item, LI)
    async with embedded_home(postgres) as home:
        await home.log.create([Topic(s.topic, 1, compacted=True) for s in subscriptions()])
        consumer = Consumer(
            name=f"tests.{uuid4().hex}",
            service="tests",
            subscriptions=subscriptions(),
            log=home.log,
            store=process.store,
            engine=process.feed.engine,
            clock=FixedClock(),
        )
        process.run(consumer.run())
        person, name = "public.directory.person.v1", "internal.directory.person.v1"
        await publish(
            home.log,
            [
                record(person, public.PersonChanged, changed.SerializeToString(), "1"),
                record(name, public.PersonNamed, named.SerializeToString(), "2"),
            ],
        )

        async def called(wanted: str) -> bool:
            found = (await directory.people()).people.get("li.juan")
            return found is not None and found.name == wanted

        await eventually(lambda: called("李娟"))
        await publish(home.log, [record(name, public.PersonNamed, None, "3")])
        await eventually(lambda: called(ERASED))
        assert not await process.store.pool.fetch("select * from feed.parked")
