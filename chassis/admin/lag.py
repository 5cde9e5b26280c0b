"""How far everything is that a service does behind its store: the figures of `lag`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.admin.showing import reason
from chassis.parts import Parts
from chassis.store.shards import SHARDS

COUNTED = 500
"""Beyond so many of a shard no events are counted: a look must not cost what lies ahead."""
ARMED = 1_000
"""Nor are more timers."""

# One statement: whoever waits for a service to come to rest asks this all the time. A limit
# that the planner cannot know has it read the index in order, and stop.
_LAG = f"""
with last as (select coalesce(max(position), 0) as position from store.event)
select (
    select coalesce(jsonb_agg(to_jsonb(found)), '[]') from (
        select name, f.owner, coalesce(f.paused, false) as paused, f.error,
            case when ahead.most <= {COUNTED} then ahead.counted
            else greatest(ahead.counted, last.position - ahead.reached) end as lag
        from last, (select unnest($1::text[]) as name union select name from feed.follower) named
        left join feed.follower f using (name)
        cross join lateral (
            select coalesce(sum(e.counted), 0) as counted, coalesce(max(e.counted), 0) as most,
                coalesce(max(c.position), 0) as reached
            from (
                select shard, position from feed.checkpoint where name = f.name
                union all
                select shard, 0 from generate_series(0, {SHARDS - 1}) shard where f.name is null
            ) c
            cross join lateral (
                select count(*) as counted from (
                    select 1 from store.event where shard = c.shard and position > c.position
                    order by position limit (select {COUNTED} + 1)
                ) next_ones
            ) e
        ) ahead
        order by name
    ) found
) as followers, (
    select coalesce(jsonb_agg(to_jsonb(o)), '[]') from feed.consumer_offset o
    where consumer = $2
) as offsets, (
    select coalesce(jsonb_object_agg(consumer, records), '{{}}') from (
        select consumer, count(*) as records from feed.parked group by consumer
    ) waiting
) as parked, (
    select position from last
) as stored, (
    select count(*) from (
        select 1 from feed.timer where fired_at is null and due_at <= $3 and retry_at is null
        order by due_at limit (select {ARMED} + 1)
    ) due_ones
) as due, (
    select count(*) from (
        select 1 from feed.timer where fired_at is null
        order by due_at limit (select {ARMED} + 1)
    ) open_ones
) as armed, (
    select min(due_at) from feed.timer where fired_at is null
) as next_due
"""  # noqa: S608 constants of ours


_UNREAD: Mapping[str, Any] = {"next": 0, "gap": None, "paused": False}


@dataclass(frozen=True, slots=True)
class FollowerLag:
    """A follower: how many events it has still to handle, and what stops it.

    From `COUNTED` in a shard on their number is taken from the distance of positions.
    """

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
    """What a service has still to do. *stored* is the position of its last event.

    Timers, due and armed, are counted up to `ARMED`; one more stands for more.
    """

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
    (row,) = await parts.store.pool.fetch(_LAG, list(followers), consumer, now)
    # Asked after our own offsets: what is published in between is left, never passed over.
    ends = await parts.log.ends(topics) if topics else {}
    found = {name: json.loads(row[name]) for name in ("followers", "offsets", "parked")}
    known = {(o["topic"], o["partition"]): o for o in found["offsets"]}
    return Lag(
        followers=[
            FollowerLag(f["name"], f["lag"], f["owner"], f["paused"], reason(f["error"]))
            for f in found["followers"]
        ],
        consumers=[
            _place(topic, partition, end, known.get((topic, partition), _UNREAD))
            for (topic, partition), end in sorted(ends.items())
        ],
        timers_due=row["due"],
        timers_armed=row["armed"],
        next_due=row["next_due"],
        parked=found["parked"],
        watermark={
            s: sorted(h) for s, h in (parts.tailer.holders if parts.tailer else {}).items()
        },
        stored=row["stored"],
    )


def _place(topic: str, partition: int, end: int, offset: Mapping[str, Any]) -> ConsumerLag:
    return ConsumerLag(
        topic=topic,
        partition=partition,
        next=offset["next"],
        lag=max(0, end - offset["next"]),
        gap=offset["gap"],
        paused=offset["paused"],
    )
