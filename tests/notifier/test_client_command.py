"""`shuniu alerts tail --resume`, and the example that departments copy, on a real notifier."""

import asyncio
import gc
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio

from chassis.people import People
from suite.commands.alerts import tail_alerts
from suite.commands.common import UsageError
from suite.reaching import Reach
from suite.resuming import folder_of
from tests.support.line import BreakableLine
from tests.support.postgres import Postgres
from tests.support.recording import Mailer
from tests.support.service import eventually
from tests.support.streaming import Streamer, streamer_on
from tests.support.subscribing import client_of, next_alert

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]
TAIL: Callable[..., Awaitable[None]] = vars(tail_alerts)["__wrapped__"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def streamer(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Streamer]:
    """Give a streamer with empty mailboxes."""
    async with streamer_on(postgres, tmp_path_factory.mktemp("issuer")) as running:
        yield running


@pytest.fixture(scope="module")
def mailer(streamer: Streamer) -> Mailer:
    """Give what fills mailboxes."""
    return Mailer(streamer)


@pytest.fixture
def reach(streamer: Streamer, tmp_path: Path) -> Reach:
    """Give a suite of this machine, whose state is in a folder of the test's own."""
    return Reach(
        http="http://127.0.0.1:8000",
        grpc=streamer.address,
        token=streamer.token,
        people=People(),
        folder=tmp_path,
    )


async def shown(
    reach: Reach, capsys: pytest.CaptureFixture[str], lines: int, **options: Any
) -> list[int]:
    """Run the command until it has printed so many lines; return the sequences in them."""
    said = ""

    def enough() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return said.count("\n") >= lines or running.done()

    running = asyncio.ensure_future(
        TAIL(reach, person="deng.jie", as_json=True, resume=True, **options)
    )
    await eventually(enough)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    said += capsys.readouterr().out
    return [int(json.loads(line)["sequence"]) for line in said.splitlines()]


async def test_over_all_runs_each_alert_is_shown_once(
    reach: Reach, mailer: Mailer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    await mailer.put("deng.jie", count=3)
    assert await shown(reach, capsys, 3) == [1, 2, 3]
    await mailer.put("deng.jie", count=2)
    assert await shown(reach, capsys, 2) == [4, 5]
    kept = json.loads((tmp_path / "alerts" / "deng.jie.json").read_text())
    assert kept["sequence"] >= 4  # the last one may come again: nobody knows who saw it


async def test_what_retention_has_cut_is_said_before_what_is_left(
    reach: Reach, mailer: Mailer, capsys: pytest.CaptureFixture[str]
) -> None:
    await shown(reach, capsys, mailer.head("deng.jie"))
    await mailer.put("deng.jie", count=5)
    await mailer.forget("deng.jie", up_to=mailer.head("deng.jie") - 2)
    head = mailer.head("deng.jie")
    with pytest.MonkeyPatch.context() as patch:
        told: list[str] = []
        patch.setattr("suite.commands.alerts.say", told.append)
        assert await shown(reach, capsys, 2) == [head - 1, head]
    assert "RETENTION" in told[0]
    assert "有缺失" in told[0]


async def test_a_place_and_a_number_to_begin_behind_exclude_each_other(
    reach: Reach,
) -> None:
    with pytest.raises(UsageError, match="leave out --after"):
        await TAIL(reach, person="deng.jie", resume=True, after=3)


async def test_a_refusal_is_one_line_for_whoever_asked(
    reach: Reach, streamer: Streamer, tmp_path: Path
) -> None:
    nobody = Reach(
        http=reach.http,
        grpc=reach.grpc,
        token=lambda _: streamer.token("operator", unit=""),
        people=People(),
        folder=tmp_path,
    )
    with pytest.raises(UsageError, match="无权接收提醒"):
        await TAIL(nobody, person="operator", resume=True)


async def test_a_remote_suite_has_a_folder_of_its_own(reach: Reach) -> None:
    remote = Reach(
        http="https://shuniu.example.org:8443",
        grpc="shuniu.example.org:9000",
        token=reach.token,
        people=People(),
    )
    assert folder_of(remote) == Path(".state/remote/shuniu.example.org%3A8443/alerts")


async def test_the_example_takes_alerts_and_goes_on_in_its_next_run(
    streamer: Streamer, mailer: Mailer, tmp_path: Path
) -> None:
    await mailer.put("jiang.xin", count=2)
    assert [line.split()[1] for line in await run_example(streamer, tmp_path, 2)] == [
        "云政督〔2025〕31号"
    ] * 2
    await mailer.put("jiang.xin")
    assert len(await run_example(streamer, tmp_path, 1)) == 1


async def run_example(streamer: Streamer, folder: Path, lines: int) -> list[str]:
    """Run the example as a department would, until it has said so much and kept its place."""
    paths = f"{ROOT / 'proto'}{os.pathsep}{ROOT / 'clients' / 'python'}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        str(ROOT / "clients" / "python" / "examples" / "consumer.py"),
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": paths,
            "SHUNIU_GRPC": streamer.address,
            "SHUNIU_TOKEN": streamer.token("jiang.xin"),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        said = [(await process.stdout.readline()).decode() for _ in range(lines)]
        await asyncio.sleep(1.0)  # it acknowledges within its delay
        process.terminate()
        rest = (await process.stdout.read()).decode()
        await process.wait()
    return [*said, *rest.splitlines()]


async def test_a_stream_that_broke_leaves_no_call_behind(
    streamer: Streamer, mailer: Mailer
) -> None:
    await mailer.put("wang.lei", count=30)
    async with BreakableLine(streamer.port) as line:
        client = client_of(streamer, "wang.lei", target=line.address)
        async with client:
            for _ in range(5):
                await (await next_alert(client)).done()
                again = line.connections + 1
                await line.cut()
                await line.reached(again)
            gc.collect()
            assert len(calls()) <= 2  # the one that lives, and the one that just ended
    gc.collect()
    assert calls() == []


def calls() -> list[object]:
    """Return the calls that are still in memory."""
    kinds = (grpc.aio.StreamStreamCall,)
    return [each for each in gc.get_objects() if issubclass(type(each), kinds)]
