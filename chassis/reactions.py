"""Reactions: what an event makes its own service do next, on another stream.

A refusal is recorded and done with; an exception parks the stream, so that its later
events wait in order while other streams go on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from chassis.clock import Clock
from chassis.database import retryable
from chassis.domain import RefusedError
from chassis.feed.cursor import Step
from chassis.feed.follower import Feed, Follower
from chassis.parked import Parked, Waiting
from chassis.store import Cause, ConflictError, ForgottenCommandError, Stored
from chassis.store.cause import derived_id

NAME = "reactions"

React = Callable[[Stored[Any], Cause], Awaitable[object]]

logger = structlog.get_logger(__name__)

_REFUSED = """
insert into feed.reaction_refused (event_id, reaction, stream_id, rule) values ($1, $2, $3, $4)
on conflict do nothing
"""


class Reactions(Follower):
    """Runs a service's reactions: one a category."""

    def __init__(self, reactions: Mapping[str, React], clock: Clock, service: str) -> None:
        super().__init__(NAME)
        self._reactions = reactions
        self._clock = clock
        self._actor = f"system:{service}"

    async def start(self, feed: Feed) -> None:
        """Look up where parked streams wait."""
        self._parked = Parked(feed.store.pool, NAME)

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """React to each event, then move on."""
        for stored in batch:
            if stored.category in self._reactions:
                await self._react_or_park(stored)
        await step.done()

    async def react(self, stored: Stored[Any]) -> None:
        """React to one event; a refusal is recorded. Raises what the reaction raises."""
        react = self._reactions[stored.category]
        name = stored.type  # in stored ids for ever: not the name of a function
        cause = Cause(
            command_id=derived_id(stored.event_id, name),
            actor=self._actor,
            occurred_at=await self._clock.now(),
            correlation_id=stored.meta.correlation_id,
            causation_id=stored.event_id,
            traceparent=stored.meta.traceparent,
        )
        try:
            await react(stored, cause)
        except ForgottenCommandError:
            logger.info("reaction.repeated", type=stored.type)
        except RefusedError as refusal:
            given = (stored.event_id, name, stored.stream_id, refusal.rule)
            await self._parked.pool.execute(_REFUSED, *given)

    async def _react_or_park(self, stored: Stored[Any]) -> None:
        key = stored.stream_id.encode()
        waiting = Waiting(
            topic=stored.category,
            partition=stored.shard,
            offset=stored.position,
            key=key,
            value=None,
            headers={"event_id": str(stored.event_id)},
        )
        if await self._parked.keys(stored.category, [key]):
            await self._parked.park(waiting, "an earlier event of its stream waits")
            return
        try:
            await self.react(stored)
        except Exception as error:
            if retryable(error) or isinstance(error, ConflictError):
                raise
            logger.exception("reaction.parked", stream=stored.stream_id, type=stored.type)
            await self._parked.park(waiting, f"{type(error).__name__}: {error}")
