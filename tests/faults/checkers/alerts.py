"""I5, the mailboxes: everybody was told what the rules say, once, and in a whole sequence.

What should have been told is found by the notifier itself: all public events are handled anew
by its own handlers, from the first to the last, in a database of its own beside the live one.
Events of different services go by the time they were recorded. Whoever is who is taken from the
directory as it is at the end: a run that moves people between units is not for this checker.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from chassis.calendars import load_calendar
from chassis.consumer import Subscription
from chassis.database import open_engine, open_pool
from chassis.directory import Directory
from chassis.log import Record
from chassis.migrate import migrate
from chassis.parts import Parts, policies_of
from chassis.public import Envelope, message_of
from chassis.rows import Rows
from chassis.settings import Settings
from chassis.store import Store, Stored
from services.notifier.consumers import TOPICS, subscriptions
from services.notifier.domain.digest import DIGEST
from services.notifier.policies import FOLDER
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import (
    SERVICES,
    Services,
    Source,
    connect,
    open_stores,
    sibling,
)
from tests.faults.evidence import Evidence, Verdict

AGAIN = "notifier_proved"
NOTIFIER = "notifier"
AT_ONCE = 200

_SEQUENCES = """
select subscriber, coalesce(alerts, 0) as alerts, first, last, coalesce(head, 0) as head
from notifier.head full join (
    select subscriber, count(*) as alerts, min(sequence) as first, max(sequence) as last
    from notifier.mailbox group by 1
) m using (subscriber)
where alerts is distinct from head or first <> 1 or last <> head
"""
_DOUBLES = """
select m.subscriber, a.event_id, a.rule, count(*) as times from notifier.mailbox m
join notifier.alert a using (alert_id)
group by 1, 2, 3, m.on_behalf_of having count(*) > 1 limit 100
"""
_TOLD = """
select m.alert_id, m.subscriber, m.on_behalf_of, a.event_id, a.rule
from notifier.mailbox m join notifier.alert a using (alert_id) where a.topic <> ''
"""
_COMPARED = """
select alert_id, subscriber, coalesce(l.rule, w.rule) as rule,
    coalesce(l.event_id, w.event_id) as event_id, l.alert_id is not null as told
from (select m.*, a.rule, a.event_id from notifier.mailbox m
    join notifier.alert a using (alert_id) where a.topic <> '') l
full join wanted w using (alert_id, subscriber, on_behalf_of)
where l.alert_id is null or w.alert_id is null limit 100
"""
_WANTED = (
    "create temp table wanted "
    "(alert_id uuid, subscriber text, on_behalf_of text, event_id text, rule text)"
)
_PARKED = "select headers ->> 'ce_id' as id from feed.parked"
_SOURCE = """
select split_part(source, '/', 3) from feed.inbox
where split_part(source, '/', 2) = 'shuniu' and split_part(source, '/', 4) = any($1)
limit 1
"""


class _Then:
    """The clock of a replay: it shows when the event at hand occurred."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    async def now(self) -> datetime:
        """Return that time."""
        if self.moment is None:
            raise LookupError("nothing has occurred yet")
        return self.moment


async def mailboxes(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I5: one alert for each person whom a rule names, none twice, and no other."""
    findings = Findings("I5")
    async with open_stores(evidence, services) as sources:
        notifier = sources.get(NOTIFIER)
        if notifier is None:
            return findings.verdict()
        db = notifier.db
        findings.count("alerts", await db.fetchval("select count(*) from notifier.mailbox"))
        for row in await db.fetch(_SEQUENCES):
            findings.violated(
                f"notifier: the mailbox of {row['subscriber']} has {row['alerts']} alerts, numbered "
                f"{row['first']} to {row['last']}, and {row['head']} were delivered: it has a gap."
            )
        for row in await db.fetch(_DOUBLES):
            findings.violated(
                f"notifier: {row['subscriber']} was told {row['times']} times of the event "
                f"{row['event_id']} by {row['rule']}."
            )
        async with _replayed(findings, sources) as dsn:
            await _compare(findings, notifier, dsn)
    return findings.verdict()


async def _compare(findings: Findings, notifier: Source, dsn: str) -> None:
    db, again = notifier.db, await connect(dsn)
    try:
        await db.execute(_WANTED)
        async with again.transaction():
            rows: list[tuple[Any, ...]] = []
            async for row in again.cursor(_TOLD, prefetch=1_000):
                rows.append(tuple(row[n] for n in (0, 1, 2, 3, 4)))
                if len(rows) == 1_000:
                    await db.copy_records_to_table("wanted", records=rows)
                    rows.clear()
            await db.copy_records_to_table("wanted", records=rows)
    finally:
        await again.close()
    findings.count("alerts to be told", await db.fetchval("select count(*) from wanted"))
    for row in await db.fetch(_COMPARED):
        what = f"of the event {row['event_id']} by {row['rule']}"
        findings.violated(
            f"notifier: {row['subscriber']} was told {what}, and should not have been."
            if row["told"]
            else f"notifier: {row['subscriber']} was never told {what}."
        )


@asynccontextmanager
async def _replayed(
    findings: Findings, sources: Mapping[str, Source]
) -> AsyncIterator[str]:
    """Handle all public events anew in a database of their own; give its address."""
    live = sources[NOTIFIER]
    pattern = urlsplit(live.dsn)._replace(path="/{database}").geturl()
    settings = Settings(profile="demo", database_url=pattern, owner_database_url=pattern)
    server = await connect(sibling(live.dsn, "postgres"))
    try:
        await server.execute(f'drop database if exists "{AGAIN}" with (force)')
        for kind in ("service", "notifier"):
            await migrate(settings, AGAIN, kind)
        dsn = sibling(live.dsn, AGAIN)
        engine, pool = open_engine(dsn, 2), await open_pool(dsn, 2)
        directory = open_engine(live.dsn, 2)
        try:
            then = _Then()
            parts = cast(
                "Parts",
                SimpleNamespace(
                    settings=settings,
                    store=Store(pool, [DIGEST], "", live.keys),
                    directory=Directory(directory, live.keys),
                    clock=then,
                    calendar=load_calendar(None, None, zone=settings.tz),
                    policies=policies_of(FOLDER, settings),
                ),
            )
            by_topic = {s.topic: s for s in subscriptions(parts)}
            await _replay(findings, sources, by_topic, then, engine)
            yield dsn
        finally:
            await engine.dispose()
            await directory.dispose()
            await pool.close()
    finally:
        await server.execute(f'drop database if exists "{AGAIN}" with (force)')
        for role in (f"shuniu_{AGAIN}_rebuild", f"shuniu_{AGAIN}"):
            await server.execute(f'drop role if exists "{role}"')
        await server.close()


async def _replay(
    findings: Findings,
    sources: Mapping[str, Source],
    by_topic: Mapping[str, Subscription],
    then: _Then,
    engine: Any,
) -> None:
    db = sources[NOTIFIER].db
    parked = {row["id"] for row in await db.fetch(_PARKED)}
    deployment = await db.fetchval(_SOURCE, list(sources)) or "local"
    merged = _merged({n: s.public(f"/shuniu/{deployment}/{n}") for n, s in sources.items()})
    batch: list[tuple[Stored[Any], Record]] = []
    async for one in merged:
        if one[1].topic in TOPICS and one[1].headers["ce_id"] not in parked:
            batch.append(one)
        if len(batch) == AT_ONCE:
            await _handle(batch, by_topic, then, engine)
            findings.count("events replayed", len(batch))
            batch.clear()
    await _handle(batch, by_topic, then, engine)
    findings.count("events replayed", len(batch))


async def _handle(
    batch: Any, by_topic: Mapping[str, Subscription], then: _Then, engine: Any
) -> None:
    async with engine.begin() as connection:
        rows = Rows(connection)
        for stored, record in batch:
            envelope = Envelope.read(record.headers)
            subscription = by_topic[record.topic]
            message = message_of(record.value, subscription.messages[envelope.type])
            then.moment = stored.meta.occurred_at
            await subscription.applies[envelope.type](message, envelope, rows)
        await rows.written()


async def _merged(
    streams: Mapping[str, AsyncIterator[tuple[Stored[Any], Record]]],
) -> AsyncIterator[tuple[Stored[Any], Record]]:
    """Return the events of all services by the time they were recorded."""
    heads = {name: await anext(stream, None) for name, stream in streams.items()}
    while waiting := {name: head for name, head in heads.items() if head is not None}:
        first = min(waiting, key=lambda name: waiting[name][0].recorded_at)
        yield waiting[first]
        heads[first] = await anext(streams[first], None)
