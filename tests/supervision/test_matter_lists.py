"""The list of open matters is the one that a plain query gives, whoever asks, page by page."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import open_engine
from services.supervision.projections import matter_lists as view
from services.supervision.projections.matter_table import matter
from services.supervision.projections.matters import MATTERS
from tests.benchmarks.list_rows import fill, make_table
from tests.support.postgres import Postgres
from tests.support.service import service_database_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN, A_PAGE = 2_000, 37
EVERYBODY = {
    "an office": (view.of_organ("gov"), view.addressed_to("gov")),
    "a small organ": (view.of_organ("organ-3"), view.addressed_to("organ-3")),
    "a unit": view.of_unit("unit-7"),
    "a leader": view.of_leader("leader-11", "gov"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matters(postgres: Postgres) -> AsyncIterator[AsyncConnection]:
    async with service_database_in(postgres, "matter_lists") as database:
        engine = open_engine(database.dsn, 1)
        await make_table(engine)
        await fill(database.owner, 0, OPEN)
        async with engine.connect() as plain:
            yield await plain.execution_options(schema_translate_map={None: MATTERS.schema})
        await engine.dispose()


async def plainly(
    matters: AsyncConnection, concerning: Sequence[view.Filter], statuses: Sequence[str]
) -> list[UUID]:
    query = select(matter.c.matter_id).where(
        view.any_of(concerning), matter.c.status.in_(statuses)
    )
    rows = await matters.execute(query.order_by(*view.ORDER))
    return [row.matter_id for row in rows]


@pytest.mark.parametrize("statuses", [view.OPEN, view.EVERY], ids=["open", "every"])
@pytest.mark.parametrize("who", EVERYBODY)
async def test_page_by_page_whoever_asks_finds_what_concerns_them_once(
    matters: AsyncConnection, who: str, statuses: Sequence[str]
) -> None:
    concerning, found, after = EVERYBODY[who], [], None
    while rows := await view.listed(
        matters, concerning, statuses, after=after, limit=A_PAGE
    ):
        found += [row.matter_id for row in rows]
        after = rows[-1].due, rows[-1].matter_id

    assert found
    assert found == await plainly(matters, concerning, statuses)


async def test_what_was_closed_lately_stands_by_due_date(matters: AsyncConnection) -> None:
    concerning = EVERYBODY["an office"]
    closed = await view.closed_since(
        matters, concerning, (await _last_closing(matters)), limit=OPEN
    )

    assert {row.status for row in closed} == {"closed"}
    assert closed == sorted(closed, key=lambda row: (row.due, row.matter_id))
    assert len(closed) < len(await plainly(matters, concerning, ["closed"]))


async def _last_closing(matters: AsyncConnection) -> datetime:
    moments = await matters.execute(
        select(matter.c.closed_at)
        .where(view.any_of(EVERYBODY["an office"]), matter.c.closed_at.is_not(None))
        .order_by(matter.c.closed_at.desc())
        .offset(9)
        .limit(1)
    )
    moment: datetime = moments.scalar_one()
    return moment
