"""Nobody changes history, and whoever did it nevertheless is found out."""

import asyncpg
import pytest

from chassis.database import connect
from tests.support.service import Process, ServiceDatabase
from tests.support.writers import raise_counters

pytestmark = pytest.mark.postgres

STREAM, OTHER_STREAM = "counter-a", "counter-b"
FORBIDDEN = [
    "insert into store.event overriding system value select * from store.event",
    "update store.event set type = 'x'",
    "delete from store.event",
    "truncate store.event",
    "insert into store.stream values ('s', 'c', 1, 1)",
    "update store.stream set version = 0",
    "delete from store.stream",
    "insert into store.command values (gen_random_uuid(), '', '', '{}')",
    "delete from store.command",
    "update store.store set epoch = gen_random_uuid()",
    "select nextval('store.event_position_seq')",
    "select setval('store.event_position_seq', 1)",
    "alter table store.event disable trigger all",
    "set session_replication_role = replica",
    "create function store.mine() returns int language sql as 'select 1'",
]


async def write(process: Process) -> None:
    store = process.store
    for versions in ({STREAM: 0}, {STREAM: 2, OTHER_STREAM: 0}):
        await raise_counters(store.pool, store, versions, 2)


@pytest.mark.parametrize("role", ["", "_rebuild"])
async def test_no_role_of_a_service_can_write_history_itself(
    service_database: ServiceDatabase, process: Process, role: str
) -> None:
    await write(process)
    settings, name = service_database.settings, service_database.name
    session = await connect(settings.dsn(name, f"shuniu_{name}{role}"))
    try:
        for statement in FORBIDDEN:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await session.execute(statement)
    finally:
        await session.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update store.event set type = 'x'",
        "delete from store.event where version = 1",
        "truncate store.event",
    ],
)
async def test_not_even_the_owner_changes_an_event(
    service_database: ServiceDatabase, process: Process, statement: str
) -> None:
    await write(process)
    with pytest.raises(asyncpg.PostgresError, match="never changed or deleted"):
        await service_database.owner.execute(statement)
    assert await service_database.owner.fetchval("select count(*) from store.event") == 6


async def faults(process: Process) -> list[tuple[str, int, str]]:
    rows = await process.store.pool.fetch(
        "select * from store.verify_v1() order by 1, 2, 3"
    )
    return [tuple(row) for row in rows]


async def tamper(database: ServiceDatabase, statement: str) -> None:
    """Change what may not be changed, as one could who owns the server."""
    async with database.owner.transaction():
        await database.owner.execute("set local session_replication_role = replica")
        await database.owner.execute(statement)


async def test_a_good_store_verifies(process: Process) -> None:
    await write(process)
    assert await faults(process) == []


@pytest.mark.parametrize(
    "change",
    [
        "data = data || ' '",
        "meta = meta || ' '",
        "type = 'counter.Reset'",
        "schema_version = 2",
        "event_id = gen_random_uuid()",
        "recorded_at = recorded_at + interval '1 us'",
        "hash = sha256('')",
    ],
)
async def test_a_changed_event_is_found(
    service_database: ServiceDatabase, process: Process, change: str
) -> None:
    await write(process)
    await tamper(
        service_database,
        f"update store.event set {change} where stream_id = '{STREAM}' and version = 4",  # noqa: S608
    )
    assert await faults(process) == [(STREAM, 4, "changed event")]


async def test_an_event_forged_with_its_hash_is_found_by_the_next(
    service_database: ServiceDatabase, process: Process
) -> None:
    await write(process)
    await tamper(
        service_database,
        "update store.event set data = '{}', hash = store.hash_of(previous_hash, stream_id,"
        " version, event_id, type, schema_version, '{}', meta,"
        " int8send((extract(epoch from recorded_at) * 1000000)::bigint))"
        " where stream_id = 'counter-a' and version = 2",
    )
    assert await faults(process) == [(STREAM, 3, "broken link")]


@pytest.mark.parametrize(
    ("deleted", "found"),
    [
        (1, [(2, "missing event"), (4, "cut tail")]),
        (2, [(3, "missing event"), (4, "cut tail")]),
        (4, [(4, "cut tail")]),
    ],
)
async def test_a_deleted_event_is_found(
    service_database: ServiceDatabase,
    process: Process,
    deleted: int,
    found: list[tuple[int, str]],
) -> None:
    await write(process)
    await tamper(
        service_database,
        f"delete from store.event where stream_id = '{STREAM}' and version = {deleted}",  # noqa: S608
    )
    assert await faults(process) == [(STREAM, *fault) for fault in found]


async def test_an_event_moved_to_another_stream_is_found(
    service_database: ServiceDatabase, process: Process
) -> None:
    await write(process)
    await tamper(
        service_database,
        f"update store.event set stream_id = '{OTHER_STREAM}', version = 3 "  # noqa: S608
        f"where stream_id = '{STREAM}' and version = 4",
    )
    assert (OTHER_STREAM, 3, "broken link") in await faults(process)
