"""What meetings knows of supervised matters: enough to go on in the story of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_KEEP = text(
    "insert into meetings.matter (matter_id, number, correlation_id, last_event_id) "
    "values (:matter_id, :number, :correlation_id, :event_id) "
    "on conflict (matter_id) do update set number = excluded.number, "
    "last_event_id = excluded.last_event_id"
)
_NUMBERED = text(
    "select matter_id, correlation_id, last_event_id from meetings.matter "
    "where number = :number limit 2"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A matter that an item may name: its story, and the last that happened to it."""

    matter_id: UUID
    correlation_id: UUID
    last_event_id: UUID


async def keep(
    connection: AsyncConnection,
    *,
    matter_id: str,
    number: str,
    correlation_id: UUID,
    event_id: UUID,
) -> None:
    """Keep what an event says of its matter, in the caller's transaction."""
    await connection.execute(
        _KEEP,
        {
            "matter_id": UUID(matter_id),
            "number": number,
            "correlation_id": correlation_id,
            "event_id": event_id,
        },
    )


async def numbered(engine: AsyncEngine, number: str) -> Sequence[Prompt]:
    """Return the matters with this *number*: none, one, or two where organs share a mark."""
    async with engine.connect() as connection:
        rows = await connection.execute(_NUMBERED, {"number": number})
        return [Prompt(**row._mapping) for row in rows]  # noqa: SLF001 SQLAlchemy's public name
