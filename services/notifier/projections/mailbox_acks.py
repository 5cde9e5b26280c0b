"""Writing acknowledgements: many streams at once, none under an old token."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.notifier.projections.mailbox_places import Device

_WRITE = """
with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as g (
        subscriber text, device text, place text, token bigint, acked bigint, notes jsonb
    )
), live as materialized (
    select g.* from given g join notifier.device d
    on d.subscriber = g.subscriber and d.device = g.device and d.token = g.token for share of d
), moved as (
    update notifier.place p set epoch = $2, acked =
    case when p.epoch = $2 then greatest(p.acked, l.acked) else l.acked end
    from (select subscriber, place, max(acked) as acked from live group by 1, 2) l
    where p.subscriber = l.subscriber and p.device = l.place and l.acked is not null
), noted as (
    insert into notifier.delivery as d (subscriber, device, sequence, attempt, state, reason)
    select distinct on (l.subscriber, l.place, n.sequence)
    l.subscriber, l.place, n.sequence, n.attempt, n.state, n.reason
    from live l cross join lateral jsonb_to_recordset(l.notes) as n (
        sequence bigint, attempt int, state text, reason text
    ) order by 1, 2, 3, array_position(array['parked', 'settled', 'sent'], n.state)
    on conflict (subscriber, device, sequence) do update set
    attempt = greatest(d.attempt, excluded.attempt), at = now(),
    state = case when d.state = 'sent' then excluded.state else d.state end,
    reason = case when d.state = 'sent' then excluded.reason else d.reason end
)
select subscriber, device, token from live
"""
_TIDY = """
delete from notifier.delivery d using notifier.place p,
unnest($1::text[], $2::text[]) as t (subscriber, place)
where p.subscriber = t.subscriber and p.device = t.place and d.subscriber = t.subscriber
and d.device = t.place and d.sequence <= p.acked and d.state <> 'parked'
"""
_LATE_PLACE = """
update notifier.place set acked = greatest(acked, $3) where subscriber = $1 and device = $2
and epoch = $4 returning acked
"""
_LATE = """
insert into notifier.delivery as d (subscriber, device, sequence, attempt, state, reason)
select $1, $2, s, 1, $4, $5 from unnest($3::bigint[]) as s
on conflict (subscriber, device, sequence) do update
set state = excluded.state, reason = excluded.reason, at = now() where d.state = 'sent'
"""


@dataclass(kw_only=True, slots=True)
class Acked:
    """What one stream has to say since it last did: its place, and notes beyond it."""

    device: Device
    acked: int | None
    notes: Sequence[dict[str, Any]] = field(default_factory=list)


async def write(pool: Any, epoch: str, streams: Sequence[Acked]) -> set[Device]:
    """Write what *streams* say; return those whose token is no longer the newest."""
    given = [
        {
            "subscriber": said.device.subscriber,
            "device": said.device.device,
            "place": said.device.place,
            "token": said.device.token,
            "acked": said.acked,
            "notes": list(said.notes),
        }
        for said in streams
    ]
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_WRITE, json.dumps(given), epoch)
        moved = [said.device for said in streams if said.acked is not None]
        if moved:
            places = sorted({(device.subscriber, device.place) for device in moved})
            await connection.execute(_TIDY, [s for s, _ in places], [p for _, p in places])
    live = {(row["subscriber"], row["device"], row["token"]) for row in rows}
    every = {said.device for said in streams}
    return {d for d in every if (d.subscriber, d.device, d.token) not in live}


async def late(
    pool: Any,
    subscriber: str,
    place: str,
    epoch: str,
    *,
    up_to: int = 0,
    sequences: Sequence[int] = (),
    state: str = "settled",
    reason: str = "",
) -> int | None:
    """Write what is said outside a stream; return the place, None where there is none."""
    async with pool.acquire() as connection, connection.transaction():
        acked = await connection.fetchval(_LATE_PLACE, subscriber, place, up_to, epoch)
        if acked is None:
            return None
        beyond = sorted({s for s in sequences if s > acked})
        if beyond:
            await connection.execute(_LATE, subscriber, place, beyond, state, reason)
        await connection.execute(_TIDY, [subscriber], [place])
        return int(acked)
