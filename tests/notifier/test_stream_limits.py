"""Nobody takes more of a process than their part, or from another device what it keeps."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import pytest

from services.notifier.projections.mailbox_places import (
    MOST_DEVICES,
    Device,
    closed,
    opened,
)
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import QUICK, Client, Mailboxes, Process
from tests.support.service import eventually


async def test_tails_are_bounded_as_streams_are(mailboxes: Mailboxes) -> None:
    async with mailboxes.process(replace(QUICK, streams_a_subscriber=2)) as process:

        async def tail(person: str) -> Any:
            call = process.stub().Tail(pb.TailRequest(), metadata=process.metadata(person))
            await call.read()
            return call

        calls = [await tail("li.juan"), await tail("li.juan")]
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await tail("li.juan")
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        calls.append(await tail("sun.li"))
        for call in calls:
            call.cancel()
        await eventually(lambda: process.streams.idle)
        (await tail("li.juan")).cancel()


async def test_a_process_counts_tails_among_its_streams(mailboxes: Mailboxes) -> None:
    async with mailboxes.process(replace(QUICK, streams=1)) as process:
        who = process.metadata("li.juan")
        call = process.stub().Tail(pb.TailRequest(), metadata=who)
        assert (await call.read()).HasField("opened")
        client = Client(process.stub().Subscribe(metadata=process.metadata("sun.li")))
        process.clients.append(client)
        assert await client.gone() is grpc.StatusCode.RESOURCE_EXHAUSTED
        call.cancel()


async def test_what_one_device_filters_out_is_never_acknowledged_for_the_others(
    streamer: Process,
) -> None:
    narrow = pb.AlertFilter(min_severity=pb.SEVERITY_CRITICAL)
    shared = await streamer.subscribe(
        "li.juan", ack_scope=pb.ACK_SCOPE_SUBSCRIBER, filter=narrow
    )
    assert await shared.gone() is grpc.StatusCode.INVALID_ARGUMENT
    own = await streamer.subscribe("li.juan", filter=narrow)
    assert await own.next("opened")
    silent = await streamer.subscribe(
        "li.juan",
        "screen",
        ack_scope=pb.ACK_SCOPE_SUBSCRIBER,
        ack_mode=pb.ACK_MODE_NONE,
        filter=narrow,
    )
    assert await silent.next("opened")


async def test_devices_that_come_and_go_push_out_none_that_is_open(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 3)
    client = await streamer.subscribe("li.juan", "desk")
    await client.alerts(3)
    pool, epoch = streamer.running.parts.store.pool, streamer.running.parts.store.epoch
    for number in range(MOST_DEVICES + 5):
        device = Device(subscriber="li.juan", device=f"d{number}", place=f"d{number}")
        token, _ = await opened(
            pool, device, epoch, session_id=uuid4(), node="n", version=""
        )
        await closed(pool, replace(device, token=token))
    rows = await streamer.rows("select device from notifier.device")
    assert len(rows) == MOST_DEVICES
    await client.ack(3)

    async def written() -> bool:
        query = "select acked from notifier.place where device = 'desk'"
        return [row["acked"] for row in await streamer.rows(query)] == [3]

    await eventually(written)
