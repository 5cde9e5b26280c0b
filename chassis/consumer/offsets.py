"""How far a consumer is: the truth, in the database of the service that consumes.

Moved by compare-and-set, so that of several owners of one partition only one gets through;
the id of the last record is kept, so that a recreated topic is noticed instead of skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.log import Place, Received, Subscriber

_ENSURE = text(
    "insert into feed.consumer_offset (consumer, topic, partition, next) "
    "values (:consumer, :topic, :partition, :next) on conflict do nothing"
)
_GET = text(
    "select next, last_id, gap, paused, resets from feed.consumer_offset "
    "where consumer = :consumer and topic = :topic and partition = :partition"
)
_STANDING = text(
    "select topic, partition, next, gap is not null or paused as still "
    "from feed.consumer_offset where consumer = :consumer"
)
_REWIND = text(
    "update feed.consumer_offset set next = :first, last_id = null "
    "where consumer = :consumer and topic = :topic and partition = :partition and next = :next"
)
_MOVE = text(
    "update feed.consumer_offset u "
    "set next = l.after, last_id = coalesce(l.last_id, u.last_id) "
    "from (select o.topic, o.partition, m.after, m.last_id "
    "from unnest(cast(:topics as text[]), cast(:partitions as integer[]), "
    "cast(:befores as bigint[]), cast(:afters as bigint[]), cast(:last_ids as text[])) "
    "as m (topic, partition, before, after, last_id) "
    "join feed.consumer_offset o on o.consumer = :consumer and o.topic = m.topic "
    "and o.partition = m.partition and o.next = m.before and o.gap is null and not o.paused "
    "order by o.topic, o.partition for update of o) l "  # no two owners deadlock
    "where u.consumer = :consumer and u.topic = l.topic and u.partition = l.partition"
)
_GAP = text(
    "update feed.consumer_offset set gap = :gap "
    "where consumer = :consumer and topic = :topic and partition = :partition "
    "and next = :next and gap is null"
)


class FencedError(Exception):
    """Somebody else has moved this partition's offset: what we did must roll back."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where to go on, or why not."""

    next: int
    gap: str | None
    paused: bool
    resets: int
    last_id: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One place's move, from offset *before* to *after*; over records, the last one's identity."""

    place: Place
    before: int
    after: int
    last_id: str | None


def identity(record: Received) -> str:
    """Return what tells *record* from any other: its `ce_id`, or a hash where it has none."""
    named = record.headers.get("ce_id")
    return named or sha256(record.key + b"\0" + (record.value or b"")).hexdigest()


async def standing(engine: AsyncEngine, consumer: str) -> Mapping[Place, int | None]:
    """Return where *consumer* stands in each place, and None where it stands still."""
    async with engine.connect() as connection:
        rows = await connection.execute(_STANDING, {"consumer": consumer})
        return {(r.topic, r.partition): None if r.still else r.next for r in rows}


async def resume(
    engine: AsyncEngine,
    consumer: str,
    place: Place,
    subscriber: Subscriber,
    *,
    compacted: bool = False,
) -> Resumption:
    """Find where to read *place* from, and check that the log still continues our story.

    A new partition starts at the log's beginning. A gap is recorded, never skipped. What is
    missing from a compacted topic was replaced by something later, so that it has no gaps:
    where what we read last is not there any more, it is read from its beginning.
    """
    key = {"consumer": consumer, "topic": place[0], "partition": place[1]}
    while True:
        async with engine.connect() as connection:
            row = (await connection.execute(_GET, key)).one_or_none()
        if row is None:
            first, _ = await subscriber.bounds(place)
            async with engine.begin() as connection:
                await connection.execute(_ENSURE, key | {"next": first})
            continue
        if compacted:
            first, goes_on = await _continues(subscriber, place, row.next, row.last_id)
            if goes_on:
                return Resumption(row.next, row.gap, row.paused, row.resets, row.last_id)
            async with engine.begin() as connection:
                await connection.execute(_REWIND, key | {"first": first, "next": row.next})
            continue
        gap = row.gap or await _gap(subscriber, place, row.next, row.last_id)
        if gap is None or gap == row.gap:
            return Resumption(row.next, gap, row.paused, row.resets, row.last_id)
        async with engine.begin() as connection:
            given = key | {"gap": gap, "next": row.next}
            if (await connection.execute(_GAP, given)).rowcount == 1:
                return Resumption(row.next, gap, row.paused, row.resets, row.last_id)
        # Another owner moved on while we looked: what we saw is no gap any more.


async def _continues(
    subscriber: Subscriber, place: Place, following: int, last_id: str | None
) -> tuple[int, bool]:
    """Return where *place* begins, and whether what lies before *following* is what we read."""
    before = await subscriber.before(place, following)
    first, end = await subscriber.bounds(place)
    known = identity(before) if before else None
    return first, following == first or (following <= end and known == last_id)


async def _gap(
    subscriber: Subscriber, place: Place, following: int, last_id: str | None
) -> str | None:
    # The log is asked after the row was read, and for its bounds last: it only grows at its
    # end and shrinks at its beginning, so that nothing here can look like a gap and be none.
    before = await subscriber.before(place, following)
    first, end = await subscriber.bounds(place)
    if following > end:
        return (
            f"the log ends at {end}, before our next record {following}: was it recreated?"
        )
    if following < first:
        return f"records {following} to {first - 1} are gone from the log"
    if last_id is None or following == first > 0:
        return None
    if before is None or identity(before) != last_id:
        return f"the record before {following} is not the one we read: was the topic recreated?"
    return None


async def move(connection: AsyncConnection, consumer: str, steps: Sequence[Step]) -> None:
    """Take *steps*, each of a place of its own, in the caller's transaction: all or none.

    Raises `FencedError` where any offset is not where its step begins.
    """
    moved = await connection.execute(
        _MOVE,
        {
            "consumer": consumer,
            "topics": [step.place[0] for step in steps],
            "partitions": [step.place[1] for step in steps],
            "befores": [step.before for step in steps],
            "afters": [step.after for step in steps],
            "last_ids": [step.last_id for step in steps],
        },
    )
    if moved.rowcount != len(steps):
        raise FencedError(
            ", ".join(f"{s.place[0]}/{s.place[1]} at {s.before}" for s in steps)
        )
