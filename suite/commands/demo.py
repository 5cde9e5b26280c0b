"""The demo: the sample scenario, played on the virtual clock."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from chassis.telemetry import configure
from suite.commands.common import LocalState, console, run
from suite.demo import run_demo
from suite.local import SAMPLE, Ports
from suite.state import DEFAULT


def demo(
    state: LocalState = DEFAULT,
    once: Annotated[bool, typer.Option("--once", help="Stop after the scenario.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Play it again from the start.")
    ] = False,
    until: Annotated[
        str | None, typer.Option(help="Stop the clock there, e.g. 2025-05-08T08:35+08:00.")
    ] = None,
    scenario: Annotated[
        Path, typer.Option(help="The scenario to play, YAML.", show_default="the sample")
    ] = SAMPLE / "scenario.yaml",
    http_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 8000,
    grpc_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 9000,
    processes: Annotated[
        bool,
        typer.Option(
            "--processes", help="Each service in a process of its own; wants --kafka."
        ),
    ] = False,
    kafka: Annotated[
        str | None,
        typer.Option(help="HOST:PORT of a Kafka without topics of ours (--processes)."),
    ] = None,
) -> None:
    """Play the sample scenario on the virtual clock, then stay up until Ctrl-C.

    In one process, with everything inside. With --processes as in a deployment: every
    service on its own, the notifier as decider and streamer, public events over your Kafka;
    each takes free ports and writes its log to the folder `logs` of the state. What came of
    the play is in `outcomes.json` there: the same, either way.

    Examples:
        shuniu demo
        shuniu demo --once                  # exit code 0: all as expected, 1: not
        shuniu demo --fresh --until 2025-05-08T08:35+08:00
        shuniu demo --scenario ours.yaml --state .state/ours
        shuniu demo --processes --kafka 127.0.0.1:9092 --state .state/spread
    """
    if processes != (kafka is not None):
        raise typer.BadParameter("--processes and --kafka HOST:PORT go together")
    configure("demo", "warning", "console")
    moment = _moment(until)
    ports = Ports(http_port, grpc_port)
    code = run(
        run_demo(
            state,
            scenario,
            ports,
            once=once,
            fresh=fresh,
            until=moment,
            console=console(),
            kafka=kafka,
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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)
