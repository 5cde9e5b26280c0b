"""Devices and their places: how far each has acknowledged, fenced against old streams."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

MOST_DEVICES = 100  # of a subscriber; further ones push out others, closed ones first
DEVICES = "shuniu_notifier_device"  # the channel that says: look whether yours was replaced
SHARED = ""  # the place of all devices that share their acknowledgements

# Drawn anew where the row exists: under its lock, so that tokens rise in the order of opening.
_OPEN = """
insert into notifier.device as d (subscriber, device, token, session_id, node, client_version)
values ($1, $2, nextval('notifier.token'), $3, $4, $5)
on conflict (subscriber, device) do update set token = nextval('notifier.token'), session_id = $3, node = $4,
client_version = $5, opened_at = now(), closed_at = null
returning token, xmax = 0 as fresh, pg_notify($6, '')
"""
_PLACE = """
insert into notifier.place (subscriber, device, epoch, acked)
select $1, $2, $3, greatest(coalesce((select min(sequence) from notifier.mailbox
where subscriber = $1), coalesce((select head from notifier.head where subscriber = $1), 0) + 1)
- 1, 0) on conflict do nothing
"""
# Whom somebody else has in hand is left to them: many opening at once would lock each other.
_CROWD = """
with gone as (
    delete from notifier.device where (subscriber, device) in (
        select subscriber, device from notifier.device
        where subscriber = $1 and device in (
            select device from notifier.device where subscriber = $1
            order by closed_at is null desc, opened_at desc offset $2
        ) for update skip locked
    ) returning subscriber, device
)
delete from notifier.place p using gone g
where p.subscriber = g.subscriber and p.device = g.device
"""
_LOAD = """
select p.epoch, p.acked, coalesce(jsonb_agg(jsonb_build_array(d.sequence, d.attempt, d.state))
filter (where d.sequence is not null), '[]') as deliveries
from notifier.place p left join notifier.delivery d
on d.subscriber = p.subscriber and d.device = p.device and d.sequence > p.acked
where p.subscriber = $1 and p.device = $2 group by p.epoch, p.acked
"""
_TOKENS = """
select subscriber, device, token from notifier.device
where (subscriber, device) in (select * from unnest($1::text[], $2::text[]))
"""
_CLOSE = """
update notifier.device set closed_at = now()
where subscriber = $1 and device = $2 and token = $3
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """One installation of a subscriber; *place* is where its acknowledgements count."""

    subscriber: str
    device: str
    place: str
    token: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """How far a place has come: *settled* and *attempts* stand beyond *acked*."""

    epoch: str
    acked: int
    settled: Collection[int] = ()
    attempts: Mapping[int, int] = field(default_factory=dict)


async def opened(
    pool: Any, device: Device, epoch: str, *, session_id: UUID, node: str, version: str
) -> tuple[int, Place]:
    """Give the device's new stream its token, and return it with what it begins from.

    A place that is new begins with the oldest alert that is kept.
    """
    async with pool.acquire() as connection, connection.transaction():
        given = (device.subscriber, device.device, session_id, node, version, DEVICES)
        row = await connection.fetchrow(_OPEN, *given)
        if row["fresh"]:
            await connection.execute(_CROWD, device.subscriber, MOST_DEVICES)
        await connection.execute(_PLACE, device.subscriber, device.place, epoch)
        place = await load(connection, device.subscriber, device.place)
    if place is None:
        raise LookupError("the place was removed while it was opened")
    return row["token"], place


async def load(pool: Any, subscriber: str, place: str) -> Place | None:
    """Return a place as it stands; None where no stream ever opened it."""
    row = await pool.fetchrow(_LOAD, subscriber, place)
    if row is None:
        return None
    found = json.loads(row["deliveries"])
    return Place(
        epoch=row["epoch"],
        acked=row["acked"],
        settled=frozenset(seq for seq, _, state in found if state != "sent"),
        attempts={seq: attempt for seq, attempt, state in found if state == "sent"},
    )


async def tokens(
    pool: Any, devices: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return the newest token of each of *devices*."""
    rows = await pool.fetch(_TOKENS, [s for s, _ in devices], [d for _, d in devices])
    return {(row["subscriber"], row["device"]): row["token"] for row in rows}


async def closed(pool: Any, device: Device) -> None:
    """Note that the device's stream has ended, unless a newer one is open."""
    await pool.execute(_CLOSE, device.subscriber, device.device, device.token)
