"""Reading the embedded log: membership of a group, and what is final in each partition."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from chassis.database import RETRIED
from chassis.feed.tailer import Tailer
from chassis.log.port import Place, Received, Taken

MEMBER_SECONDS = 5.0
HEARTBEAT_SECONDS = 1.0
MARKERS_PER_TOPIC = 1024

ENDS = """
select t.name, p.partition, coalesce(
    (select max(r.position) + 1 from log.record r
     where r.topic_id = t.topic_id and r.partition = p.partition), 0) as next
from log.topic t cross join lateral generate_series(0, t.partitions - 1) p (partition)
where t.name = any($1)
"""
_BEAT = """
insert into log.member (group_id, member_id, topics, seen_until)
values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
on conflict (group_id, member_id) do update set seen_until = excluded.seen_until
"""
_MEMBERS = """
select member_id from log.member
where group_id = $1 and seen_until > clock_timestamp() order by member_id
"""
_LEAVE = """
delete from log.member
where group_id = $1 and (member_id = $2 or seen_until < clock_timestamp())
"""
_TOPICS = (
    "select topic_id, name, partitions from log.topic where name = any($1) order by name"
)
_READ = """
select t.name as topic, r.* from unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
  as w (topic_id, partition, since, upto)
join log.topic t on t.topic_id = w.topic_id
cross join lateral (
    select * from log.record r
    where r.topic_id = t.topic_id and r.partition = w.partition
      and r.position >= w.since and r.position <= w.upto
    order by r.position limit $5
) r
order by r.position limit $5
"""
_BEFORE = """
select t.name as topic, r.* from log.record r join log.topic t using (topic_id)
where t.name = $1 and r.partition = $2 and r.position < $3 order by r.position desc limit 1
"""
_AT = """
select t.name as topic, r.* from unnest($1::text[], $2::int[], $3::bigint[])
  as w (name, partition, position)
join log.topic t on t.name = w.name
join log.record r on r.topic_id = t.topic_id
  and r.partition = w.partition and r.position = w.position
"""


class EmbeddedSubscriber:
    """A member of a group: partitions are dealt round to the members that are alive."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        tailer: Tailer,
        group: str,
        topics: Sequence[str],
        taken: Taken,
    ) -> None:
        self._pool = pool
        self._tailer = tailer
        self._group = group
        self._topics = list(topics)
        self._taken = taken
        self._member = secrets.token_hex(8)
        self._next: dict[Place, int] = {}
        self._markers: dict[Place, int] = {}
        self._beat_at = 0.0

    @property
    def places(self) -> frozenset[Place]:
        """What is assigned to this member now."""
        return frozenset(self._markers)

    async def fetch(self, most: int, seconds: float) -> Mapping[Place, Sequence[Received]]:
        """Return records that are final."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            if loop.time() - self._beat_at > HEARTBEAT_SECONDS:
                fresh = await self._beat()
                self._beat_at = loop.time()
                if fresh:
                    await self._taken(self, fresh)
                    return {}
            finals = self._finals()
            found = await self._read(most)
            left = until - loop.time()
            if found or left <= 0:
                return found
            if self._finals() == finals:  # else more became final while we read
                await self._tailer.advanced(min(left, HEARTBEAT_SECONDS))

    async def seek(self, place: Place, offset: int) -> None:
        """Read *place* from *offset* on."""
        if place in self._markers:
            self._next[place] = offset

    async def pause(self, place: Place) -> None:
        """Read nothing of *place*."""
        self._next.pop(place, None)

    async def bounds(self, place: Place) -> tuple[int, int]:
        """Return 0 and the end: the embedded log keeps everything."""
        rows = await self._pool.fetch(ENDS, [place[0]])
        return 0, next((row["next"] for row in rows if row["partition"] == place[1]), 0)

    async def reached(self, place: Place) -> int | None:
        """Return where `fetch` goes on from."""
        return self._next.get(place)

    async def before(self, place: Place, offset: int) -> Received | None:
        """Return the last record before *offset*."""
        row = await self._pool.fetchrow(_BEFORE, *place, offset)
        return received(row) if row else None

    async def at(self, offsets: Mapping[Place, int]) -> Mapping[Place, Received]:
        """Return the record at each of *offsets*."""
        topics, partitions = [t for t, _ in offsets], [p for _, p in offsets]
        rows = await self._pool.fetch(_AT, topics, partitions, list(offsets.values()))
        return {record.place: record for record in map(received, rows)}

    async def committed(self, place: Place, offset: int, note: str) -> None:
        """Do nothing: no lag tool reads this log."""

    async def close(self) -> None:
        """Leave the group."""
        with contextlib.suppress(asyncpg.PostgresError, *RETRIED):
            await self._pool.execute(_LEAVE, self._group, self._member)

    async def _beat(self) -> frozenset[Place]:
        """Stay a member; return the places that were not this member's before."""
        pool = self._pool
        await pool.execute(_BEAT, self._group, self._member, self._topics, MEMBER_SECONDS)
        members = [row["member_id"] for row in await pool.fetch(_MEMBERS, self._group)]
        if self._member not in members:
            return frozenset()  # frozen since the beat: the next one is soon
        every = [
            ((row["name"], partition), row["topic_id"] * MARKERS_PER_TOPIC + partition)
            for row in await pool.fetch(_TOPICS, self._topics)
            for partition in range(row["partitions"])
        ]
        mine = dict(every[members.index(self._member) :: len(members)])
        # A topic that was created anew has another marker: it is another place.
        kept = self._markers.items() & mine.items()
        self._next = {p: at for p, at in self._next.items() if p in dict(kept)}
        self._markers = mine
        return frozenset(mine.keys() - dict(kept).keys())

    def _finals(self) -> dict[Place, int]:
        """Return how far each place that is read is final, as far as is known."""
        finals = ((p, self._tailer.final(self._markers[p])) for p in self._next)
        return {place: final.position for place, final in finals if final is not None}

    async def _read(self, most: int) -> dict[Place, list[Received]]:
        async with self._pool.acquire() as connection:
            born = connection._con.born  # type: ignore[attr-defined] # noqa: SLF001 our own session
            since = dict(self._next)
            wanted = []
            for (topic, partition), at in since.items():
                marker = self._markers[topic, partition]
                final = self._tailer.final(marker)
                if final is not None and final.since >= born and final.position >= at:
                    topic_id = marker // MARKERS_PER_TOPIC
                    wanted.append((topic_id, partition, at, final.position))
            if not wanted:
                return {}
            rows = await connection.fetch(
                _READ, *map(list, zip(*wanted, strict=True)), most
            )
        found: dict[Place, list[Received]] = {}
        for row in rows:
            record = received(row)
            place = record.place
            if place in found or self._next.get(place) == since[place]:
                found.setdefault(place, []).append(record)
                self._next[place] = record.offset + 1
            # Else it was paused or sought elsewhere while we read: that is where it goes on.
        return found


def received(row: Any) -> Received:
    """Return a row or record as the port gives it."""
    return Received(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["position"],
        key=row["key"],
        value=row["value"],
        headers=json.loads(row["headers"]),
    )
