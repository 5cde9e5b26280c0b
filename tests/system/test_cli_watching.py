"""`shuniu watch`: one frame for pipes, a live one in a terminal, which it leaves as it was."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.cli import (
    CALL,
    ROOT,
    address_of,
    environment,
    lines,
    on,
    reached,
    shuniu,
    started,
    stopped,
)

pytestmark = pytest.mark.postgres

UNTIL = "2025-05-08T08:35+08:00"
MATTER = "云政督〔2025〕31号"
SOON_SECONDS = 30.0
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Play up to the morning of 8 May; give the folder of the suite that stays up."""
    folder = tmp_path_factory.mktemp("watching") / "state"
    with started("demo", "--until", UNTIL, *on(folder)) as process:
        reached(process, "按 Ctrl-C 停止")
        yield folder


class Screen:
    """A terminal of our own, with a command in it."""

    def __init__(self, process: "subprocess.Popen[bytes]", terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self.shown = ""

    def until(self, said: str, since: int = 0) -> None:
        """Wait until *said* is on it, in what was drawn after *since*."""
        end = time.monotonic() + SOON_SECONDS
        while said not in ESCAPE.sub("", self.shown[since:]):
            assert time.monotonic() < end, f"never saw {said} in: {self.shown[-2000:]!r}"
            self._take()

    def rest(self) -> str:
        """Return all that was drawn, once the command has ended."""
        self.process.wait(SOON_SECONDS)
        while self._take():
            pass
        return self.shown

    def _take(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], 0.5)
        if not ready:
            return False
        try:
            drawn = os.read(self._terminal, 65536)
        except OSError:  # the other end is closed
            return False
        self.shown += drawn.decode(errors="replace")
        return bool(drawn)


@contextmanager
def on_screen(*words: str) -> Iterator[Screen]:
    """Run a command in a terminal of 200 columns and 50 lines."""
    ours, theirs = pty.openpty()
    env = environment(TERM="xterm-256color", COLUMNS="200", LINES="50")
    process = subprocess.Popen(  # noqa: S603 our own command
        [*CALL, *words],
        env=env,
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Screen(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)


def test_one_frame_shows_services_events_alerts_and_the_clock(state: Path) -> None:
    said = lines(state, "watch", "--once")
    assert "时钟 Clock 2025-05-08 周四 08:35:" in said[0]
    for service in ("documents", "supervision", "notifier"):
        (row,) = [line.split() for line in said if line.split()[:1] == [service]]
        assert row[1:6] == ["✓", "运行", "up", "0", "0"], row
    events = said[said.index("公开事件 Public events") + 1 :]
    assert f"2025-05-07 09:20  催办单签收  {MATTER}  县水利局" in events
    alerts = said[said.index("提醒 Alerts") + 1 :]
    assert len(alerts) == 12
    assert any("王磊" in line and "催办单待发" in line for line in alerts)


def test_one_person_s_alerts_in_english(state: Path) -> None:
    said = lines(state, "watch", "--once", "--as", "wang.lei", "--lang", "en")
    alerts = said[said.index("提醒 Alerts") + 1 :]
    assert alerts
    assert all("王磊" in line for line in alerts)
    assert "is near due" in "\n".join(alerts)


def test_what_stands_still_is_said_with_its_service(state: Path) -> None:
    lines(state, "admin", "followers", "pause", "notifier", "digests")
    said = lines(state, "watch", "--once")
    lines(state, "admin", "followers", "resume", "notifier", "digests")
    assert "  ✗ notifier digests: 暂停 paused" in said


def test_who_is_no_operator_sees_that_it_is_up_and_no_more(state: Path) -> None:
    (token,) = lines(state, "token", "--as", "sun.li")
    remote = {"SHUNIU_URL": address_of(state)["http"], "SHUNIU_TOKEN": token}
    done = shuniu("watch", "--once", "--grpc", address_of(state)["grpc"], **remote)
    assert done.returncode == 0, done.stderr
    assert "? 您在此无权进行“admin.read”。" in done.stdout
    assert "no log: --bootstrap HOST:PORT" in done.stdout
    assert "孙立" not in done.stdout.splitlines()[0]
    assert "sun.li" in done.stdout


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_live_screen_is_left_as_it_was_found(state: Path, how: signal.Signals) -> None:
    with on_screen("watch", "--state", str(state)) as screen:
        screen.until("✓ 运行 up")
        screen.until(MATTER)
        screen.process.send_signal(how)
        drawn = screen.rest()
        assert screen.process.returncode == 130
    assert drawn.index(ENTER) < drawn.rindex(LEAVE)
    assert drawn.rindex(HIDE) < drawn.rindex(SHOW)
    assert "Traceback" not in drawn


def test_a_suite_that_goes_away_is_shown_as_away(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with started("demo", "--until", "2025-01-02T08:30+08:00", *on(folder)) as process:
        reached(process, "按 Ctrl-C 停止")
        with on_screen("watch", "--state", str(folder)) as screen:
            screen.until("✓ 运行 up")
            stopped(process, signal.SIGINT)
            screen.until("✗ 无应答 away", since=len(screen.shown))
            screen.process.send_signal(signal.SIGINT)
            assert "Traceback" not in screen.rest()
            assert screen.process.returncode == 130


def test_where_nothing_runs_that_is_one_line(tmp_path: Path) -> None:
    done = shuniu("watch", "--once", "--state", str(tmp_path / "none"))
    assert done.returncode == 2
    assert done.stderr.startswith("shuniu: no suite is running on ")
