"""A read model of the sample counters: one row a counter."""

from typing import assert_never

from sqlalchemy import Column, Integer, MetaData, Table, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.projection import Projection
from chassis.rows import Rows
from tests.support.samples import COUNTER, CounterEvent, CounterRaised, CounterReset

TABLES = MetaData()
counters = Table(
    "counters",
    TABLES,
    Column("counter_id", Uuid, primary_key=True),
    Column("total", Integer, nullable=False),
)


async def project(event: CounterEvent, rows: Rows) -> None:
    """Bring the counters up to date with *event*."""
    connection = await rows.written()
    match event:
        case CounterRaised():
            row = insert(counters).values(counter_id=event.counter_id, total=event.by)
            total = counters.c.total + row.excluded.total
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=["counter_id"], set_={"total": total}
                )
            )
        case CounterReset():
            mine = counters.c.counter_id == event.counter_id
            await connection.execute(update(counters).where(mine).values(total=0))
        case _:
            assert_never(event)


def counters_projection() -> Projection:
    """Return the projection: a new object, so that a test may wrap what it projects."""
    return Projection(
        name="counters", version=1, tables=TABLES, project={COUNTER.name: project}
    )


async def all_counters(connection: AsyncConnection) -> dict[str, int]:
    """Return every counter of the view."""
    rows = await connection.execute(select(counters))
    return {str(row.counter_id): row.total for row in rows}
