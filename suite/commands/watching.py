"""`shuniu watch`: the suite as it runs, in the terminal."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from suite.commands.common import (
    Language,
    LanguageOption,
    PersonOption,
    calling,
    console,
    timers_shown,
)
from suite.reaching import Reach
from suite.stage import COLOURS, WEEKDAYS
from suite.watching import KEPT, Picture, Seen, Watcher, log_of

FRAME_SECONDS = 0.5
MOST_PEOPLE = 60
FEWEST_LINES = 3
ONE_FRAME_LINES = 12
AROUND = 12  # lines that are neither events nor alerts
STOPPED = 130
PAUSED = "暂停 paused"


@calling
async def watch(
    reach: Reach,
    person: PersonOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="Print one frame and stop; so does a pipe.")
    ] = False,
    bootstrap: Annotated[
        str | None,
        typer.Option(
            help="Kafka brokers to read public events from.",
            envvar="SHUNIU_KAFKA_BOOTSTRAP_SERVERS",
        ),
    ] = None,
    language: LanguageOption = Language.zh,
) -> None:
    """看全局: the suite live: services, lag, parked records, public events, alerts, the clock.

    Of a suite on this machine everybody's alerts are shown, of a remote one yours; --as
    PERSON shows theirs alone. What is away is shown as away until it is back. Ctrl-C ends it.

    Examples:
        shuniu watch
        shuniu watch --as sun.li
        shuniu watch --once
    """
    people, reader = _whose(reach, person)
    terminal = console()
    async with reach.client(language.value) as client:
        log = log_of(reach, bootstrap or reach.kafka)
        watcher = Watcher(reach, client, log=log, people=people, reader=reader)
        frame = Frame(reach, language.value)
        if once or not terminal.is_terminal:
            await watcher.once()
            terminal.print(frame.of(watcher.picture, ONE_FRAME_LINES))
            return
        await _live(watcher, frame)
    raise typer.Exit(STOPPED)


def _whose(reach: Reach, person: str | None) -> tuple[Sequence[str], str | None]:
    """Return whose alerts are shown, and who can be asked what time it is."""
    if person is not None or reach.claims is not None:
        who = reach.who(person).id
        return [who], who
    everybody = list(reach.people.people)[:MOST_PEOPLE]
    return everybody, next(iter(everybody), None)


def _hush() -> None:
    """Keep libraries from writing over the frame: what matters is in it."""
    for noisy in ("aiokafka", "asyncio", "asyncpg", "grpc"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


async def _live(watcher: Watcher, frame: "Frame") -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    _hush()
    watching = asyncio.create_task(watcher.run())
    terminal = Console(highlight=False)
    try:
        with Live(console=terminal, screen=True, auto_refresh=False) as live:
            while not stopped.is_set():
                room = (terminal.height - AROUND - len(watcher.picture.services)) // 2
                shown = frame.of(watcher.picture, max(FEWEST_LINES, min(room, KEPT)))
                live.update(shown, refresh=True)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), FRAME_SECONDS)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


class Frame:
    """Draws a picture: what a terminal shows at one moment."""

    def __init__(self, reach: Reach, language: str) -> None:
        self._reach = reach
        self._zone = reach.calendar.zone
        self._english = language == "en"

    def of(self, picture: Picture, lines: int) -> RenderableType:
        """Return the frame, with at most *lines* events and as many alerts."""
        events = [
            Text(event.line(self._reach.people, self._zone, self._language))
            for event in picture.events[-lines:]
        ]
        alerts = [self._alert(*alert) for alert in picture.alerts[-lines:]]
        return Group(
            self._title(picture),
            self._services(picture.services),
            *self._stops(picture.services),
            *self._part("公开事件 Public events", events, picture.troubles.get("events")),
            *self._part("提醒 Alerts", alerts, picture.troubles.get("alerts")),
        )

    @property
    def _language(self) -> str:
        return "en" if self._english else "zh"

    def _title(self, picture: Picture) -> Text:
        said = Text.assemble(("枢纽 Shuniu", "bold"), (f"  {self._reach.http}", "dim"))
        if picture.now is not None:
            local = picture.now.astimezone(self._zone)
            day = f"{local:%Y-%m-%d} 周{WEEKDAYS[local.weekday()]} {local:%H:%M:%S}"
            said.append(f"   时钟 Clock {day}", "cyan")
        if trouble := picture.troubles.get("services"):
            said.append(f"   {trouble}", "red")
        return said

    def _services(self, services: Sequence[Seen]) -> Table:
        table = Table(
            "服务 Service",
            "状态 State",
            "待处理 Followers",
            "待取 Consumers",
            "到时 Timers due",
            "下次 Next",
            "搁置 Parked",
            box=None,
        )
        for seen in services:
            table.add_row(seen.name, _state(seen), *self._figures(seen.lag))
        return table

    def _figures(self, lag: Mapping[str, Any] | None) -> Sequence[str]:
        if lag is None:
            return ("-",) * 5
        parked = sum(lag["parked"].values())
        due = lag["next_due"]
        return (
            _count(sum(follower["lag"] for follower in lag["followers"])),
            _count(sum(place["lag"] for place in lag["consumers"])),
            "/".join(timers_shown(lag[f"timers_{of}"]) for of in ("due", "armed")),
            self._when(datetime.fromisoformat(due)) if due else "",
            f"[red]{parked}[/red]" if parked else "0",
        )

    def _stops(self, services: Sequence[Seen]) -> Sequence[Text]:
        """Return what stands still, and why."""
        found = [
            Text(f"  ✗ {seen.name} {what}: {why}", style="red")
            for seen in services
            for what, why in _standing(seen.lag or {})
            if why
        ]
        return found[:FEWEST_LINES]

    def _part(
        self, title: str, lines: Sequence[Text], trouble: str | None
    ) -> Sequence[Text]:
        heading = Text(f"\n{title}", style="bold")
        if trouble:
            heading.append(f"  {trouble}", "red")
        return [heading, *(lines or [Text("  尚无 none yet", style="dim")])]

    def _alert(self, person: str, alert: Any) -> Text:
        when = self._when(alert.occurred_at.ToDatetime(tzinfo=self._zone))
        found = self._reach.people.people.get(person)
        return Text.assemble(
            (f"● {when}", COLOURS.get(alert.severity, "white")),
            (f"  {found.name if found else person}  ", "dim"),
            alert.title_en if self._english else alert.title_zh,
        )

    def _when(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%m-%d %H:%M}"


def _state(seen: Seen) -> Text:
    if not seen.up:
        return Text(f"✗ 无应答 away  {seen.said}"[:60], style="red")
    if seen.lag is None:
        return Text(f"? {seen.said}"[:60], style="yellow")
    return Text("✓ 运行 up", style="green")


def _count(lag: int) -> str:
    return f"[yellow]{lag}[/yellow]" if lag else "0"


def _standing(lag: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return which followers and partitions stand still, each with its reason."""
    for follower in lag.get("followers", ()):
        yield follower["name"], follower["error"] or PAUSED * follower["paused"]
    for place in lag.get("consumers", ()):
        yield (
            f"{place['topic']}/{place['partition']}",
            place["gap"] or PAUSED * place["paused"],
        )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch")(watch)
