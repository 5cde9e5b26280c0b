"""What a service has left to do, as gauges: so that nothing stands still unnoticed."""

import asyncio
from typing import Any

import structlog

from chassis.admin.reading import lag_of
from chassis.parts import Parts
from chassis.telemetry import LAG, PARKED, STOPPED, TIMERS_DUE

EVERY_SECONDS = 5.0

logger = structlog.get_logger(__name__)


async def measure(parts: Parts, running: Any) -> None:
    """Set the gauges every few seconds, until cancelled."""
    seen: set[str] = set()
    while True:
        try:
            lag = await lag_of(parts, running)
        except Exception as error:  # noqa: BLE001 a figure is missed; the readiness probe says why
            logger.debug("measure.failed", error=type(error).__name__)
        else:
            for follower in lag.followers:
                LAG.labels(parts.name, follower.name).set(follower.lag)
            LAG.labels(parts.name, "consumer").set(
                sum(place.lag for place in lag.consumers)
            )
            seen |= lag.parked.keys()
            for consumer in seen:
                PARKED.labels(parts.name, consumer).set(lag.parked.get(consumer, 0))
            stopped = [f for f in lag.followers if f.error or f.paused]
            held = [place for place in lag.consumers if place.gap or place.paused]
            STOPPED.labels(parts.name).set(len(stopped) + len(held))
            TIMERS_DUE.labels(parts.name).set(lag.timers_due)
        await asyncio.sleep(EVERY_SECONDS)
