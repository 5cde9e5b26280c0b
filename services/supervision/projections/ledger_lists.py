"""What is read of the ledger: the facts of a period, and the published scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.domain.evaluation.facts import Fact
from services.supervision.domain.evaluation.words import FactKind
from services.supervision.projections.ledger import entry, published

NAMES = [name for name in Fact.__slots__ if name != "kind"]
FACT = [entry.c.kind, *(entry.c[name] for name in NAMES)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One published score of the list."""

    score_id: UUID
    organ: str
    first_day: date
    last_day: date
    rule: str
    units: int
    published_by: str
    published_at: datetime


COLUMNS = [published.c[name] for name in Row.__slots__]


async def facts(
    connection: AsyncConnection, organ: str, since: datetime, before: datetime, limit: int
) -> Sequence[Fact]:
    """Return an organ's facts from *since* on and before *before*, as they happened."""
    rows = await connection.execute(
        select(*FACT)
        .where(
            entry.c.organ == organ,
            entry.c.occurred_at >= since,
            entry.c.occurred_at < before,
        )
        .order_by(entry.c.occurred_at, entry.c.position)
        .limit(limit)
    )
    return [_fact(row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name


async def facts_of_matter(
    connection: AsyncConnection, matter_id: UUID, limit: int
) -> Sequence[Fact]:
    """Return what the ledger says of one matter, as it happened."""
    rows = await connection.execute(
        select(*FACT)
        .where(entry.c.matter_id == matter_id)
        .order_by(entry.c.position)
        .limit(limit)
    )
    return [_fact(row._mapping) for row in rows]  # noqa: SLF001 the same


async def scores(
    connection: AsyncConnection,
    organ: str,
    rule: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """Return an organ's published scores, the latest first."""
    filters: list[ColumnElement[bool]] = [published.c.organ == organ]
    if rule is not None:
        filters.append(published.c.rule == rule)
    if before is not None:
        filters.append(tuple_(published.c.published_at, published.c.score_id) < before)
    rows = await connection.execute(
        select(*COLUMNS)
        .where(*filters)
        .order_by(published.c.published_at.desc(), published.c.score_id.desc())
        .limit(limit)
    )
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 the same


def _fact(row: object) -> Fact:
    plain = dict(row)  # type: ignore[call-overload] # a SQLAlchemy RowMapping
    return Fact(kind=FactKind(plain.pop("kind")), **plain)
