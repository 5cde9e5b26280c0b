"""What the commands share: the options that find a suite, the terminal, and how to fail.

A command that calls a suite is a coroutine whose first parameter is the `Reach`; `calling`
makes it one that typer understands, with the options that say which suite.
"""

import asyncio
import functools
import inspect
import os
import sys
from collections.abc import Callable, Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import asyncpg
import grpc
import httpx
import typer
import uvloop
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from chassis.admin.lag import ARMED
from chassis.past import DivergedError
from chassis.policies import PolicyError
from chassis.workdays import CalendarError
from suite import faults
from suite.acts import UnknownActError
from suite.client import RefusedCallError
from suite.driver import StuckError
from suite.hosting import PortTakenError
from suite.issuer import UnknownPersonError
from suite.organisation import OrganisationError
from suite.processes import ProcessError
from suite.reaching import Reach, ReachError, reach
from suite.scenario import ScenarioError
from suite.spread import LogError
from suite.state import StateError
from suite.why import NoStoryError

T = TypeVar("T")

WIDE = 200  # of a table that goes into a file or a pipe


class Language(StrEnum):
    """In which language the command answers."""

    zh = "zh"
    en = "en"


class UsageError(Exception):
    """What was asked for cannot be done so; the message says what to do. One line."""


LocalState = Annotated[
    Path,
    typer.Option(
        "--state", help="Folder that holds the suite's state.", envvar="SHUNIU_STATE"
    ),
]
PersonOption = Annotated[
    str | None,
    typer.Option("--as", help="Who you are, e.g. li.juan.", envvar="SHUNIU_AS"),
]
LanguageOption = Annotated[
    Language, typer.Option("--lang", help="zh or en.", envvar="SHUNIU_LANG")
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key", help="Idempotency key: the same key does the act once. (default: new)"
    ),
]

PLAIN = (
    StateError,
    PortTakenError,
    ProcessError,
    LogError,
    ScenarioError,
    OrganisationError,
    PolicyError,
    CalendarError,
    StuckError,
    DivergedError,
    UnknownPersonError,
    UnknownActError,
    NoStoryError,
    RefusedCallError,
    ReachError,
    UsageError,
)
SILENT = "the suite does not answer: is it still running? Start it with `shuniu demo`."


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run *work*; what a user can do something about becomes one line and exit code 2."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except PLAIN as error:
        say(faults.one_line(error))
    except ValidationError as error:
        say(faults.of_settings(error))
    except (httpx.ConnectError, httpx.TimeoutException, httpx.RemoteProtocolError):
        say(SILENT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        say(f"cannot call the suite: {faults.one_line(error)}")
    except grpc.aio.AioRpcError as error:
        say(f"gRPC {error.code().name}: {error.details()}")
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except (asyncpg.PostgresError, KafkaError, OSError) as error:
        say(faults.of_server(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(2)


def say(line: str) -> None:
    """Say what went wrong, on standard error."""
    told = Text.assemble(("shuniu: ", "red"), line)
    Console(stderr=True, soft_wrap=True).print(told, highlight=False)


def console() -> Console:
    """Return the terminal: in colour on one, plain lines elsewhere."""
    terminal = sys.stdout.isatty()
    return Console(
        soft_wrap=True,
        highlight=False,
        no_color=not terminal,
        width=None if terminal else WIDE,
    )


_WHERE = {
    "state": (
        Path | None,
        typer.Option(
            help="Folder of a suite on this machine. (default: the one that runs)",
            envvar="SHUNIU_STATE",
            rich_help_panel="Which suite",
        ),
    ),
    "url": (
        str | None,
        typer.Option(
            help="A remote suite, e.g. https://shuniu.example.org.",
            envvar="SHUNIU_URL",
            rich_help_panel="Which suite",
        ),
    ),
    "token": (
        str | None,
        typer.Option(
            help="Your token there.",
            envvar="SHUNIU_TOKEN",
            rich_help_panel="Which suite",
        ),
    ),
    "grpc": (
        str | None,
        typer.Option(
            help="HOST:PORT of its gRPC. (default: the same host, port 9000)",
            envvar="SHUNIU_GRPC",
            rich_help_panel="Which suite",
        ),
    ),
}


def timers_shown(count: int) -> str:
    """Return a number of timers as it is shown: beyond `ARMED` they are not counted."""
    return f"{ARMED}+" if count > ARMED else str(count)


def calling(command: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Turn a coroutine over a `Reach` into a command with the options that find the suite."""

    @functools.wraps(command)
    def called(**given: Any) -> None:
        where = {name: given.pop(name) for name in _WHERE}

        async def work() -> None:
            found: Reach = await asyncio.to_thread(reach, **where)
            await command(found, **given)

        run(work())

    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())[1:]
    also = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[kind, option],
        )
        for name, (kind, option) in _WHERE.items()
    ]
    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + also
    called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined] # inspect's own protocol
    return called
