"""Starting things: the whole suite, one service, the databases; and a token to call with."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from chassis.clock import SystemClock
from chassis.collecting import settle
from chassis.settings import Settings
from chassis.telemetry import configure
from suite.client import Client
from suite.commands.common import LocalState, UsageError, console, run
from suite.ending import until_ended, until_signalled
from suite.hosting import PARTS, SERVICES, hosting, migrate_all
from suite.local import SAMPLE, Ports, local_suite
from suite.organisation import import_where_empty
from suite.reaching import issuer_of
from suite.state import OWN, State, running

READY_SECONDS = 60.0  # a suite that was killed still holds its leases for a while
PortOption = Annotated[int, typer.Option(help="0 takes a free port.")]
NEXT = """[bold]接着可以试试[/bold]（另开一个终端；What to try next）：
  shuniu act open_series --as operator -w service=documents \\
    -w 'series=[{{organ: gov, mark: 收, year: {year}}}]'      启用收文编号
  shuniu today --as li.juan                               文书的首页
  shuniu admin lag                                        各服务的进度
  HTTP 接口文档 {http}/documents/v1/docs"""


def up(
    state: LocalState = OWN,
    organisation: Annotated[
        Path,
        typer.Option(help="YAML of organs, units, people.", show_default="the sample"),
    ] = SAMPLE / "organisation.yaml",
    http_port: PortOption = 8000,
    grpc_port: PortOption = 9000,
) -> None:
    """Run the whole suite in one process, without a scenario, until Ctrl-C.

    Everything it needs is inside: PostgreSQL, the log, a token issuer (demo profile). Its
    clock goes with the machine's. With SHUNIU_PROFILE=production it is set up from the
    environment instead (see .env.example): your PostgreSQL, your issuer.

    Examples:
        shuniu up
        shuniu up --organisation ours.yaml --state .state/ours
        SHUNIU_PROFILE=production SHUNIU_LOG=embedded SHUNIU_DATABASE_URL=… shuniu up
    """
    if os.environ.get("SHUNIU_PROFILE") == "production":
        run(_serve(list(SERVICES)))
    else:
        configure("suite", "warning", "console")
        run(_up(State(state), organisation, Ports(http_port, grpc_port), console()))


async def _up(state: State, organisation: Path, ports: Ports, terminal: Console) -> None:
    terminal.print(f"[dim]状态保存在 {state.folder}（State lives there）[/dim]")
    with state.held():
        terminal.print("[dim]启动数据库和各项服务…（Starting）[/dim]")
        async with local_suite(state, ports, organisation, None) as local:
            clock, now = local.ground.clock, await SystemClock().now()
            await clock.move(now)
            await clock.run()
            token = local.ground.issuer.token
            async with Client(local.addresses, token, patience=READY_SECONDS) as client:
                await import_where_empty(client, organisation)
            settle()
            stopping = asyncio.create_task(until_signalled())
            await asyncio.sleep(0)  # so that it listens before it says so
            terminal.print(f"[dim]HTTP {local.http}   gRPC {local.grpc}[/dim]")
            terminal.print(NEXT.format(http=local.http, year=now.year))
            terminal.print("[dim]按 Ctrl-C 停止（Ctrl-C stops it）。[/dim]")
            await stopping
            terminal.print("[dim]正在停止…（Stopping）[/dim]")
            await clock.stop()


async def _serve(names: list[str], part: str | None = None, *, bound: bool = False) -> None:
    _known(names)
    for name in names:
        if part and part not in PARTS.get(name, {}):
            raise UsageError(f"{name} has no part {part}: run it without --part")
    given: dict[str, Any] = {"notifier_part": part} if part else {}
    settings = await asyncio.to_thread(Settings, **given)
    if "database_url" not in settings.model_fields_set:
        raise UsageError(
            "set SHUNIU_DATABASE_URL to your PostgreSQL, with {role} and {database} in it "
            "(see .env.example), or run `shuniu demo` to look around"
        )
    what = names[0] if len(names) == 1 else "suite"
    configure(what, settings.log_level, settings.log_format)
    async with hosting(settings, names) as hosted:
        say_up = f"{', '.join(names)}: HTTP {settings.http_host}:{hosted.http_port}"
        console().print(f"{say_up}   gRPC {settings.grpc_host}:{hosted.grpc_port}")
        settle()
        await until_ended(hosted, bound=bound)


def serve(
    service: Annotated[str, typer.Argument(help=f"Which service: {', '.join(SERVICES)}.")],
    part: Annotated[
        str | None,
        typer.Option(help="Only this part of it: decider or streamer of the notifier."),
    ] = None,
    bound: Annotated[
        bool, typer.Option("--bound", help="Stop when standard input ends.", hidden=True)
    ] = False,
) -> None:
    """Run one service, set up from the environment (see .env.example), until SIGTERM.

    Public events go to Kafka unless SHUNIU_LOG=embedded. Run `shuniu migrate` first. The
    notifier may run as two processes: its decider fills the mailboxes, its streamer serves
    them over gRPC.

    Examples:
        shuniu serve documents
        shuniu serve notifier --part streamer
        SHUNIU_HTTP_PORT=8001 SHUNIU_GRPC_PORT=9001 shuniu serve supervision
    """
    run(_serve([service], part, bound=bound))


def migrate(
    services: Annotated[
        list[str] | None, typer.Argument(help="Which services; none: all.")
    ] = None,
) -> None:
    """Create or update the databases of services, and show the revisions they are at.

    Wants SHUNIU_OWNER_DATABASE_URL: a role that may create roles and databases. Safe to
    repeat, and before every start of a new version.

    Examples:
        shuniu migrate
        shuniu migrate documents supervision
    """
    run(_migrate(services or list(SERVICES)))


async def _migrate(names: list[str]) -> None:
    _known(names)
    settings = await asyncio.to_thread(Settings)
    if "owner_database_url" not in settings.model_fields_set:
        raise UsageError(
            "set SHUNIU_OWNER_DATABASE_URL to a role that may create roles and databases, "
            "with {database} in it (see .env.example)"
        )
    configure("migrate", "warning", settings.log_format)
    table = Table("数据库 Database", "内容 Content", "版本 Revision", box=None)
    for place, revision in (await migrate_all(settings, names)).items():
        database, _, kind = place.partition("/")
        table.add_row(database, kind or database, revision)
    console().print(table)


def _known(names: list[str]) -> None:
    if unknown := [name for name in names if name not in SERVICES]:
        raise UsageError(
            f"no service is called {', '.join(unknown)}; known are: {', '.join(SERVICES)}"
        )


def token(
    person: Annotated[str, typer.Option("--as", help="For whom, e.g. li.juan.")],
    hours: Annotated[int, typer.Option(min=1, max=24 * 365, help="Valid for.")] = 12,
    state: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the demo. (default: the one that runs)", envvar="SHUNIU_STATE"
        ),
    ] = None,
) -> None:
    r"""Print a token of the demo's own issuer, for curl and other clients.

    Only a demo on this machine has one: in production tokens come from your issuer.

    Examples:
        shuniu token --as li.juan
        curl -H "Authorization: Bearer $(shuniu token --as sun.li)" \
            http://127.0.0.1:8000/supervision/v1/matters
    """

    async def work() -> str:
        return issuer_of(running(state)).token(person, hours=hours)

    print(run(work()))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands: list[Any] = [up, serve, migrate, token]
    for command in commands:
        app.command(command.__name__)(command)
