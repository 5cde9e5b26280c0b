"""The `shuniu` command as the tests run it: in this process, or in one of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from typer.testing import CliRunner, Result

from suite.commands import app
from suite.state import ADDRESS

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 20.0
CALL = [sys.executable, "-c", "from suite.cli import main; main()"]


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing is set that the command reads."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SHUNIU_")}
    return (
        kept
        | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}:{ROOT / 'clients' / 'python'}",
            "COLUMNS": "200",
        }
        | more
    )


def shuniu(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own."""
    return shuniu_within(START_SECONDS * 2, *words, **more)


def shuniu_within(
    seconds: float, *words: str, **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, for that many seconds at most."""
    return subprocess.run(  # noqa: S603 our own command
        [*CALL, *words],
        env=environment(**more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def call(state: Path, *words: str, **more: str) -> Result:
    """Run the command in this process, on the suite of *state*: its start costs nothing."""
    given = {name: None for name in os.environ if name.startswith("SHUNIU_")}
    env = {**given, "SHUNIU_STATE": str(state), **more}
    result = CliRunner().invoke(app, words, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def lines(state: Path, *words: str) -> list[str]:
    """Run the command as `call`; return what it prints once it has succeeded."""
    result = call(state, *words)
    assert result.exit_code == 0, result.output
    return [line.rstrip() for line in result.stdout.splitlines()]


@contextmanager
def started(*words: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command that stays up, in a session of its own; stop it in the end."""
    process = subprocess.Popen(  # noqa: S603 our own command
        [*CALL, *words],
        env=environment(**more),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        if process.stdout is not None:
            process.stdout.close()


def on(state: Path) -> tuple[str, ...]:
    """Return the options of a suite on *state* that takes free ports."""
    return ("--state", str(state), "--http-port", "0", "--grpc-port", "0")


def stopped(process: "subprocess.Popen[str]", how: signal.Signals) -> tuple[int, str]:
    """Stop *process*; return its exit code and what it has said."""
    process.send_signal(how)
    said, _ = process.communicate(timeout=STOP_SECONDS)
    return process.returncode, said


def reached(
    process: "subprocess.Popen[str]", last: str, seconds: float = START_SECONDS
) -> list[str]:
    """Return the lines up to the one that contains *last*. Fails when there is none."""
    assert process.stdout is not None
    said: list[str] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        line = process.stdout.readline()
        said.append(line.rstrip())
        if last in line:
            return said
        if not line:
            break
    raise AssertionError(f"{last} was not said, but: " + "\n".join(said))


def address_of(state: Path) -> dict[str, str]:
    """Return where the suite on *state* says that it is reached."""
    address: dict[str, str] = json.loads((state / ADDRESS).read_text("utf-8"))
    return address
