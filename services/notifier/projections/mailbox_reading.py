"""Reading mailboxes: whoever asks at the same moment is answered by one query."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifier.projections.mailbox import Alert, Delivered

MOST_TOGETHER = 200
MOST_ROWS = 4_000

_ROWS = """
select q.i, m.sequence, m.on_behalf_of, m.state, a.* from
unnest($1::text[], $2::bigint[], $3::int[]) with ordinality as q (subscriber, after, most, i)
cross join lateral (
    select * from notifier.mailbox where subscriber = q.subscriber and sequence > q.after
    order by sequence limit q.most
) m join notifier.alert a using (alert_id) order by q.i, m.sequence
"""
_ONLY = """
select m.sequence, m.on_behalf_of, m.state, a.* from notifier.mailbox m
join notifier.alert a using (alert_id)
where m.subscriber = $1 and m.sequence = any($2::bigint[]) order by m.sequence
"""
_BOUNDS = """
select coalesce((select head from notifier.head where subscriber = $1), 0) as head,
       coalesce((select min(sequence) from notifier.mailbox where subscriber = $1), 0) as oldest
"""
_SINCE = """
select m.sequence, a.created_at >= $2 as later from notifier.mailbox m
join notifier.alert a using (alert_id) where m.subscriber = $1 and (a.created_at >= $2
or m.sequence = (select min(sequence) from notifier.mailbox where subscriber = $1))
order by m.sequence limit 2
"""


async def read(pool: Any, subscriber: str, after: int, limit: int) -> list[Delivered]:
    """Return up to *limit* alerts of *subscriber* after a sequence, in order."""
    rows = await pool.fetch(_ROWS, [subscriber], [after], [limit])
    return [_delivered(row) for row in rows]


async def read_only(
    pool: Any, subscriber: str, sequences: Sequence[int]
) -> list[Delivered]:
    """Return those of *sequences* that the mailbox still keeps, in order."""
    return [_delivered(row) for row in await pool.fetch(_ONLY, subscriber, sequences)]


async def bounds(pool: Any, subscriber: str) -> tuple[int, int]:
    """Return the mailbox's head and its oldest kept sequence; 0 where it is empty."""
    row = await pool.fetchrow(_BOUNDS, subscriber)
    return row["head"], row["oldest"]


async def before(pool: Any, subscriber: str, moment: datetime) -> int | None:
    """Return the sequence that lies right before what was decided at *moment* or later.

    None where that is before everything that is kept.
    """
    rows = await pool.fetch(_SINCE, subscriber, moment)
    if not rows or rows[0]["later"]:
        return None
    return (
        int(rows[1]["sequence"]) - 1
        if len(rows) > 1
        else (await bounds(pool, subscriber))[0]
    )


@dataclass(slots=True)
class _Asked:
    subscriber: str
    after: int
    most: int
    answer: "asyncio.Future[list[Delivered]]"


class Reader:
    """Reads for many streams: what is asked while a query runs goes into the next one."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._asked: list[_Asked] = []
        self._task: asyncio.Task[None] | None = None

    async def read(self, subscriber: str, after: int, limit: int) -> list[Delivered]:
        """Return up to *limit* alerts of *subscriber* after a sequence, in order."""
        answer: asyncio.Future[list[Delivered]] = asyncio.get_running_loop().create_future()
        self._asked.append(_Asked(subscriber, after, limit, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer())
        return await answer

    async def _answer(self) -> None:
        while self._asked:
            together: list[_Asked] = []
            rows = 0
            while self._asked and len(together) < MOST_TOGETHER and rows < MOST_ROWS:
                together.append(self._asked.pop(0))
                rows += together[-1].most
            try:
                found = await self._fetch(together)
            except Exception as error:  # noqa: BLE001 each who asked is told
                for asked in together:
                    if not asked.answer.done():
                        asked.answer.set_exception(error)
            else:
                for asked, answer in zip(together, found, strict=True):
                    if not asked.answer.done():
                        asked.answer.set_result(answer)

    async def _fetch(self, asked: Sequence[_Asked]) -> list[list[Delivered]]:
        found: list[list[Delivered]] = [[] for _ in asked]
        given = ([a.subscriber for a in asked], [a.after for a in asked])
        for row in await self._pool.fetch(_ROWS, *given, [a.most for a in asked]):
            found[row["i"] - 1].append(_delivered(row))
        return found


def _delivered(row: Mapping[str, Any]) -> Delivered:
    facts = {name: row[name] for name in Alert.__slots__ if name != "args"}
    alert = Alert(**facts, args=json.loads(row["args"]))
    return Delivered(
        row["sequence"], row["on_behalf_of"], alert, row["state"], row["recorded_at"]
    )
