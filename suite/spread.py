"""A whole suite on this machine, in processes of its own, on a Kafka that is there."""

import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from aiokafka.errors import KafkaError

from chassis.log import Log
from chassis.log.kafka import KafkaLog
from chassis.publishing import topics_of
from suite.driver import There
from suite.hosting import SERVICES
from suite.local import Ground, Local, demo_settings, grounded
from suite.organisation import load_people
from suite.postgres import embedded
from suite.processes import Processes, running
from suite.state import State

TOPICS = tuple(topic for s in SERVICES.values() for topic in topics_of(s))
AWAY_SECONDS = 60.0


class LogError(Exception):
    """Kafka cannot be used; the message says what to do. One line."""


async def prepare_topics(log: Log, kafka: str, *, fresh: bool) -> None:
    """Create all topics before anybody takes them; they are empty where it all is *fresh*.

    Raises `LogError`.
    """
    try:
        await log.create(TOPICS)
        ends = await log.ends([topic.name for topic in TOPICS]) if fresh else {}
    except (KafkaError, OSError, ValueError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise LogError(
            f"Kafka does not answer at {kafka} ({said}): "
            "start it there, or name another with --kafka HOST:PORT"
        ) from error
    if any(ends.values()):
        raise LogError(
            f"Kafka at {kafka} tells already of another play: its topics must be "
            "empty, or the state that they are of kept (no --fresh)"
        )


def spread(ground: Ground, log: Log, processes: Processes) -> Local:
    """Return the suite that *processes* are."""
    addresses = processes.addresses
    return Local(
        ground=ground,
        log=log,
        addresses=addresses,
        grpc=processes.grpc,
        looked=lambda client: [There(client, name) for name in addresses],
        patience=AWAY_SECONDS,
    )


@contextlib.asynccontextmanager
async def spread_suite(
    state: State, kafka: str, organisation: Path, calendar_years: list[int] | None
) -> AsyncIterator[Local]:
    """Run a demo suite in processes of its own on a held *state*, until the block ends.

    Raises `LogError`, `ProcessError`, `OrganisationError`.
    """
    load_people(organisation)  # before anything is started for nothing
    for noisy in ("aiokafka", "asyncio"):  # what matters is raised as well
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    async with contextlib.AsyncExitStack() as stack:
        log = KafkaLog(kafka)
        stack.push_async_callback(log.close)
        await prepare_topics(log, kafka, fresh=not state.database.exists())
        host = await stack.enter_async_context(embedded(state.database))
        settings = demo_settings(
            host,
            state.keys,
            organisation,
            calendar_years,
            log="kafka",
            kafka_bootstrap_servers=kafka,
            log_level="warning",
        )
        ground = await stack.enter_async_context(grounded(settings, state.keys))
        processes = await stack.enter_async_context(running(settings, state.logs))
        local = spread(ground, log, processes)
        state.announce(
            http=local.http,
            grpc=local.grpc,
            log="",
            organisation=organisation,
            calendar_years=calendar_years,
            services=local.addresses,
            kafka=kafka,
        )
        yield local
