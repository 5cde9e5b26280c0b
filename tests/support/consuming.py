"""A service that consumes: its database, a table it keeps, and the consumers that run on it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import StringValue
from sqlalchemy import Column, MetaData, Table, Text

from chassis.consumer import Consumer, Subscription, commands, view
from chassis.database import RETRIED
from chassis.log import Log, Record
from chassis.parked import Waiting
from chassis.public import CONTENT_TYPE, Envelope
from chassis.rows import Rows
from chassis.store import Cause
from tests.support.logs import LogHome, publish
from tests.support.samples import COUNTER, NOON, RaiseCounter
from tests.support.service import Process, ServiceDatabase, eventually

NAME = "tests.consuming"
SOURCE = "/shuniu/tests/elsewhere"
TABLES = """
create table seen (
    n bigint generated always as identity, id text not null, key text not null, value text not null
);
create table moved (n bigint generated always as identity, before bigint, after bigint);
create function note_move() returns trigger language plpgsql as $$
begin
    insert into moved (before, after) values (old.next, new.next);
    return new;
end $$;
create trigger note_moves after update on feed.consumer_offset
    for each row execute function note_move();
grant all on seen, moved to public;
grant all on all sequences in schema public to public;
"""
SEEN = Table("seen", MetaData(), *(Column(name, Text) for name in ("id", "key", "value")))


class FixedClock:
    """It is always noon."""

    async def now(self) -> Any:
        """Return noon."""
        return NOON


def headers_of(message_type: str, key: str, **changed: str | None) -> dict[str, str]:
    """Return the headers of a public event, with some of them changed or left out."""
    plain: dict[str, str | None] = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": SOURCE,
        "ce_type": message_type,
        "ce_subject": key,
        "ce_time": NOON.isoformat(),
        "content-type": CONTENT_TYPE,
        "ce_correlationid": str(uuid4()),
        "ce_dataclassification": "none",
    }
    return {name: value for name, value in (plain | changed).items() if value is not None}


def event(
    topic: str, key: str, value: str, message: type[Message] = StringValue, **changed: Any
) -> Record:
    """Return a public event that says *value* about *key*."""
    return Record(
        topic=topic,
        key=key.encode(),
        value=message(value=value).SerializeToString(deterministic=True),
        headers=headers_of(message.DESCRIPTOR.full_name, key, **changed),
    )


class Office:
    """A service with a table `seen`, whose consumers read a log of the test's own."""

    def __init__(self, home: LogHome, database: ServiceDatabase, process: Process) -> None:
        self.home = home
        self.database = database
        self.process = process
        self.clock = FixedClock()
        self.fails = True

    async def note(self, message: StringValue, envelope: Envelope, rows: Rows) -> None:
        """Enter a message into `seen`; fail over one that says so."""
        if message.value.startswith("boom") and self.fails:
            raise ZeroDivisionError("boom")
        rows.insert(SEEN, id=envelope.id, key=envelope.subject, value=message.value)

    async def raise_counter(self, message: StringValue, cause: Cause) -> None:
        """Raise the counter that a message names."""
        item_id = UUID(message.value)
        command = RaiseCounter(counter_id=item_id, at_most=10)
        await self.process.store.execute(COUNTER, item_id, command, cause)

    def viewing(self, topic: str) -> Subscription:
        """Subscribe the table to *topic*."""
        return view(topic, {StringValue: self.note})

    def commanding(self, topic: str) -> Subscription:
        """Subscribe the counters to *topic*."""
        return commands(topic, {StringValue: self.raise_counter})

    def consumer(self, *subscriptions: Subscription, log: Log | None = None) -> Consumer:
        """Return a consumer, one of any number under the same name."""
        return Consumer(
            name=NAME,
            service="tests",
            subscriptions=subscriptions,
            log=log or self.home.log,
            store=self.process.store,
            engine=self.process.feed.engine,
            clock=self.clock,
        )

    @asynccontextmanager
    async def consuming(
        self, *subscriptions: Subscription, log: Log | None = None
    ) -> AsyncIterator[Consumer]:
        """Run a consumer, and end it as a process ends."""
        consumer = self.consumer(*subscriptions, log=log)
        task = asyncio.create_task(consumer.run())
        try:
            yield consumer
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def publish(self, *records: Record) -> None:
        """Publish *records*."""
        await publish(self.home.log, records)

    async def fetch(self, query: str, *given: Any) -> list[asyncpg.Record]:
        """Ask the service's database."""
        rows: list[asyncpg.Record] = await self.database.owner.fetch(query, *given)
        return rows

    async def seen(self) -> list[str]:
        """Return the values that were applied, in their order."""
        return [
            row["value"] for row in await self.fetch("select value from seen order by n")
        ]

    async def parked(self) -> list[asyncpg.Record]:
        """Return what is parked, oldest first."""
        return await self.fetch("select * from feed.parked order by parked_id")

    async def offsets(self, topic: str) -> Mapping[int, asyncpg.Record]:
        """Return the stored offsets of *topic* by partition."""
        query = "select * from feed.consumer_offset where consumer = $1 and topic = $2"
        return {row["partition"]: row for row in await self.fetch(query, NAME, topic)}

    async def is_applied(self, number: int, within: float = 40) -> list[str]:
        """Wait until *number* values were applied; return them."""

        async def enough() -> bool:
            return len(await self.seen()) >= number

        await eventually(enough, within)
        return await self.seen()

    async def is_at_the_end(self, topic: str, within: float = 40) -> None:
        """Wait until every record of *topic* was handled or parked."""
        ends: dict[int, int] = {}
        while not ends:
            with suppress(*RETRIED):  # a test may just have cut this connection too
                found = await self.home.log.ends([topic])
                ends = {partition: end for (_, partition), end in found.items()}

        async def there() -> bool:
            offsets = await self.offsets(topic)
            return all(  # beyond the end as well: a transaction's marker may come later
                p in offsets and offsets[p]["next"] >= ends[p] for p in ends if ends[p]
            )

        await eventually(there, within)

    async def never_went_back(self) -> bool:
        """Say whether no offset was ever moved to an earlier place."""
        return not await self.fetch("select from moved where after < before")


@asynccontextmanager
async def office_in(
    home: LogHome, database: ServiceDatabase, process: Process
) -> AsyncIterator[Office]:
    """Open an office."""
    await database.owner.execute(TABLES)
    yield Office(home, database, process)


async def retried(consumer: Consumer, parked_id: int) -> int:
    """Retry as an operator does; return how many records were handled."""

    async def handle(waiting: Waiting) -> None:
        await consumer.handle_parked(waiting)

    return await consumer.parked.retry(parked_id, handle)
