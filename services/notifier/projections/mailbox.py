"""The mailbox: what each person has been told, in their own sequence without gaps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

HINTS = "shuniu_notifier_mailbox"  # the channel that says whose mailbox to look at
DONE = ["matter.completed"]  # kinds after which nobody needs the item's earlier alerts

# One statement, however many are told. Heads are locked in the order of their subscribers, so
# that no two alerts wait for each other. Equal hints of one transaction are one.
_DELIVER = text(
    "with alert as (insert into notifier.alert (alert_id, rule, kind, severity, entity_type, "
    "entity_id, entity_number, args, occurred_at, created_at, deadline_at, event_id, event_type, "
    "topic, correlation_id) values (:alert_id, :rule, :kind, :severity, :entity_type, :entity_id, "
    ":entity_number, cast(:args as jsonb), :occurred_at, :created_at, :deadline_at, :event_id, "
    ":event_type, :topic, :correlation_id) on conflict do nothing), "
    "told as (select subscriber, on_behalf_of, "
    "row_number() over (partition by subscriber order by on_behalf_of) as n "
    "from unnest(cast(:people as text[]), cast(:behalf as text[])) as p (subscriber, on_behalf_of) "
    "where not exists (select 1 from notifier.mailbox m where m.alert_id = :alert_id "
    "and m.subscriber = p.subscriber and m.on_behalf_of = p.on_behalf_of)), "
    "moved as (insert into notifier.head as h (subscriber, head) "
    "select subscriber, count(*) from told group by subscriber order by subscriber "
    "on conflict (subscriber) do update set head = h.head + excluded.head "
    "returning subscriber, head), "
    "filled as (insert into notifier.mailbox (subscriber, sequence, alert_id, on_behalf_of, state) "
    "select subscriber, head - count(*) over (partition by subscriber) + n, :alert_id, on_behalf_of, "
    "case when :kind = any(:done) then 'resolved' when n > 1 or exists "
    "(select 1 from notifier.mailbox m join notifier.alert a using (alert_id) "
    "where m.subscriber = told.subscriber and a.entity_id = :entity_id and a.kind = :kind) "
    "then 'updated' else 'firing' end from told join moved using (subscriber)) "
    "select count(pg_notify(:channel, subscriber)) from moved"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """What somebody is told, before it is put into words."""

    alert_id: UUID
    rule: str
    kind: str
    severity: str
    entity_type: str
    entity_id: UUID
    entity_number: str | None
    args: Mapping[str, Any]
    occurred_at: datetime
    created_at: datetime
    deadline_at: datetime | None
    event_id: str
    event_type: str
    topic: str
    correlation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """An alert in a mailbox."""

    sequence: int
    on_behalf_of: str
    alert: Alert
    state: str
    recorded_at: datetime


async def deliver(
    connection: AsyncConnection, alert: Alert, people: Sequence[tuple[str, str]]
) -> None:
    """Put *alert* into mailboxes, in the caller's transaction.

    *people* are subscribers, each with the leader they stand in for, or "". Whoever had the
    alert is not told again.
    """
    if not people:
        return
    row = {name: getattr(alert, name) for name in Alert.__slots__}
    told = sorted(set(people))
    row |= {
        "args": json.dumps(dict(alert.args), ensure_ascii=False),
        "people": [subscriber for subscriber, _ in told],
        "behalf": [on_behalf_of for _, on_behalf_of in told],
        "done": DONE,
        "channel": HINTS,
    }
    await connection.execute(_DELIVER, row)
