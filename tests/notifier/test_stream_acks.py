"""Acknowledgements: what is settled never comes again, everything else does."""

import grpc

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import Process, refused
from tests.support.service import eventually

ACKED = "select acked from notifier.place where subscriber = $1 and device = $2"


async def acked(streamer: Process, at: int, device: str = "desk") -> None:
    """Wait until it is written down that everything up to *at* is acknowledged."""

    async def reached() -> bool:
        rows = await streamer.rows(ACKED, "li.juan", device)
        return bool(rows) and rows[0]["acked"] == at

    await eventually(reached)


async def test_opened_comes_first_then_alerts_in_order_then_progress(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 3)
    client = await streamer.subscribe("li.juan")
    opened = await client.next("opened")
    assert not client.others
    assert (opened.head_sequence, opened.oldest_sequence, opened.acked_sequence) == (
        3,
        1,
        0,
    )
    assert opened.subscriber == "li.juan"
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_RESUMED
    assert await client.sequences(3) == [1, 2, 3]
    progress = await client.next("progress")
    assert (progress.sequence, progress.backlog) == (3, 0)


async def test_what_is_acknowledged_up_to_a_sequence_does_not_come_again(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 5)
    client = await streamer.subscribe("li.juan")
    await client.alerts(5)
    await client.ack(3)
    await client.ack(3)
    await client.ack(2)
    await acked(streamer, 3)
    client.call.cancel()
    again = await streamer.subscribe("li.juan")
    assert (await again.next("opened")).acked_sequence == 3
    alerts = await again.alerts(2)
    assert [(a.sequence, a.attempt, a.redelivered) for a in alerts] == [
        (4, 2, True),
        (5, 2, True),
    ]


async def test_what_was_said_right_before_the_end_is_written_down(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 4)
    client = await streamer.subscribe("li.juan")
    await client.alerts(4)
    await client.ack(4)
    await client.call.done_writing()
    assert await client.gone() is grpc.StatusCode.OK
    again = await streamer.subscribe("li.juan")
    opened = await again.next("opened")
    assert opened.acked_sequence == 4
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_NOTHING_MISSED


async def test_single_alerts_acknowledged_out_of_order_stay_so_over_streams(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 5)
    client = await streamer.subscribe("li.juan", ack_mode=pb.ACK_MODE_PER_ALERT)
    await client.alerts(5)
    await client.ack(0, 1, 3, 5)
    await acked(streamer, 1)
    client.call.cancel()
    again = await streamer.subscribe("li.juan", ack_mode=pb.ACK_MODE_PER_ALERT)
    assert await again.sequences(2) == [2, 4]
    await again.ack(0, 2, 4)
    await acked(streamer, 5)


async def test_up_to_is_rejected_where_single_alerts_are_acknowledged(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 2)
    client = await streamer.subscribe("li.juan", ack_mode=pb.ACK_MODE_PER_ALERT)
    await client.alerts(2)
    await client.ack(2)
    rejected = await client.next("rejected")
    assert (rejected.sequence, rejected.code) == (2, pb.REJECTION_CODE_WRONG_MODE)


async def test_a_late_ack_counts_on_a_later_stream_of_the_device(streamer: Process) -> None:
    await streamer.tell("li.juan", 3)
    client = await streamer.subscribe("li.juan")
    await client.alerts(3)
    client.call.cancel()
    again = await streamer.subscribe("li.juan", max_in_flight=1)
    await again.next("opened")
    await again.ack(3)
    await acked(streamer, 3)


async def test_a_bad_ack_is_rejected_in_both_languages_and_the_stream_goes_on(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan")
    client = await streamer.subscribe("li.juan")
    await client.alerts(1)
    await client.ack(9)
    rejected = await client.next("rejected")
    assert (rejected.sequence, rejected.code) == (9, pb.REJECTION_CODE_AHEAD_OF_SENT)
    assert rejected.detail_zh
    assert rejected.detail_en
    await client.send(nack=pb.SubscribeNack(sequences=[9], action=pb.NACK_ACTION_SKIP))
    assert (await client.next("rejected")).code == pb.REJECTION_CODE_NOT_IN_FLIGHT
    await client.send(nack=pb.SubscribeNack(sequences=[1]))
    assert (await client.next("rejected")).code == pb.REJECTION_CODE_MALFORMED
    await client.send(ack=pb.SubscribeAck(sequences=[1] * 1025))
    assert (await client.next("rejected")).code == pb.REJECTION_CODE_MALFORMED
    await streamer.tell("li.juan")
    assert await client.sequences(1) == [2]


async def test_each_device_acknowledges_for_itself_unless_they_share(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 2)
    first = await streamer.subscribe("li.juan", "desk")
    await first.alerts(2)
    await first.ack(2)
    await acked(streamer, 2)
    other = await streamer.subscribe("li.juan", "phone")
    assert await other.sequences(2) == [1, 2]
    one = await streamer.subscribe("li.juan", "tablet", ack_scope=pb.ACK_SCOPE_SUBSCRIBER)
    await one.alerts(2)
    await one.ack(2)
    await acked(streamer, 2, "")
    another = await streamer.subscribe(
        "li.juan", "watch", ack_scope=pb.ACK_SCOPE_SUBSCRIBER
    )
    assert (await another.next("opened")).acked_sequence == 2


async def test_acks_and_nacks_are_taken_without_a_stream(streamer: Process) -> None:
    await streamer.tell("li.juan", 4)
    stub, who = streamer.stub(), streamer.metadata("li.juan")
    early = pb.AckRequest(device_id="desk", epoch="none")
    code, details = await refused(stub.Ack(early, metadata=who))
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    assert "LocalizedMessage" in details
    client = await streamer.subscribe("li.juan")
    epoch = (await client.next("opened")).epoch
    await client.alerts(4)
    client.call.cancel()
    request = pb.AckRequest(device_id="desk", epoch=epoch)
    request.ack.up_to_sequence = 1
    request.ack.sequences.extend([3, 3])
    for _ in range(2):
        assert (await stub.Ack(request, metadata=who)).acked_sequence == 1
    request.ack.up_to_sequence = 9
    code, _ = await refused(stub.Ack(request, metadata=who))
    assert code is grpc.StatusCode.OUT_OF_RANGE
    parks = pb.NackRequest(device_id="desk", epoch=epoch)
    parks.nack.sequences.extend([2, 2])  # said twice, it is said once
    parks.nack.action = pb.NACK_ACTION_PARK
    await stub.Nack(parks, metadata=who)
    again = await streamer.subscribe("li.juan")
    assert await again.sequences(1) == [4]


async def test_what_is_acknowledged_elsewhere_is_not_sent_again(streamer: Process) -> None:
    await streamer.tell("li.juan", 2)
    client = await streamer.subscribe("li.juan", ack_deadline={"nanos": 300_000_000})
    epoch = (await client.next("opened")).epoch
    await client.alerts(2)
    request = pb.AckRequest(device_id="desk", epoch=epoch)
    request.ack.up_to_sequence = 2
    await streamer.stub().Ack(request, metadata=streamer.metadata("li.juan"))
    await client.silent(seconds=0.8)
