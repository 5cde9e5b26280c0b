"""Watching what happens: one's own alerts, and the public events of the log."""

import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from google.protobuf.json_format import MessageToDict
from rich.text import Text

from chassis.log import Log
from chassis.log.embedded import EmbeddedLog
from chassis.log.kafka import KafkaLog
from chassis.people import People
from suite.alerts import tail
from suite.commands.common import (
    JsonOption,
    Language,
    LanguageOption,
    PersonOption,
    UsageError,
    calling,
    console,
    run,
    say,
)
from suite.reaching import Reach
from suite.stage import COLOURS
from suite.state import running
from suite.tailing import TOPICS, read

alerts_app = typer.Typer(no_args_is_help=True, help="提醒: what the notifier tells you.")
events_app = typer.Typer(no_args_is_help=True, help="公开事件: what others may follow.")


@alerts_app.command("tail")
@calling
async def tail_alerts(
    reach: Reach,
    person: PersonOption = None,
    after: Annotated[
        int, typer.Option(min=0, help="Only what comes after this sequence number.")
    ] = 0,
    from_now: Annotated[
        bool, typer.Option("--from-now", help="Only what comes from now on.")
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """看自己的提醒: your alerts as they arrive, those of your leader if you are an aide.

    Goes on where it was when the connection breaks. Ctrl-C ends it.

    Examples:
        shuniu alerts tail --as wang.lei
        shuniu alerts tail --as fan.lin --from-now
        shuniu alerts tail --as deng.jie --after 3 --json
    """
    who = reach.who(person)
    terminal, english = console(), language is Language.en
    lost = _Once()
    responses = tail(
        reach.grpc,
        reach.token(who.id),
        after=after,
        from_now=from_now,
        secure=reach.secure,
        lost=lost.tell,
    )
    async for response in responses:
        lost.again()
        if not response.HasField("alert"):
            continue
        alert = response.alert
        if as_json:
            plain = MessageToDict(alert, preserving_proto_field_name=True)
            print(json.dumps(plain, ensure_ascii=False), flush=True)
            continue
        when = alert.occurred_at.ToDatetime(tzinfo=reach.calendar.zone)
        shown = Text.assemble(
            (f"● {when:%m-%d %H:%M}", COLOURS.get(alert.severity, "white")),
            (f" {alert.sequence:>3}  ", "dim"),
            alert.title_en if english else alert.title_zh,
        )
        terminal.print(shown)
        for line in (alert.body_en if english else alert.body_zh).splitlines():
            terminal.print(Text(f"    {line}", style="dim"))


class _Once:
    """Says once that the stream broke, until it is there again."""

    def __init__(self) -> None:
        self._told = False

    def tell(self) -> None:
        if not self._told:
            say("连接中断，正在重连…（the suite does not answer; trying again）")
        self._told = True

    def again(self) -> None:
        self._told = False


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
    if bootstrap:
        for noisy in ("aiokafka", "asyncio"):  # what matters is raised as well
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        organisation = os.environ.get("SHUNIU_ORGANISATION")
        kafka = KafkaLog(bootstrap)
        try:
            yield kafka, People.load(Path(organisation) if organisation else None)
        finally:
            await kafka.close()
        return
    address = running(state).address()
    log = EmbeddedLog(address.log)
    await log.start()
    try:
        yield log, People.load(Path(address.organisation))
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
