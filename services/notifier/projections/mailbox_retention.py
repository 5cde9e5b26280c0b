"""Forgetting: alerts leave a mailbox from its old end, so that a stream can name the gap."""

from datetime import datetime
from typing import Any

SUBSCRIBERS = 500
KEPT_DAYS = 90

_OLD = """
select distinct m.subscriber from notifier.mailbox m join notifier.alert a using (alert_id)
where a.recorded_at < $1 and m.subscriber > $2 order by 1 limit $3
"""
# Up to the first that is still to be kept: a mailbox has no holes of our making.
_CUT = """
delete from notifier.mailbox m using (
    select o.subscriber, (
        select min(k.sequence) from notifier.mailbox k join notifier.alert a using (alert_id)
        where k.subscriber = o.subscriber and a.recorded_at >= $1
    ) as kept from unnest($2::text[]) as o (subscriber)
) c where m.subscriber = c.subscriber and (c.kept is null or m.sequence < c.kept)
"""
_ALERTS = """
delete from notifier.alert a where a.recorded_at < $1
and not exists (select 1 from notifier.mailbox m where m.alert_id = a.alert_id)
"""
_DELIVERIES = "delete from notifier.delivery where at < now() - make_interval(days => $1)"
_DEVICES = """
with gone as (
    delete from notifier.device where opened_at < now() - make_interval(days => $1)
    returning subscriber, device
)
delete from notifier.place p using gone g
where p.subscriber = g.subscriber and p.device = g.device
"""


async def forget(pool: Any, before: datetime) -> None:
    """Delete alerts that were recorded before a moment, and devices unused for 90 days."""
    last = ""
    while rows := await pool.fetch(_OLD, before, last, SUBSCRIBERS):
        subscribers = [row["subscriber"] for row in rows]
        await pool.execute(_CUT, before, subscribers)
        last = subscribers[-1]
    await pool.execute(_ALERTS, before)
    await pool.execute(_DELIVERIES, KEPT_DAYS)
    await pool.execute(_DEVICES, KEPT_DAYS)
