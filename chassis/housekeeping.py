"""What is kept for a while, and then forgotten: inbox entries, command outcomes."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from chassis.consumer import inbox
from chassis.parts import Parts

EVERY_SECONDS = 3600.0
COMMANDS_KEPT_DAYS = 90

logger = structlog.get_logger(__name__)


async def keep_house(
    parts: Parts, forget: Callable[[Parts], Awaitable[None]] | None = None
) -> None:
    """Forget what is old enough, every hour, until cancelled; *forget* is the service's own."""
    while True:
        try:
            await inbox.forget(parts.engine)
            await parts.store.pool.fetchval(
                "select store.prune_commands_v1($1)", COMMANDS_KEPT_DAYS
            )
            if forget is not None:
                await forget(parts)
        except Exception as error:  # noqa: BLE001 an hour later is as good
            logger.warning("housekeeping.failed", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)
