"""The ledger 台账: what happened to each unit in each matter, by which event.

Points are not in it: they follow from a rule, the ledger from the past alone. Beside it
stands the list of the scores that were published.
"""

from typing import Any, assert_never

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)

from chassis.projection import Projection
from chassis.rows import Rows
from chassis.store import Stored
from services.supervision.domain.evaluation.events import ScoreEvent, ScorePublished
from services.supervision.domain.evaluation.facts import Recorded, fact_of

metadata = MetaData()
MOMENT = DateTime(timezone=True)

entry = Table(
    "entry",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("occurred_at", MOMENT, nullable=False),
    Column("kind", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("matter_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("work_days", Integer, nullable=False),
    Column("by", Text),
    Index("entry_by_organ", "organ", "occurred_at", "position"),
    Index("entry_by_unit", "organ", "unit", "occurred_at", "position"),
    Index("entry_by_matter", "matter_id", "position"),
)

published = Table(
    "published",
    metadata,
    Column("score_id", Uuid, primary_key=True),
    Column("organ", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("rule", Text, nullable=False),
    Column("units", Integer, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", MOMENT, nullable=False),
    Index("published_by_moment", "organ", "published_at", "score_id"),
)


async def enter(stored: Stored[Any], rows: Rows) -> None:
    """Enter what an event of a matter says of a unit."""
    recorded = Recorded(
        event_id=stored.event_id,
        event_type=stored.type,
        occurred_at=stored.meta.occurred_at,
    )
    fact = fact_of(stored.event, recorded)
    if fact is None:
        return
    rows.insert(
        entry,
        event_id=fact.event_id,
        position=stored.position,
        event_type=fact.event_type,
        occurred_at=fact.occurred_at,
        kind=fact.kind,
        organ=fact.organ,
        unit=fact.unit,
        matter_id=fact.matter_id,
        number=fact.number,
        late=fact.late,
        work_days=fact.work_days,
        by=fact.by,
    )


async def publish(event: ScoreEvent, rows: Rows) -> None:
    """List what was published."""
    match event:
        case ScorePublished():
            rows.insert(
                published,
                score_id=event.score_id,
                organ=event.organ,
                first_day=event.first_day,
                last_day=event.last_day,
                rule=event.rule,
                units=len(event.units),
                published_by=event.published_by,
                published_at=event.published_at,
            )
        case _:
            assert_never(event)


LEDGER = Projection(
    name="ledger",
    version=1,
    tables=metadata,
    project={"score": publish},
    project_stored={"matter": enter},
)
