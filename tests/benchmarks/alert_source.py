"""The process where it begins: supervision with all that follows its feed, and appends to it.

`python -m tests.benchmarks.alert_source`: asked for a rate and whom to name as handlers, it
answers when each event was acknowledged. Each is stored, relayed and told as any other.
"""

import asyncio
import time
from typing import Any
from uuid import uuid4

import uvloop

from chassis.calendars import load_calendar
from chassis.collecting import settle
from chassis.database import open_pool
from chassis.keys import StoredKeyRing
from chassis.log.kafka import KafkaLog
from chassis.service import open_service
from chassis.settings import Settings
from chassis.store import Cause, Store
from chassis.telemetry import configure
from services.supervision.domain.events import HandlerNamed
from suite.hosting import SERVICES
from tests.benchmarks.alert_processes import answer, questions
from tests.benchmarks.http_server import BEGINS, OfficeClock
from tests.benchmarks.lab import open_loop
from tests.support.memory_keys import MemoryKeyRing
from tests.support.told import MATTERS

SERVICE = "supervision"
NUMBER = "云政督〔2025〕31号"


async def append(store: Store, rate: float, people: list[str]) -> dict[str, float]:
    """Name each of *people* as a handler, one after another; return when that was stored."""
    committed: dict[str, float] = {}
    waiting = iter(people)

    async def one(_: float) -> None:
        handler, matter_id = next(waiting), uuid4()
        named = HandlerNamed(
            matter_id=matter_id,
            organ="gov",
            number=NUMBER,
            unit="water",
            handler=handler,
            named_by="deng.jie",
        )
        cause = Cause(command_id=uuid4(), actor="deng.jie", occurred_at=BEGINS)
        await store.execute(MATTERS, matter_id, [named], cause)
        committed[str(matter_id)] = time.time()

    await open_loop(rate, len(people), one)
    return committed


async def main() -> None:
    """Host supervision until there is nobody to ask."""
    settings = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own
    configure(SERVICE, "error", "json")
    log = KafkaLog(settings.kafka_bootstrap_servers)
    keys = await open_pool(settings.dsn("keys"), 2)
    running = await open_service(
        SERVICES[SERVICE],
        settings,
        log=log,
        clock=OfficeClock(),
        keys=StoredKeyRing(keys),
        shared={"calendar": load_calendar(None, None, zone=settings.tz)},
    )
    await running.start(settings)
    own = running.parts.store
    store = Store(own.pool, [MATTERS], own.epoch, MemoryKeyRing())
    store.appended = own.appended  # as the service's own commands wake its followers
    settle()
    answer(ready=True)
    async for question in questions():
        committed: dict[str, Any] = await append(
            store, question["rate"], question["people"]
        )
        answer(committed=committed)
    await running.stop()
    await log.close()
    await keys.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
