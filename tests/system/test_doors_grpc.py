"""The gRPC door: everybody their own mailbox, from where they left off, whoever else dawdles."""

import asyncio
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from chassis.rpc.server import MAX_MESSAGE_BYTES, OPTIONS
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb
from tests.support.office import assigned, matter_of, open_series, registered
from tests.support.suite import Suite

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICE = "shuniu.notifier.v1.AlertStream"
WAIT_SECONDS = 10.0
QUIET_SECONDS = 0.4
STALLED, FLOODED = 12, 800
FLOOD = """
with one as (
    select a, h.head from notifier.mailbox m join notifier.alert a using (alert_id)
    join notifier.head h using (subscriber) where m.subscriber = $1 limit 1
), alerts as (
    insert into notifier.alert
    select (jsonb_populate_record(a, jsonb_build_object('alert_id', gen_random_uuid()))).*
    from one, generate_series(1, $2) returning alert_id
), mailboxes as (
    insert into notifier.mailbox (subscriber, sequence, alert_id, on_behalf_of)
    select $1, head + row_number() over (), alert_id, '' from alerts, one
)
update notifier.head set head = head + $2 where subscriber = $1
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def channel(suite: Suite) -> AsyncIterator[grpc.aio.Channel]:
    """Give a channel, and mailboxes with something in them: 邓洁 and 蒋欣 have four alerts."""
    await open_series(suite, "documents", "收")
    await open_series(suite, "supervision", "云政督")
    for _ in range(4):
        await told(suite)
    async with suite.channel() as channel:
        yield channel


async def told(suite: Suite) -> None:
    """Assign another matter: its two units' liaisons are told of it."""
    await assigned(suite, await matter_of(suite, await registered(suite)))
    await suite.settled()


def tail(
    channel: grpc.aio.Channel, token: str | None, after: int = 0, *, from_now: bool = False
) -> Any:
    metadata = (("authorization", f"Bearer {token}"),) if token is not None else ()
    request = pb.TailRequest(after_sequence=after, from_now=from_now)
    return grpc_pb.AlertStreamStub(channel).Tail(request, metadata=metadata)


async def read(call: Any, until: str = "progress") -> list[Any]:
    """Return the frames up to the first of the kind *until*."""
    frames: list[Any] = []
    async with asyncio.timeout(WAIT_SECONDS):
        while not frames or frames[-1].WhichOneof("kind") != until:
            frames.append(await call.read())
    return frames


async def sequences(call: Any) -> list[int]:
    frames = await read(call)
    return [frame.alert.sequence for frame in frames if frame.HasField("alert")]


async def refused(call: Any) -> tuple[grpc.StatusCode, str, Any]:
    """Return the status that *call* ends with, its words, and its `google.rpc.ErrorInfo`."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async with asyncio.timeout(WAIT_SECONDS):
            await call.read()
    status = rpc_status.from_call(caught.value)
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return caught.value.code(), status.message, info


async def test_without_a_token_that_proves_who_calls_nothing_is_told(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    forged = [
        suite.forged(exp=1),
        suite.forged(aud="somebody-else"),
        suite.forged(iss="https://elsewhere.example"),
        "garbage",
        None,
    ]
    for token in forged:
        code, words, info = await refused(tail(channel, token))
        assert code is grpc.StatusCode.UNAUTHENTICATED
        assert (info.reason, info.domain) == ("ALERTS_READ", "shuniu")
        assert words
        assert token is None or token not in words


async def test_who_belongs_to_no_unit_is_denied_and_that_is_recorded(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    before = await suite.audited("notifier", "AccessDenied")
    for _ in range(2):
        code, _words, info = await refused(tail(channel, suite.token("operator")))
        assert (code, info.reason) == (grpc.StatusCode.PERMISSION_DENIED, "ALERTS_READ")
    entries = (await suite.audited("notifier", "AccessDenied"))[len(before) :]
    assert [(e["subject"], e["action"]) for e in entries] == [("operator", "alerts.read")]


async def test_everybody_is_shown_their_own_mailbox_opened_first_and_in_order(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    heads = {}
    for person in ("deng.jie", "jiang.xin", "shen.fang", "sun.li"):
        call = tail(channel, suite.token(person))
        opened, *others, progress = await read(call)
        call.cancel()
        assert opened.WhichOneof("kind") == "opened"
        assert opened.opened.subscriber == person
        heads[person] = opened.opened.head_sequence
        alerts = [frame.alert for frame in others]
        assert [alert.sequence for alert in alerts] == [*range(1, heads[person] + 1)]
        assert progress.progress.sequence == heads[person]
        assert progress.progress.HasField("server_time")
        assert opened.opened.oldest_sequence == 1
        kinds = {alert.kind for alert in alerts}
        if person in {"deng.jie", "jiang.xin"}:
            assert kinds == {"matter.assigned"}
        rows = await suite.rows(
            "notifier",
            "select alert_id from notifier.mailbox where subscriber = $1",
            person,
        )
        assert {alert.alert_id for alert in alerts} == {
            str(row["alert_id"]) for row in rows
        }
    assert heads["shen.fang"] == 0
    assert heads["deng.jie"] == heads["jiang.xin"] == 4


async def test_who_resumes_after_a_sequence_gets_each_alert_once(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    token = suite.token("deng.jie")
    whole = await sequences(tail(channel, token))
    for after in range(len(whole) + 1):
        assert await sequences(tail(channel, token, after)) == whole[after:]
    seen: list[int] = []
    for _ in whole:  # a client whose line drops after every alert
        call = tail(channel, token, seen[-1] if seen else 0)
        seen.append((await read(call, until="alert"))[-1].alert.sequence)
        call.cancel()
    assert seen == whole


async def test_who_begins_now_is_told_of_what_comes_and_of_nothing_before(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    call = tail(channel, suite.token("deng.jie"), after=1, from_now=True)
    opened, progress = await read(call)
    head = opened.opened.head_sequence
    assert progress.progress.sequence == head
    await told(suite)
    alert, progress = await read(call)
    call.cancel()
    assert alert.alert.sequence == head + 1 == progress.progress.sequence


async def test_a_sequence_ahead_of_the_mailbox_is_of_another_one(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    token = suite.token("shen.fang")
    for after in (1, 2**63, 2**64 - 1):
        code, _words, info = await refused(tail(channel, token, after))
        assert (code, info.reason) == (grpc.StatusCode.OUT_OF_RANGE, "ALERTS_SEQUENCE")


async def test_who_does_not_read_holds_up_nobody_else(suite: Suite) -> None:
    await suite.rows("notifier", FLOOD, "jiang.xin", FLOODED)
    jiang_xin, deng_jie = suite.token("jiang.xin"), suite.token("deng.jie")
    async with suite.channel() as slow, suite.channel() as quick:
        # Opened, and then never read from: more waits for each than the line holds.
        stalled = [tail(slow, jiang_xin) for _ in range(STALLED)]
        await asyncio.sleep(QUIET_SECONDS)
        call = tail(quick, deng_jie, from_now=True)
        await read(call)
        await told(suite)
        frames = await read(call)
        assert [frame.WhichOneof("kind") for frame in frames] == ["alert", "progress"]
        seen = await sequences(tail(quick, jiang_xin))
        assert seen == [*range(1, len(seen) + 1)]
        assert len(seen) > FLOODED
        for one in [*stalled, call]:
            one.cancel()


async def test_reflection_and_health_answer_without_a_token(
    channel: grpc.aio.Channel,
) -> None:
    probe = health_pb2_grpc.HealthStub(channel)
    for name in ("", SERVICE):
        answer = await probe.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    answers = [answer async for answer in stub.ServerReflectionInfo(iter([request]))]
    listed = {s.name for s in answers[0].list_services_response.service}
    assert {SERVICE, "grpc.health.v1.Health"} <= listed


async def test_every_option_of_the_server_is_one_that_grpc_knows() -> None:
    spec = find_spec("grpc._cython.cygrpc")
    assert spec is not None
    assert spec.origin is not None
    library = await asyncio.to_thread(Path(spec.origin).read_bytes)
    for name, _value in OPTIONS:  # an unknown name would be ignored without a word
        assert name.encode() + b"\0" in library, name


async def test_a_message_that_is_too_large_is_refused(
    suite: Suite, channel: grpc.aio.Channel
) -> None:
    raw: Any = channel.unary_stream(f"/{SERVICE}/Tail")
    metadata = (("authorization", f"Bearer {suite.token('deng.jie')}"),)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await raw(b"\xff" * (MAX_MESSAGE_BYTES + 1), metadata=metadata).read()
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
