"""How streams end: announced wherever the server ends them, and nothing is left behind."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from services.notifier.projections.mailbox_acks import Acked, write
from services.notifier.projections.mailbox_places import Device
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import QUICK, Client, Mailboxes, Process
from tests.support.service import eventually

ACKED = "select acked from notifier.place"


async def ends(client: Client, reason: pb.GoAwayReason.ValueType) -> pb.SubscribeGoAway:
    """Expect the server to announce the end, and then to end with OK."""
    away: pb.SubscribeGoAway = await client.next("go_away")
    assert away.reason == reason
    assert away.retry_after.ToMilliseconds() > 0
    assert await client.gone() is grpc.StatusCode.OK
    return away


async def test_a_device_that_opens_again_replaces_its_older_stream(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 2)
    older = await streamer.subscribe("li.juan")
    await older.alerts(2)
    await older.ack(1)
    await older.send(probe=pb.SubscribeProbe(nonce=1))
    await older.next("probe_reply")
    newer = await streamer.subscribe("li.juan")
    opened = await newer.next("opened")
    assert opened.acked_sequence == 1
    away = await ends(older, pb.GO_AWAY_REASON_REPLACED)
    assert away.resume_cursor == pb.Cursor(epoch=opened.epoch, sequence=1)
    assert await newer.sequences(1) == [2]


async def test_a_device_that_opens_at_another_process_replaces_its_older_stream(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process() as one, mailboxes.process() as other:
        older = await one.subscribe("li.juan")
        await older.next("progress")
        newer = await other.subscribe("li.juan")
        await newer.next("progress")
        await ends(older, pb.GO_AWAY_REASON_REPLACED)


async def test_an_old_stream_cannot_move_the_acknowledgements_of_a_newer_one(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 3)
    client = await streamer.subscribe("li.juan")
    await client.next("opened")
    store = streamer.running.parts.store
    token = await store.pool.fetchval("select token from notifier.device")
    zombie = Device(subscriber="li.juan", device="desk", place="desk", token=token - 1)
    lost = await write(store.pool, store.epoch, [Acked(device=zombie, acked=3)])
    assert lost == {zombie}
    assert [row["acked"] for row in await streamer.rows(ACKED)] == [0]
    live = replace(zombie, token=token)
    assert not await write(store.pool, store.epoch, [Acked(device=live, acked=3)])
    assert [row["acked"] for row in await streamer.rows(ACKED)] == [3]


async def test_before_its_token_expires_a_stream_asks_for_another(
    streamer: Process,
) -> None:
    token = streamer.home.token("li.juan", seconds=2)
    client = await streamer.subscribe("li.juan", token=token)
    await client.next("opened")
    await ends(client, pb.GO_AWAY_REASON_AUTH_EXPIRING)


async def test_tail_ends_with_its_token(streamer: Process) -> None:
    token = streamer.home.token("li.juan", seconds=1)
    metadata = (("authorization", f"Bearer {token}"),)
    call = streamer.stub().Tail(pb.TailRequest(), metadata=metadata)
    async with asyncio.timeout(5):
        kinds = [frame.WhichOneof("kind") async for frame in call]
    assert kinds[0] == "opened"
    assert await call.code() is grpc.StatusCode.OK


async def test_a_server_that_shuts_down_says_so_to_every_stream(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process() as process:
        await process.tell("li.juan", 2)
        clients = [await process.subscribe("li.juan", f"d{n}") for n in range(5)]
        for client in clients:
            await client.alerts(2)
            await client.ack(2)
            await client.send(probe=pb.SubscribeProbe(nonce=1))
            await client.next("probe_reply")
        stopping = asyncio.create_task(process.server.stop(1.0))
        for client in clients:
            await ends(client, pb.GO_AWAY_REASON_DRAIN)
        await stopping
        assert {row["acked"] for row in await process.rows(ACKED)} == {2}


async def test_before_its_connection_is_too_old_a_stream_may_go_elsewhere(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process(replace(QUICK, connection_age=1.0)) as process:
        client = await process.subscribe("li.juan")
        await client.next("opened")
        await ends(client, pb.GO_AWAY_REASON_REBALANCE)


async def test_a_process_takes_no_more_streams_than_it_may(mailboxes: Mailboxes) -> None:
    async with mailboxes.process(replace(QUICK, streams=2)) as process:
        for device in ("one", "two"):
            await (await process.subscribe("li.juan", device)).next("opened")
        client = await process.subscribe("li.juan", "three")
        assert await client.gone() is grpc.StatusCode.RESOURCE_EXHAUSTED
        await process.clients[0].close()
        await eventually(lambda: len(process.streams.sessions) == 1)
        await (await process.subscribe("li.juan", "three")).next("opened")


async def test_who_comes_with_everybody_else_is_told_when_to_come_again(
    mailboxes: Mailboxes,
) -> None:
    limits = replace(QUICK, opens_at_once=3, opens_a_second=0.001)
    async with mailboxes.process(limits) as process, AsyncExitStack() as stack:
        codes = []
        for n in range(6):
            client = Client(process.stub().Subscribe(metadata=process.metadata("li.juan")))
            stack.push_async_callback(client.close)
            with_open = pb.SubscribeRequest(open=pb.SubscribeOpen(device_id=f"d{n}"))
            try:
                await client.call.write(with_open)
                await client.next("opened", 2)
            except (grpc.aio.AioRpcError, AssertionError, asyncio.InvalidStateError):
                codes.append(await client.call.code())
                details = await client.call.trailing_metadata()
                assert "grpc-status-details-bin" in dict(details)
        assert codes == [grpc.StatusCode.RESOURCE_EXHAUSTED] * 3
        retry = error_details_pb2.RetryInfo()
        fault = grpc.aio.AioRpcError(
            codes[0], details, details, details=await client.call.details()
        )
        packed = rpc_status.from_call(fault).details
        assert any(detail.Unpack(retry) for detail in packed)
        assert retry.retry_delay.ToMilliseconds() >= 1_000


async def test_a_subscriber_with_too_many_streams_loses_the_oldest(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process(replace(QUICK, streams_a_subscriber=2)) as process:
        oldest = await process.subscribe("li.juan", "d0")
        await oldest.next("opened")
        for device in ("d1", "d2"):
            await (await process.subscribe("li.juan", device)).next("opened")
        await ends(oldest, pb.GO_AWAY_REASON_LIMIT)


async def test_who_opens_and_says_nothing_is_let_go(mailboxes: Mailboxes) -> None:
    async with mailboxes.process(replace(QUICK, open_within=0.3)) as process:
        client = Client(process.stub().Subscribe(metadata=process.metadata("li.juan")))
        process.clients.append(client)
        assert await client.gone() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_streams_of_one_device_that_open_at_once_leave_the_newest(
    streamer: Process,
) -> None:
    clients = [await streamer.subscribe("li.juan") for _ in range(5)]
    await eventually(lambda: len(streamer.streams.sessions) == 1)
    await asyncio.sleep(0.3)
    (session,) = streamer.streams.sessions.values()
    newest = await streamer.rows("select token from notifier.device")
    assert [session.device.token] == [row["token"] for row in newest]
    ended = [client for client in clients if client.call.done()]
    assert len(ended) == 4


async def test_a_probe_is_answered_by_what_sends_alerts(streamer: Process) -> None:
    client = await streamer.subscribe("li.juan")
    await client.send(probe=pb.SubscribeProbe(nonce=2**64 - 1))
    reply = await client.next("probe_reply")
    assert reply.nonce == 2**64 - 1
    assert reply.loop_lag_ms < 1_000


async def test_who_takes_nothing_is_let_go_and_holds_up_nobody(
    mailboxes: Mailboxes,
) -> None:
    limits = replace(QUICK, write=0.5)
    async with mailboxes.process(limits) as process:
        for _ in range(6):
            await process.tell("li.juan", 50, note="z" * 20_000)
        await process.tell("xu.bo", 1)
        options = [("grpc.http2.lookahead_bytes", 16_384), ("grpc.http2.bdp_probe", 0)]
        async with grpc.aio.insecure_channel(process.address, options=options) as channel:
            call = process.stub(channel).Subscribe(metadata=process.metadata("li.juan"))
            wanted = pb.SubscribeOpen(device_id="frozen", ack_mode=pb.ACK_MODE_NONE)
            await call.write(pb.SubscribeRequest(open=wanted))
            await eventually(lambda: len(process.streams.sessions) == 1)
            healthy = await process.subscribe("xu.bo")
            assert await healthy.sequences(1) == [1]
            await eventually(lambda: len(process.streams.sessions) == 1)
            await process.tell("xu.bo", 1)
            assert await healthy.sequences(1) == [2]
            call.cancel()


async def test_a_stream_that_ends_leaves_nothing_behind(streamer: Process) -> None:
    def running() -> set[str]:
        return {t.get_name() for t in asyncio.all_tasks() if "notifier:" in t.get_name()}

    for _ in range(3):
        client = await streamer.subscribe("li.juan")
        await client.next("progress")
        assert running()
        await client.close()
        call = streamer.stub().Tail(pb.TailRequest(), metadata=streamer.metadata("li.juan"))
        assert (await call.read()).HasField("opened")
        call.cancel()
        await eventually(lambda: streamer.streams.idle)
        assert not running()
        (device,) = await streamer.rows("select closed_at from notifier.device")
        assert device["closed_at"] is not None
