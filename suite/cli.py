"""The `shuniu` command."""

import asyncio
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import grpc
import httpx
import typer
import uvloop
from rich.console import Console

from chassis.history import DivergedError
from chassis.people import OrganisationError
from chassis.telemetry import configure
from suite.acts import UnknownActError
from suite.client import RefusedCallError
from suite.demo import run_demo
from suite.driver import StuckError
from suite.hosting import PortTakenError
from suite.issuer import UnknownPersonError
from suite.local import SAMPLE, Ports
from suite.scenario import ScenarioError
from suite.state import DEFAULT, StateError
from suite.why import NoStoryError

T = TypeVar("T")

app = typer.Typer(
    name="shuniu",
    help="Shuniu 枢纽: 办文、办会、督查督办 on one event log.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)

StateOption = Annotated[
    Path,
    typer.Option(
        "--state", help="Folder that holds the suite's state.", envvar="SHUNIU_STATE"
    ),
]
PLAIN = (
    StateError,
    PortTakenError,
    ScenarioError,
    OrganisationError,
    StuckError,
    DivergedError,
    UnknownPersonError,
    UnknownActError,
    NoStoryError,
    RefusedCallError,
)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run *work*; what a user can do something about becomes one line and exit code 2."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except PLAIN as error:
        say(str(error))
    except httpx.ConnectError:
        say("the suite does not answer: is it still running? Start it with `shuniu demo`.")
    except grpc.aio.AioRpcError as error:
        say(f"gRPC {error.code().name}: {error.details()}")
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(2)


def say(line: str) -> None:
    """Say what went wrong, on standard error."""
    Console(stderr=True, soft_wrap=True).print(
        f"[red]shuniu:[/red] {line}", highlight=False
    )


def console() -> Console:
    """Return the terminal: in colour on one, plain lines elsewhere."""
    terminal = sys.stdout.isatty()
    return Console(soft_wrap=True, highlight=False, no_color=not terminal)


@app.callback()
def shuniu() -> None:
    """Shuniu 枢纽: 办文、办会、督查督办 on one event log."""


@app.command()
def demo(
    state: StateOption = DEFAULT,
    once: Annotated[bool, typer.Option("--once", help="Stop after the scenario.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Play it again from the start.")
    ] = False,
    until: Annotated[
        str | None, typer.Option(help="Stop the clock there, e.g. 2025-05-08T08:35+08:00.")
    ] = None,
    scenario: Annotated[Path, typer.Option(help="The scenario to play, YAML.")] = SAMPLE
    / "scenario.yaml",
    http_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 8000,
    grpc_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 9000,
) -> None:
    """Play the sample scenario on the virtual clock, then stay up until Ctrl-C.

    Examples:
        shuniu demo
        shuniu demo --once                  # exit code 0: all as expected, 1: not
        shuniu demo --fresh --until 2025-05-08T08:35+08:00
        shuniu demo --scenario ours.yaml --state .state/ours
    """
    configure("demo", "warning", "console")
    moment = _moment(until)
    ports = Ports(http_port, grpc_port)
    code = run(
        run_demo(
            state, scenario, ports, once=once, fresh=fresh, until=moment, console=console()
        )
    )
    raise typer.Exit(code)


def _moment(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter("write a time with its offset: 2025-05-08T08:35+08:00")
    return moment


def main() -> None:
    """Run the command."""
    from suite.commands import register  # noqa: PLC0415 they import this module

    register(app)
    app()
