"""The window: never more in flight than the client can bear, in alerts and in bytes."""

import asyncio

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import Process

KILOBYTES_OF_TEXT = "x" * 3_000


async def test_no_more_is_in_flight_than_was_granted(streamer: Process) -> None:
    await streamer.tell("li.juan", 10)
    client = await streamer.subscribe("li.juan", max_in_flight=3)
    assert (await client.next("opened")).granted.max_in_flight == 3
    assert await client.sequences(3) == [1, 2, 3]
    await client.silent()
    await client.ack(2)
    assert await client.sequences(2) == [4, 5]
    await client.silent()


async def test_figures_out_of_bounds_are_brought_into_them(streamer: Process) -> None:
    client = await streamer.subscribe(
        "li.juan",
        max_in_flight=5_000,
        max_in_flight_bytes=1,
        ack_deadline={"seconds": 10_000},
        progress_interval={"seconds": 300},
        max_batch=9_999,
    )
    granted = (await client.next("opened")).granted
    assert granted.max_in_flight == 1_024
    assert granted.max_in_flight_bytes == 4_096
    assert granted.ack_deadline.seconds == 600
    assert granted.progress_interval.seconds == 60
    assert granted.max_batch == 200
    default = await streamer.subscribe("li.juan", "other")
    granted = (await default.next("opened")).granted
    assert (granted.max_in_flight, granted.max_in_flight_bytes) == (128, 262_144)
    assert (granted.ack_deadline.seconds, granted.progress_interval.seconds) == (30, 15)


async def test_bytes_are_bounded_too_and_what_is_larger_goes_alone(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 4, note=KILOBYTES_OF_TEXT)
    client = await streamer.subscribe("li.juan", max_in_flight_bytes=4_096)
    assert await client.sequences(1) == [1]
    await client.silent()
    await client.ack(1)
    assert await client.sequences(1) == [2]
    await streamer.tell("li.juan", 1, note=KILOBYTES_OF_TEXT * 2)
    for sequence in (2, 3, 4):
        await client.ack(sequence)
        assert await client.sequences(1) == [sequence + 1]


async def test_a_credit_of_nothing_pauses_and_more_goes_on(streamer: Process) -> None:
    client = await streamer.subscribe("li.juan")
    await client.next("progress")
    await client.send(credit=pb.SubscribeCredit(messages=0))
    await asyncio.sleep(0.1)
    await streamer.tell("li.juan", 5)
    await client.silent()
    await client.send(credit=pb.SubscribeCredit(messages=2))
    assert await client.sequences(2) == [1, 2]
    await client.send(credit=pb.SubscribeCredit(messages=5))
    assert await client.sequences(3) == [3, 4, 5]
    await client.send(credit=pb.SubscribeCredit(messages=2_000))
    assert (await client.next("rejected")).code == pb.REJECTION_CODE_MALFORMED


async def test_a_paused_client_is_told_how_much_waits(streamer: Process) -> None:
    interval = {"nanos": 200_000_000}
    client = await streamer.subscribe("li.juan", progress_interval=interval)
    await client.next("progress")
    await client.send(credit=pb.SubscribeCredit(bytes=0))
    await asyncio.sleep(0.1)
    await streamer.tell("li.juan", 4)
    async with asyncio.timeout(5):
        while (progress := await client.next("progress")).backlog == 0:
            pass
    assert (progress.sequence, progress.backlog) == (0, 4)
    assert progress.HasField("server_time")


async def test_a_frame_holds_no_more_than_was_asked_and_fits(streamer: Process) -> None:
    await streamer.tell("li.juan", 7)
    client = await streamer.subscribe("li.juan", max_batch=3)
    frames = [await client.next("alerts") for _ in range(3)]
    assert [len(frame.items) for frame in frames] == [3, 3, 1]
    assert [frame.more for frame in frames] == [True, True, False]
    await streamer.tell("xu.bo", 8, note="y" * 60_000)
    big = await streamer.subscribe("xu.bo", max_in_flight_bytes=1_048_576)
    sizes: list[tuple[int, int]] = []
    while sum(count for count, _ in sizes) < 8:
        frame = await big.next("alerts")
        sizes.append((len(frame.items), frame.ByteSize()))
    assert len(sizes) > 1
    assert all(size <= 262_144 for _, size in sizes)


async def test_a_filter_chooses_and_progress_covers_what_it_left_out(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 1, kind="matter.assigned")
    await streamer.tell("li.juan", 1, kind="deadline.overdue", severity="warning")
    await streamer.tell("li.juan", 1, kind="deadline.approaching", severity="reminder")
    chosen = pb.AlertFilter(
        kinds=["deadline.*"],
        min_severity=pb.SEVERITY_WARNING,
        entity_prefixes=["matter/"],
    )
    client = await streamer.subscribe("li.juan", filter=chosen)
    assert await client.sequences(1) == [2]
    assert (await client.next("progress")).sequence == 3
    await client.ack(3)
    nothing = pb.AlertFilter(entity_prefixes=["petition/"])
    other = await streamer.subscribe("li.juan", "other", filter=nothing)
    assert (await other.next("progress")).sequence == 3
    assert not any(frame.HasField("alerts") for frame in other.others)
