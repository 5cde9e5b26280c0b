"""Starting and stopping: `up` comes and goes cleanly, and says what stands in its way."""

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.support.cli import address_of, call, lines, on, reached, shuniu, started, stopped

pytestmark = pytest.mark.postgres

UP = "按 Ctrl-C 停止"
STOPPING = "正在停止…（Stopping）"


def postgres_runs(state: Path) -> bool:
    return (state / "postgres" / "postmaster.pid").exists()


def test_up_comes_and_goes_and_comes_again(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with started("up", *on(state)) as process:
        reached(process, UP)
        year = lines(state, "calendar", "show")[0].split()[0]
        series = f"series=[{{organ: gov, mark: 收, year: {year}}}]"
        opening = ("act", "open_series", "-w", "service=documents", "-w", series)
        assert "已办理" in lines(state, *opening, "--as", "operator")[0]
        assert "待登记 0" in lines(state, "today", "--as", "li.juan")[1]

        second = shuniu("up", *on(state))
        assert second.returncode == 2
        assert "another suite is running on" in second.stderr
        assert len(second.stderr.splitlines()) == 1

        new_epoch = ("admin", "new-epoch", "documents", "--yes")
        assert "another suite is running on" in call(state, *new_epoch).stderr

        code, said = stopped(process, signal.SIGINT)
        assert (code, said) == (0, f"{STOPPING}\n")
    assert not postgres_runs(state)
    assert call(state, "today", "--as", "li.juan").stderr.startswith(
        f"shuniu: no suite is running on {state}: start one with"
    )
    assert "新纪元" in lines(state, *new_epoch)[0]
    with started("up", *on(state)) as process:
        reached(process, UP)
        assert "series.Opened" in "\n".join(lines(state, "admin", "events", "documents"))
        assert stopped(process, signal.SIGTERM)[0] == 0


def test_what_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with started("up", *on(state)) as process:
        reached(process, UP)
        assert int(address_of(state)["pid"]) == process.pid
        process.kill()
        process.wait()
    assert "no suite is running on" in call(state, "today", "--as", "li.juan").stderr
    with started("up", *on(state)) as process:
        reached(process, UP)
        assert stopped(process, signal.SIGINT)[0] == 0
    assert not postgres_runs(state)


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        state = str(tmp_path / "state")
        done = shuniu("up", "--state", state, "--http-port", port, "--grpc-port", "0")
    assert done.returncode == 2
    assert done.stderr == (
        f"shuniu: HTTP port {port} on 127.0.0.1 is in use: stop what uses it, "
        "or choose another with --http-port (0 takes a free one)\n"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = shuniu("up", *on(tmp_path / "state"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"shuniu: cannot write to {tmp_path / 'state'} (")
