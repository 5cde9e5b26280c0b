"""Waiting for aiokafka, which may never come back by itself."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog

CALL_SECONDS = 30.0
CLOSE_SECONDS = 10.0

T = TypeVar("T")
logger = structlog.get_logger(__name__)


async def within(awaitable: Awaitable[T]) -> T:
    """Await, but never for ever."""
    async with asyncio.timeout(CALL_SECONDS):
        return await awaitable


async def quietly(stopping: Awaitable[Any]) -> bool:
    """Stop something, or give up stopping it; return whether it stopped.

    In a task of its own: whatever ends that is caught.

    aiokafka awaits tasks that it cancels, and one that had not begun yet would cancel us.
    """

    async def stop() -> None:
        await asyncio.sleep(0)
        await stopping

    task = asyncio.create_task(stop())
    await asyncio.wait({task}, timeout=CLOSE_SECONDS)
    if not task.done():
        task.cancel()
        return False
    if not task.cancelled() and (error := task.exception()):
        logger.info("kafka.close", error=type(error).__name__)
        return False
    return not task.cancelled()
