"""How far everything is that a service does behind its store: the figures of `lag`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from chassis.admin.showing import reason
from chassis.parts import Parts

_FOLLOWERS = text("""
select f.name, f.owner, f.paused, f.error,
    (select count(*) from feed.checkpoint c
     join store.event e on e.shard = c.shard and e.position > c.position
     where c.name = f.name) as lag,
    (select sum(position) from feed.checkpoint c where c.name = f.name) as reached
from feed.follower f order by f.name
""")
_OFFSETS = text(
    "select topic, partition, next, gap, paused from feed.consumer_offset "
    "where consumer = :consumer order by topic, partition"
)
_TIMERS = text(
    "select count(*) filter (where due_at <= :now and retry_at is null) as due, "
    "count(*) as armed, min(due_at) as next_due from feed.timer where fired_at is null"
)
_STORED = text("select coalesce(max(position), 0) from store.event")
_EVERY = text("select count(*) from store.event")
_PARKED = text("select consumer, count(*) as records from feed.parked group by consumer")


@dataclass(frozen=True, slots=True)
class FollowerLag:
    """A follower: how many events it has still to handle, and what stops it."""

    name: str
    lag: int
    owner: str | None
    paused: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class ConsumerLag:
    """A consumer's partition: how many records (in the embedded log: offsets) are ahead."""

    topic: str
    partition: int
    next: int
    lag: int
    gap: str | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Lag:
    """What a service has still to do. *stored* is the position of its last event."""

    followers: list[FollowerLag]
    consumers: list[ConsumerLag]
    timers_due: int
    timers_armed: int
    next_due: datetime | None
    parked: dict[str, int] = field(default_factory=dict)
    watermark: dict[int, list[str]] = field(default_factory=dict)
    stored: int = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do until time goes on."""
        return not (
            self.timers_due
            or any(follower.lag for follower in self.followers if not follower.paused)
            or any(place.lag for place in self.consumers if not place.paused)
        )

    @property
    def mark(self) -> tuple[int, ...]:
        """How far it came: the same at two looks when it did nothing in between."""
        return (self.stored, self.timers_armed, *(place.next for place in self.consumers))


async def lag(
    parts: Parts, consumer: str, topics: list[str], followers: Sequence[str] = ()
) -> Lag:
    """Return how far the service is. *topics* are those that *consumer* takes.

    Of *followers* one that has not begun yet has everything left.
    """
    now = await parts.clock.now()
    async with parts.engine.connect() as connection:
        registered = (await connection.execute(_FOLLOWERS)).all()
        offsets = (await connection.execute(_OFFSETS, {"consumer": consumer})).all()
        timers = (await connection.execute(_TIMERS, {"now": now})).one()
        parked = (await connection.execute(_PARKED)).all()
        stored = (await connection.execute(_STORED)).scalar_one()
        absent = sorted(set(followers) - {row.name for row in registered})
        every = (await connection.execute(_EVERY)).scalar_one() if absent else 0
    ends = await parts.log.ends(topics) if topics else {}
    known: dict[Any, Any] = {(row.topic, row.partition): row for row in offsets}
    return Lag(
        followers=[
            FollowerLag(row.name, row.lag, row.owner, row.paused, reason(row.error))
            for row in registered
        ]
        + [FollowerLag(name, every, None, False, None) for name in absent],
        consumers=[
            ConsumerLag(
                topic=topic,
                partition=partition,
                next=row.next if (row := known.get((topic, partition))) else 0,
                lag=max(0, end - (row.next if row else 0)),
                gap=row.gap if row else None,
                paused=row.paused if row else False,
            )
            for (topic, partition), end in sorted(ends.items())
        ],
        timers_due=timers.due,
        timers_armed=timers.armed,
        next_due=timers.next_due,
        parked={row.consumer: row.records for row in parked},
        watermark={
            s: sorted(h) for s, h in (parts.tailer.holders if parts.tailer else {}).items()
        },
        stored=stored,
    )
