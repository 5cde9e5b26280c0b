"""Rows written in bulk come to what a statement each would have come to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ARRAY, Boolean, Column, Integer, MetaData, Table, Text, Uuid, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_of
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import within
from chassis.rows import COPIED_FROM, Rows
from tests.support.service import Process, ServiceDatabase

pytestmark = pytest.mark.postgres

TABLES = MetaData()
ITEMS = Table(
    "items",
    TABLES,
    Column("item_id", Uuid, primary_key=True),
    Column("title", Text, nullable=False),
    Column("units", ARRAY(Text)),
    Column("steps", JSONB),
    Column("closed", Boolean, nullable=False, default=False),
    Column("times", Integer, nullable=False, default=0),
)
LINES = Table("lines", TABLES, Column("n", Integer, primary_key=True), Column("said", Text))
NOTES = Table("notes", TABLES, Column("said", Text))
SCHEMA = "rows_1"
ONE, OTHER = UUID(int=1), UUID(int=2)


@asynccontextmanager
async def batch(process: Process) -> AsyncIterator[tuple[Rows, AsyncConnection]]:
    """Open a batch's transaction, and write what waits at its end."""
    async with within(process.feed.engine, SCHEMA) as connection:
        rows = Rows(connection, SCHEMA)
        yield rows, connection
        await rows.written()


async def items(process: Process, schema: str = SCHEMA) -> dict[UUID, tuple[Any, ...]]:
    async with within(process.feed.engine, schema) as connection:
        found = await connection.execute(select(ITEMS))
        return {row.item_id: tuple(row) for row in found}


@pytest.fixture(autouse=True)
async def _tables(process: Process, service_database: ServiceDatabase) -> None:
    for schema in (SCHEMA, "by_hand"):
        await service_database.owner.execute(f"create schema {schema}")
        await service_database.owner.execute(f"grant all on schema {schema} to public")
        async with within(process.feed.engine, schema) as connection:
            await connection.run_sync(TABLES.create_all)


@pytest.mark.parametrize("count", [1, COPIED_FROM + 1])
async def test_rows_are_there_with_their_defaults_once_the_batch_ends(
    process: Process, count: int
) -> None:
    steps = [{"code": "催办", "when": None}]
    async with batch(process) as (rows, _):
        for n in range(count):
            rows.insert(ITEMS, item_id=UUID(int=n), title="一", units=["a"], steps=steps)
    row = ("一", ["a"], steps, False, 0)
    assert await items(process) == {UUID(int=n): (UUID(int=n), *row) for n in range(count)}


async def test_what_a_batch_says_of_its_own_row_is_in_it(process: Process) -> None:
    async with batch(process) as (rows, _):
        rows.insert(ITEMS, item_id=ONE, title="one")
        await rows.update(ITEMS, {"item_id": ONE}, {"title": "other", "closed": True})
    assert (await items(process))[ONE] == (ONE, "other", None, None, True, 0)


async def test_an_expression_sees_what_was_said_before_it(process: Process) -> None:
    key, more = {"item_id": ONE}, {"times": ITEMS.c.times + 1}
    async with batch(process) as (rows, _):
        rows.insert(ITEMS, item_id=ONE, title="one", times=5)
        await rows.update(ITEMS, key, more)
        await rows.update(ITEMS, key, {"times": 10})
        await rows.update(ITEMS, key, more)
    assert (await items(process))[ONE][-1] == 11


async def test_a_row_that_is_not_there_is_not_made_by_saying_something_of_it(
    process: Process,
) -> None:
    async with batch(process) as (rows, _):
        await rows.update(ITEMS, {"item_id": ONE}, {"title": "nobody's"})
        rows.insert(ITEMS, item_id=ONE, title="its own")
        await rows.update(ITEMS, {"item_id": OTHER}, {"title": "nobody's"})
    assert {key: row[1] for key, row in (await items(process)).items()} == {ONE: "its own"}


async def test_the_database_numbers_rows_that_come_without_a_key(process: Process) -> None:
    async with batch(process) as (rows, _):
        for n in range(COPIED_FROM):
            rows.insert(LINES, said=f"{n}")
    async with within(process.feed.engine, SCHEMA) as connection:
        said = await connection.execute(select(LINES.c.said).order_by(LINES.c.n))
        assert said.scalars().all() == [f"{n}" for n in range(COPIED_FROM)]


async def test_a_table_without_a_key_takes_the_same_row_twice(process: Process) -> None:
    async with batch(process) as (rows, _):
        rows.insert(NOTES, said="again")
        rows.insert(NOTES, said="again")
    async with within(process.feed.engine, SCHEMA) as connection:
        assert len((await connection.execute(select(NOTES))).all()) == 2


async def test_two_new_rows_of_one_key_fail_at_once(process: Process) -> None:
    async with batch(process) as (rows, _):
        rows.insert(ITEMS, item_id=ONE, title="one")
        with pytest.raises(ValueError, match="same key"):
            rows.insert(ITEMS, item_id=ONE, title="again")


@pytest.mark.parametrize("count", [1, COPIED_FROM])
async def test_nothing_of_a_batch_stays_where_a_row_was_there_already(
    process: Process, count: int
) -> None:
    async with batch(process) as (rows, _):
        rows.insert(ITEMS, item_id=ONE, title="one")
    with pytest.raises(Exception, match="duplicate key"):  # noqa: PT012 it fails at the end
        async with batch(process) as (rows, _):
            rows.insert(LINES, said="not to stay")
            for n in range(count):
                rows.insert(ITEMS, item_id=UUID(int=n + 1), title="another")
    async with within(process.feed.engine, SCHEMA) as connection:
        assert not (await connection.execute(select(LINES))).all()
    assert [row[1] for row in (await items(process)).values()] == ["one"]


@pytest.mark.parametrize("seed", range(8))
async def test_any_batch_comes_to_what_a_statement_each_comes_to(
    process: Process, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 the same batches in every run
    for _ in range(12):
        there = set(await items(process))
        steps = [_step(chance, there) for _ in range(chance.choice([1, 5, 60]))]
        async with batch(process) as (rows, _):
            for act, key, values in steps:
                if act == "insert":
                    rows.insert(ITEMS, **key, **values)
                else:
                    await rows.update(ITEMS, key, values)
        async with within(process.feed.engine, "by_hand") as connection:
            for act, key, values in steps:
                here = ITEMS.c.item_id == key["item_id"]
                statement: Any = insert_into(ITEMS).values(**key, **values)
                if act == "update":
                    statement = update_of(ITEMS).where(here).values(values)
                await connection.execute(statement)
        assert await items(process) == await items(process, "by_hand")


def _step(chance: Random, there: set[UUID]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    key = UUID(int=chance.randrange(150))
    title, times = f"{chance.random()}", chance.randrange(9)
    if key not in there and chance.random() < 0.5:
        there.add(key)
        return "insert", {"item_id": key}, {"title": title, "times": times}
    values: list[dict[str, Any]] = [
        {"title": title},
        {"times": times, "closed": True},
        {"units": [title], "steps": {"at": times}},
        {"times": ITEMS.c.times + 1},
    ]
    return "update", {"item_id": key}, chance.choice(values)
