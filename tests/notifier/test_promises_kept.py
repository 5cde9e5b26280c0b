"""The eight words, judged over what recording clients wrote down beside a real notifier."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb
from shuniu_client import MemoryPlace
from shuniu_client.channels import open_channel
from tests.notifier.validators.figures import at_least_once, fair
from tests.notifier.validators.log import Arrived, Ended, Entry, Named, Retried, Stuck, read
from tests.notifier.validators.words import WORDS
from tests.support.line import BreakableLine
from tests.support.postgres import Postgres
from tests.support.recording import Mailer, Recorder
from tests.support.service import eventually
from tests.support.streaming import Streamer, streamer_on
from tests.support.subscribing import client_of, handling, next_alert

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEADLINE = 10.0
AT_MOST = 1.0  # a machine that runs tests is busy; a stuck subscriber would cost far more


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
def recorder() -> Recorder:
    """Give what writes down."""
    return Recorder()


async def judge(
    recorder: Recorder, mailer: Mailer, path: Path, stuck: Sequence[Entry] = ()
) -> None:
    """Write the log, read it again as anybody could, and hold every word against it."""
    recorder.log([*await mailer.truth(), *stuck]).write(path / "log.jsonl")
    log = await asyncio.to_thread(read, path / "log.jsonl")
    assert log.of(Arrived)
    breaches = {name: word(log) for name, word in WORDS.items()}
    breaches["At-least-once"] = at_least_once(log, DEADLINE)
    if stuck:
        breaches["Fair"] = fair(log, AT_MOST)
    assert not any(breaches.values()), {k: v[:5] for k, v in breaches.items() if v}


async def test_in_normal_traffic(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    people = ["deng.jie", "jiang.xin", "shen.fang"]
    async with contextlib.AsyncExitStack() as stack:
        finished = {
            who: await stack.enter_async_context(
                handling(
                    client_of(streamer, who, name=who, recorder=recorder), recorder, who
                )
            )
            for who in people
        }
        for _ in range(30):
            await mailer.put(*people, count=7)
        await eventually(
            lambda: all(len(finished[who]) == mailer.head(who) for who in people)
        )
    assert all(came == [*range(1, 211)] for came in finished.values())
    await judge(recorder, mailer, tmp_path)


async def test_over_many_connections(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    place = MemoryPlace()
    for run in range(8):
        await mailer.put("sun.li", count=12)
        client = client_of(streamer, "sun.li", recorder=recorder, place=place)
        async with client:
            for number in range(9):
                delivery = await next_alert(client)
                if number % 3:  # one of three is left for the next run
                    await delivery.done()
        recorder.ended("one", f"run {run}", asked=True)
    async with handling(
        client_of(streamer, "sun.li", recorder=recorder, place=place), recorder, "one"
    ):
        await mailer.put("sun.li")
        await eventually(lambda: place_of(place) == mailer.head("sun.li"))
    await judge(recorder, mailer, tmp_path)


def place_of(place: MemoryPlace) -> int:
    cursor = place.cursor
    return cursor.sequence if cursor else 0


async def test_where_streams_are_killed(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    async with BreakableLine(streamer.port) as line:
        client = client_of(streamer, "wang.lei", recorder=recorder, target=line.address)
        async with handling(client, recorder, "one") as finished:
            for _ in range(10):
                await mailer.put("wang.lei", count=40)
                await asyncio.sleep(0.1)
                await line.cut()
            await eventually(lambda: len(finished) == 400, within=30)
    assert finished == [*range(1, 401)]
    assert line.connections > 2
    await judge(recorder, mailer, tmp_path)


async def test_where_the_server_is_restarted(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    client = client_of(streamer, "tang.yong", recorder=recorder)
    async with handling(client, recorder, "one") as finished:
        for run in (1, 2):
            await mailer.put("tang.yong", count=30)
            await asyncio.sleep(0.2)
            await streamer.stop()
            await mailer.put("tang.yong", count=30)
            await streamer.start()
            await eventually(partial(has, finished, 60 * run), within=30)
    assert finished == [*range(1, 121)]
    assert next(e for e in recorder.entries if isinstance(e, Ended)).status == "DRAIN"
    await judge(recorder, mailer, tmp_path)


def has(came: list[int], count: int) -> bool:
    return len(came) == count


async def test_beside_a_frozen_client(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    healthy = ["li.juan", "liu.min", "luo.hai"]
    async with contextlib.AsyncExitStack() as stack:
        for who in healthy:
            client = client_of(streamer, who, name=who, recorder=recorder)
            await stack.enter_async_context(handling(client, recorder, who))
        line = await stack.enter_async_context(BreakableLine(streamer.port))
        frozen = client_of(
            streamer, "gao.yan", name="frozen", recorder=recorder, target=line.address
        )
        finished = await stack.enter_async_context(handling(frozen, recorder, "frozen"))
        await mailer.put("gao.yan", count=5)
        await eventually(lambda: len(finished) == 5)
        await mailer.trickle(*healthy)
        line.freeze()
        began = time.time()
        for _ in range(5):
            await mailer.put("gao.yan", count=200)
            await mailer.trickle(*healthy)
        stuck = Stuck(began, time.time(), "gao.yan")
        line.thaw()
        await eventually(lambda: len(finished) == 1_005, within=60)
    await judge(recorder, mailer, tmp_path, [stuck])


async def test_where_retention_has_cut_the_mailbox(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    await mailer.put("fan.lin", count=30)
    client = client_of(streamer, "fan.lin", recorder=recorder)
    async with client:
        for _ in range(10):
            await (await next_alert(client)).done()
    recorder.ended("one", "closed", asked=True)
    await mailer.forget("fan.lin", up_to=20)
    client = client_of(streamer, "fan.lin", recorder=recorder)
    async with handling(client, recorder, "one") as finished:
        await eventually(lambda: len(finished) == 10)
        await mailer.put("fan.lin", count=5)
        await eventually(lambda: len(finished) == 15)
    assert finished == [*range(21, 36)]
    assert [(e.first, e.last) for e in recorder.entries if isinstance(e, Named)] == [
        (11, 30)
    ]
    await judge(recorder, mailer, tmp_path)


async def test_where_alerts_are_given_back(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    await mailer.put("luo.hai", count=20)
    client = client_of(streamer, "luo.hai", name="backwards", recorder=recorder)
    head = mailer.head("luo.hai")
    finished: set[int] = set()
    async with client:
        while len(finished) < head:
            delivery = await next_alert(client)
            sequence, attempt = delivery.alert.sequence, delivery.alert.attempt
            if sequence % 5 == 0 and attempt < 1 + sequence % 4:
                await delivery.retry_later(seconds=0.1)
            else:
                await delivery.done()
                finished.add(sequence)
    assert any(isinstance(entry, Retried) for entry in recorder.entries)
    await judge(recorder, mailer, tmp_path)


async def test_where_nothing_is_acknowledged_in_time(
    streamer: Streamer, mailer: Mailer, recorder: Recorder, tmp_path: Path
) -> None:
    await mailer.put("zhao.lei", count=3)
    saw = recorder.seeing("deaf")
    async with open_channel(streamer.address, None) as channel:
        call: Any = grpc_pb.AlertStreamStub(channel).Subscribe(
            metadata=(("authorization", f"Bearer {streamer.token('zhao.lei')}"),)
        )
        deadline = Duration(seconds=int(DEADLINE))
        wanted = pb.SubscribeOpen(device_id="deaf", ack_deadline=deadline)
        await said(call, saw, pb.SubscribeRequest(open=wanted))
        again = 0
        while again < 3:
            async with asyncio.timeout(DEADLINE * 2):
                frame = await call.read()
            saw(frame)
            again += sum(alert.redelivered for alert in frame.alerts.items)
        acked = pb.SubscribeAck(up_to_sequence=3)
        await said(call, saw, pb.SubscribeRequest(ack=acked))
        call.cancel()
    await judge(recorder, mailer, tmp_path)


async def said(call: Any, saw: Any, request: pb.SubscribeRequest) -> None:
    saw(request)
    await call.write(request)
