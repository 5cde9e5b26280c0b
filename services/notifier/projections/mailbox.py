"""The mailbox: what each person has been told, in their own sequence without gaps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

HINTS = "shuniu_notifier_mailbox"  # the channel that says: look at the mailboxes
DONE = ["matter.completed"]  # kinds after which nobody needs the item's earlier alerts

_ALERT = text(
    "insert into notifier.alert (alert_id, rule, kind, severity, entity_type, entity_id, "
    "entity_number, args, occurred_at, created_at, deadline_at, event_id, event_type, topic, "
    "correlation_id) values (:alert_id, :rule, :kind, :severity, :entity_type, :entity_id, "
    ":entity_number, cast(:args as jsonb), :occurred_at, :created_at, :deadline_at, :event_id, "
    ":event_type, :topic, :correlation_id) on conflict do nothing"
)
# Equal hints of one transaction are one: a batch of the consumer gives one, at its commit.
_HEAD = text(
    "with moved as (insert into notifier.head as h (subscriber, head) values (:subscriber, 1) "
    "on conflict (subscriber) do update set head = h.head + 1 returning head) "
    "select head, pg_notify(:channel, '') from moved"
)
_DELIVER = text(
    "insert into notifier.mailbox (subscriber, sequence, alert_id, on_behalf_of, state) "
    "values (:subscriber, :sequence, :alert_id, :on_behalf_of, case when :kind = any(:done) "
    "then 'resolved' when exists (select 1 from notifier.mailbox m "
    "join notifier.alert a using (alert_id) where m.subscriber = :subscriber "
    "and a.entity_id = :entity_id and a.kind = :kind) then 'updated' else 'firing' end)"
)
_HAD = text(
    "select subscriber, on_behalf_of from notifier.mailbox where alert_id = :alert_id"
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


async def deliver(
    connection: AsyncConnection, alert: Alert, people: Sequence[tuple[str, str]]
) -> None:
    """Put *alert* into mailboxes, in the caller's transaction.

    *people* are subscribers, each with the leader they stand in for, or "". Whoever had the
    alert is not told again. Sorted, so that two alerts lock the heads in one order.
    """
    if not people:
        return
    row = {name: getattr(alert, name) for name in Alert.__slots__}
    row["args"] = json.dumps(dict(alert.args), ensure_ascii=False)
    await connection.execute(_ALERT, row)
    had = await connection.execute(_HAD, {"alert_id": alert.alert_id})
    told = {(had_by.subscriber, had_by.on_behalf_of) for had_by in had}
    for subscriber, on_behalf_of in sorted(set(people) - told):
        sequence = (
            await connection.execute(_HEAD, {"subscriber": subscriber, "channel": HINTS})
        ).scalar_one()
        await connection.execute(
            _DELIVER,
            {
                "subscriber": subscriber,
                "sequence": sequence,
                "alert_id": alert.alert_id,
                "on_behalf_of": on_behalf_of,
                "kind": alert.kind,
                "done": DONE,
                "entity_id": alert.entity_id,
            },
        )
