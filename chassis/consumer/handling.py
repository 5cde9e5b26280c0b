"""What is done about one message: a command executed, or a table of ours written."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import Clock
from chassis.consumer import inbox
from chassis.consumer.subscription import Subscription
from chassis.database import retryable
from chassis.domain import RefusedError
from chassis.log import Received
from chassis.parked import Waiting
from chassis.public import Envelope, PoisonError, message_of
from chassis.rows import Rows
from chassis.store import Cause, ConflictError, ForgottenCommandError
from chassis.store.cause import derived_id
from chassis.views import NotYetError

HANDS = 16

logger = structlog.get_logger(__name__)

_REFUSED = (
    "insert into feed.reaction_refused (event_id, reaction, stream_id, rule) "
    "values ($1, $2, $3, $4) on conflict do nothing"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handling:
    """One consumer's handlers, and what they act as."""

    consumer: str
    actor: str
    subscriptions: Mapping[str, Subscription]
    engine: AsyncEngine
    pool: "asyncpg.Pool[asyncpg.Record]"
    clock: Clock

    async def execute(self, topic: str, envelope: Envelope, value: bytes | None) -> None:
        """Let the command handler of one message do its work; a refusal is recorded."""
        subscription = self.subscriptions[topic]
        handler = subscription.commands.get(envelope.type)
        if handler is None:
            return
        message = message_of(value, subscription.messages[envelope.type])
        name = envelope.type  # in stored ids for ever: a contract's name, not a function's
        cause = Cause(
            command_id=derived_id(envelope.source, envelope.id, name),
            actor=self.actor,
            occurred_at=await self.clock.now(),
            correlation_id=envelope.correlation_id,
            causation_id=_uuid(envelope.id),
            traceparent=envelope.traceparent,
        )
        try:
            await handler(message, cause)
        except RefusedError as refusal:
            logger.info("consumer.refused", handler=name, rule=refusal.rule)
            given = (cause.causation_id, name, f"{envelope.source}#{envelope.subject}")
            await self.pool.execute(_REFUSED, *given, refusal.rule)
        except ForgottenCommandError:
            logger.info("consumer.repeated", type=name)

    async def execute_each(self, told: Sequence[tuple[Envelope, Received]]) -> None:
        """Execute what each message asks for: in order by key, keys beside each other.

        Raises what one of them raises, once all have ended: what tried again may go away
        before what will not.
        """
        queues: dict[tuple[str, bytes], list[tuple[Envelope, Received]]] = {}
        for envelope, record in told:
            queues.setdefault((record.topic, record.key), []).append((envelope, record))
        hands = asyncio.Semaphore(HANDS)

        async def in_order(queue: Sequence[tuple[Envelope, Received]]) -> None:
            async with hands:
                for envelope, record in queue:
                    await self.execute(record.topic, envelope, record.value)

        ends = await asyncio.gather(*map(in_order, queues.values()), return_exceptions=True)
        errors = [end for end in ends if isinstance(end, BaseException)]
        if errors:
            raise min(errors, key=lambda error: not passes(error))

    async def apply(
        self,
        topic: str,
        envelope: Envelope,
        value: bytes | None,
        rows: Rows,
    ) -> None:
        """Apply one message to the view: what it writes waits in *rows*."""
        subscription = self.subscriptions[topic]
        apply = subscription.applies.get(envelope.type)
        if apply is not None:
            gone = value is None and subscription.compacted
            kind = subscription.messages[envelope.type]
            message = None if gone else message_of(value, kind)
            await apply(message, envelope, rows)

    async def parked(self, waiting: Waiting) -> None:
        """Handle one parked record now; raises what its handling raises."""
        envelope = Envelope.read(waiting.headers)
        known = (envelope.source, envelope.id)
        if known not in await inbox.had(self.engine, self.consumer, [known]):
            await self.execute(waiting.topic, envelope, waiting.value)
        async with self.engine.begin() as connection:
            again = self.subscriptions[waiting.topic].compacted
            if again or await inbox.take(connection, self.consumer, [known]):
                rows = Rows(connection)
                await self.apply(waiting.topic, envelope, waiting.value, rows)
                await rows.written()


def passes(error: BaseException) -> bool:
    """Say whether *error* is none of the record's: tried again, it may go away."""
    return retryable(error) or isinstance(error, ConflictError | NotYetError)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise PoisonError("the event's id is no UUID") from error
