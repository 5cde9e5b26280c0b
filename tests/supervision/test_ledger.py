"""The ledger says of each unit what happened, by which event, and can be built anew."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from chassis.projection import Projecting, Rebuilding, begin_rebuild, within
from chassis.store import Cause, Position
from chassis.views import Views
from services.supervision.domain.evaluation.facts import Fact
from services.supervision.domain.evaluation.score import SCORE, PublishScore, score_id
from services.supervision.domain.evaluation.scoring import Scoring
from services.supervision.domain.evaluation.words import FactKind
from services.supervision.domain.events import (
    MatterAssigned,
    MatterReceiptOverdue,
    MatterReceived,
)
from services.supervision.projections import ledger_lists as view
from services.supervision.projections.ledger import LEDGER, entry
from tests.support.postgres import Postgres
from tests.support.scoring import (
    CALENDAR,
    COMPLETED_C1,
    FIRST_AND_THEN,
    JANUARY_TO_OCTOBER,
    M1,
    STANDINGS,
    WATER,
    A,
    B,
    an,
    at,
    matter,
    scored,
)
from tests.support.service import Process, eventually, service_database_in
from tests.support.told import MATTERS, write

pytestmark = pytest.mark.postgres

NUMBERS = count(1)
ALWAYS = (at("01-01 00:00"), at("11-01 00:00"))


@pytest.fixture
async def process(postgres: Postgres) -> AsyncIterator[Process]:
    """Give a process of supervision that keeps the ledger."""
    async with (
        service_database_in(postgres, f"ledger_{next(NUMBERS)}") as database,
        database.process(MATTERS, SCORE) as process,
    ):
        process.follow(Projecting(LEDGER))
        yield process


async def publish(process: Process, rule: Any, facts: Sequence[Fact]) -> Position:
    """Publish the score of the sample by *rule*."""
    scoring = Scoring(
        organ="gov",
        period=JANUARY_TO_OCTOBER,
        rule=rule,
        facts=facts,
        standings=STANDINGS,
        praising=frozenset({"zhou.zhiyuan"}),
        calendar=CALENDAR,
    )
    item = score_id("gov", JANUARY_TO_OCTOBER, rule.id)
    now = at("10-31 17:00") + timedelta(minutes=next(NUMBERS))
    command = PublishScore(
        score_id=item, scoring=scoring, published_by="sun.li", published_at=now
    )
    cause = Cause(command_id=uuid4(), actor="sun.li", occurred_at=now)
    return (await process.store.execute(SCORE, item, command, cause)).position


def views_of(process: Process) -> Views:
    return Views(process.feed.engine, process.store.epoch, [LEDGER])


async def ledger(process: Process, organ: str = "gov", limit: int = 100) -> Sequence[Fact]:
    """Return the ledger with everything that is stored by now."""
    await eventually(lambda: _exists(process))
    async with views_of(process).reading(LEDGER, complete=True) as connection:
        return await view.facts(connection, organ, *ALWAYS, limit)


async def _exists(process: Process) -> bool:
    schema = LEDGER.schema
    return bool(
        await process.store.pool.fetchval(
            "select 1 from pg_tables where schemaname = $1", schema
        )
    )


async def stored(process: Process) -> list[tuple[UUID, bytes]]:
    rows = await process.store.pool.fetch(
        "select event_id, data from store.event order by 1"
    )
    return [(row["event_id"], bytes(row["data"])) for row in rows]


async def test_the_sample_s_score_follows_from_the_ledger_of_its_events(
    process: Process,
) -> None:
    await write(process.store, FIRST_AND_THEN.events)
    facts = await ledger(process)
    assert [fact.kind for fact in facts] == [f.kind for f in _ours()]
    water = scored(facts)[WATER]
    assert f"{water.score}" == "98.9"
    past = {event_id for event_id, _ in await stored(process)}
    assert {point.event_id for point in water.points} < past
    assert {point.event_type for point in water.points} == {
        "matter.Completed",
        "matter.FeedbackLate",
        "matter.ResultSeen",
    }


def _ours() -> list[Fact]:
    return [fact for fact in FIRST_AND_THEN.facts() if fact.organ == "gov"]


async def test_an_organ_s_ledger_holds_nothing_of_another_s(process: Process) -> None:
    theirs = matter("云人常督〔2025〕1号", "agriculture-committee", "npc")
    assigned = (at("05-12 10:00"), an(MatterAssigned, **theirs))
    await write(process.store, [COMPLETED_C1, assigned])
    assert await ledger(process) == []
    assert [fact.unit for fact in await ledger(process, "npc")] == ["agriculture-committee"]


async def test_a_receipt_that_was_late_or_missing_is_noted_and_earns_nothing(
    process: Process,
) -> None:
    late = M1 | {"unit": "qingshi", "minutes_late": 14}
    in_time = M1 | {"unit": "emergency", "minutes_late": 0}
    past = [
        (at("04-25 19:20"), an(MatterReceived, **in_time)),
        (at("04-25 19:50"), an(MatterReceiptOverdue, **late)),
        (at("04-25 20:04"), an(MatterReceived, **late)),
    ]
    await write(process.store, past)
    facts = await ledger(process)
    noted = [(fact.unit, fact.kind) for fact in facts]
    assert noted == [
        ("qingshi", FactKind.RECEIPT_OVERDUE),
        ("qingshi", FactKind.RECEIVED_LATE),
    ]
    assert scored(facts) == {}


async def test_no_more_is_read_than_was_asked_for(process: Process) -> None:
    await write(process.store, FIRST_AND_THEN.events)
    every = await ledger(process)
    assert await ledger(process, limit=3) == every[:3]
    async with views_of(process).reading(LEDGER, complete=True) as connection:
        ours = await view.facts_of_matter(connection, M1["matter_id"], 100)
        assert ours == [fact for fact in every if fact.matter_id == M1["matter_id"]]
        assert len(await view.facts_of_matter(connection, M1["matter_id"], 1)) == 1


async def test_the_ledger_is_built_anew_from_the_store(process: Process) -> None:
    await write(process.store, FIRST_AND_THEN.events)
    before = await ledger(process)
    async with within(process.feed.engine, LEDGER.schema) as connection:
        await connection.execute(delete(entry))
    assert await ledger(process) == []
    assert await begin_rebuild(process.feed.engine, LEDGER)
    await asyncio.wait_for(Rebuilding(LEDGER).run(process.feed), 20)
    assert await ledger(process) == before


async def test_published_scores_are_listed_side_by_side_and_change_no_event(
    process: Process,
) -> None:
    await write(process.store, FIRST_AND_THEN.events)
    facts = await ledger(process)
    past = await stored(process)
    await publish(process, A, facts)
    last = await publish(process, B, facts)
    now = await stored(process)
    assert [event for event in now if event in past] == past
    assert len(now) == len(past) + 2
    async with views_of(process).reading(LEDGER, last) as connection:
        both = await view.scores(connection, "gov", None, None, 10)
        assert [row.rule for row in both] == ["R-2025B", "R-2025A"]
        assert {(row.first_day, row.last_day, row.units) for row in both} == {
            (JANUARY_TO_OCTOBER.first, JANUARY_TO_OCTOBER.last, 1)
        }
        assert [
            row.rule for row in await view.scores(connection, "gov", "R-2025A", None, 10)
        ] == ["R-2025A"]
        place = (both[0].published_at, both[0].score_id)
        assert await view.scores(connection, "gov", None, place, 10) == both[1:]
        assert await view.scores(connection, "npc", None, None, 10) == []
