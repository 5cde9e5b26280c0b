"""Watching what happens: the public events of the log."""

import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from chassis.log import Log
from chassis.log.embedded import EmbeddedLog
from chassis.log.kafka import KafkaLog
from chassis.people import People
from suite.commands.alerts import alerts_app
from suite.commands.common import (
    JsonOption,
    Language,
    LanguageOption,
    UsageError,
    run,
)
from suite.organisation import load_people
from suite.state import running
from suite.tailing import TOPICS, read

events_app = typer.Typer(no_args_is_help=True, help="公开事件: what others may follow.")


@events_app.command("tail")
def tail_events(
    topic: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(TOPICS)}. (default: all)")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="Only what names this unit, by name or id.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Go on with what comes.")
    ] = True,
    from_start: Annotated[
        bool,
        typer.Option("--from-start/--from-now", help="What is there, or only what comes."),
    ] = True,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
    state: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a suite on this machine. (default: the one that runs)",
            envvar="SHUNIU_STATE",
        ),
    ] = None,
    bootstrap: Annotated[
        str | None,
        typer.Option(
            help="Kafka brokers to read from instead.",
            envvar="SHUNIU_KAFKA_BOOTSTRAP_SERVERS",
        ),
    ] = None,
) -> None:
    """看公开事件: public events, decoded: what another department's system would receive.

    Of the suite on this machine, or of Kafka. Reads under a throw-away group and commits
    nothing. Units of a Kafka suite have names where SHUNIU_ORGANISATION names its file.

    Examples:
        shuniu events tail --unit 县水利局
        shuniu events tail --topic public.supervision.matter.v1 --no-follow --json
        SHUNIU_KAFKA_BOOTSTRAP_SERVERS=kafka:9092 shuniu events tail --from-now
    """
    if unknown := set(topic or ()) - set(TOPICS):
        raise typer.BadParameter(
            f"no topic {', '.join(unknown)}; known are: {', '.join(TOPICS)}"
        )

    async def work() -> None:
        zone = ZoneInfo(os.environ.get("SHUNIU_TZ") or "Asia/Shanghai")
        async with _log(state, bootstrap) as (log, people):
            wanted = _unit(people, unit)
            batches = read(log, topic or TOPICS, from_start=from_start, follow=follow)
            async for batch in batches:
                for event in batch:
                    if wanted is None or wanted in event.units:
                        plain = json.dumps(event.plain(), ensure_ascii=False)
                        line = event.line(people, zone, language.value)
                        print(plain if as_json else line, flush=True)

    run(work())


@contextlib.asynccontextmanager
async def _log(
    state: Path | None, bootstrap: str | None
) -> AsyncIterator[tuple[Log, People]]:
    address = None if bootstrap else running(state).address()
    if bootstrap := bootstrap or (address.kafka if address else None):
        for noisy in ("aiokafka", "asyncio"):  # what matters is raised as well
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        organisation = (
            address.organisation if address else os.environ.get("SHUNIU_ORGANISATION")
        )
        kafka = KafkaLog(bootstrap)
        try:
            yield kafka, load_people(Path(organisation) if organisation else None)
        finally:
            await kafka.close()
        return
    address = running(state).address()
    log = EmbeddedLog(address.log)
    await log.start()
    try:
        yield log, load_people(Path(address.organisation))
    finally:
        await log.close()


def _unit(people: People, name: str | None) -> str | None:
    if name is None or not people.units:
        return name
    try:
        return people.unit_named(name).id
    except KeyError:
        known = "、".join(unit.name for unit in people.units.values())
        raise UsageError(f"no unit is called {name}; known are: {known}") from None


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(alerts_app, name="alerts")
    app.add_typer(events_app, name="events")
