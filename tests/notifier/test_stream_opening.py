"""Where a stream begins: all of what was missed, or a gap that says so; never a part of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest

from services.notifier.reactions import forget_alerts
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import inbox_pb2
from tests.support.alerts import Client, Process, refused
from tests.support.samples import NOON


async def begun(
    streamer: Process, device: str = "desk", **wanted: Any
) -> tuple[Any, Client]:
    client = await streamer.subscribe("li.juan", device, **wanted)
    return await client.next("opened"), client


async def snapshot(streamer: Process, token: str, size: int = 2) -> list[int]:
    """Return the sequences of all pages of a gap."""
    found: list[int] = []
    while token:
        request = inbox_pb2.SnapshotRequest(token=token, page_size=size)
        metadata = streamer.metadata("li.juan")
        page = await streamer.inbox().Snapshot(request, metadata=metadata)
        assert len(page.alerts) <= size
        found += [alert.sequence for alert in page.alerts]
        token = page.next_token
    return found


async def test_a_new_device_begins_with_the_oldest_alert_that_is_kept(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 2, age_days=40)
    await streamer.tell("li.juan", 2)
    await forget_alerts(streamer.running.parts)
    opened, client = await begun(streamer)
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_RESUMED
    assert (opened.oldest_sequence, opened.acked_sequence) == (3, 2)
    assert await client.sequences(2) == [3, 4]


async def test_who_begins_now_is_told_of_nothing_before(streamer: Process) -> None:
    await streamer.tell("li.juan", 2)
    opened, client = await begun(streamer, now=True)
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_FROM_NOW
    await streamer.tell("li.juan")
    assert await client.sequences(1) == [3]


async def test_who_keeps_a_place_begins_behind_it(streamer: Process) -> None:
    await streamer.tell("li.juan", 3)
    epoch = streamer.running.parts.store.epoch
    opened, client = await begun(streamer, cursor=pb.Cursor(epoch=epoch, sequence=2))
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_RESUMED
    assert await client.sequences(1) == [3]
    opened, _ = await begun(streamer, cursor=pb.Cursor(epoch=epoch, sequence=3))
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_NOTHING_MISSED
    ahead = await streamer.subscribe("li.juan", cursor=pb.Cursor(epoch=epoch, sequence=4))
    assert await ahead.gone() is grpc.StatusCode.OUT_OF_RANGE


async def test_who_names_a_time_begins_with_the_first_alert_of_it_or_later(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 2, age_days=3)
    await streamer.tell("li.juan", 2)
    opened, client = await begun(streamer, since_time=NOON)
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_RESUMED
    assert await client.sequences(2) == [3, 4]
    _, client = await begun(streamer, "other", since_time={"seconds": 0})
    assert await client.sequences(4) == [1, 2, 3, 4]
    _, client = await begun(streamer, "third", since_time={"seconds": 4_000_000_000})
    await client.silent(seconds=0.2)


async def test_what_retention_took_is_named_and_the_rest_is_answered_by_the_snapshot(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 3, age_days=40)
    _, client = await begun(streamer)
    await client.alerts(3)
    await client.ack(1)
    await client.close()
    await streamer.tell("li.juan", 3)
    await forget_alerts(streamer.running.parts)
    for _ in range(2):  # until the gap is dealt with
        opened, client = await begun(streamer)
        assert opened.outcome == pb.SUBSCRIBE_OUTCOME_GAP
        gap = await client.next("gap")
        assert not client.others
        assert (gap.from_sequence, gap.to_sequence) == (2, 6)
        assert gap.reason == pb.GAP_REASON_RETENTION
        assert await snapshot(streamer, gap.snapshot_token) == [4, 5, 6]
        await client.close()
    opened, client = await begun(streamer)
    await streamer.tell("li.juan")
    assert await client.sequences(1) == [7]
    await client.ack(0, 6)
    await client.call.done_writing()
    assert await client.gone() is grpc.StatusCode.OK
    opened, client = await begun(streamer)
    assert (opened.outcome, opened.acked_sequence) == (pb.SUBSCRIBE_OUTCOME_RESUMED, 6)
    assert await client.sequences(1) == [7]


async def test_retention_under_a_paused_stream_is_a_gap_as_well(streamer: Process) -> None:
    _, client = await begun(streamer, "desk")
    await client.send(credit=pb.SubscribeCredit(messages=0))
    await client.send(probe=pb.SubscribeProbe(nonce=1))
    await client.next("probe_reply")
    await streamer.tell("li.juan", 2, age_days=40)
    await streamer.tell("li.juan", 1)
    await forget_alerts(streamer.running.parts)
    await client.send(credit=pb.SubscribeCredit(messages=10))
    gap = await client.next("gap")
    assert (gap.from_sequence, gap.to_sequence) == (1, 3)
    assert await snapshot(streamer, gap.snapshot_token) == [3]
    await streamer.tell("li.juan")
    assert await client.sequences(1) == [4]


async def test_what_an_operator_removed_is_a_gap_of_its_own_kind(streamer: Process) -> None:
    await streamer.tell("li.juan", 4)
    await streamer.rows("delete from notifier.mailbox where sequence = 2")
    _, client = await begun(streamer)
    assert await client.sequences(1) == [1]
    gap = await client.next("gap")
    assert (gap.from_sequence, gap.to_sequence) == (2, 4)
    assert gap.reason == pb.GAP_REASON_ADMIN_PURGE


async def test_a_place_of_another_epoch_is_never_resumed_in_silence(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 3)
    other = pb.Cursor(epoch=str(uuid4()), sequence=2)
    opened, client = await begun(streamer, cursor=other)
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_NEW_EPOCH
    gap = await client.next("gap")
    assert (gap.from_sequence, gap.to_sequence) == (1, 3)
    assert gap.reason == pb.GAP_REASON_EPOCH
    assert await snapshot(streamer, gap.snapshot_token) == [1, 2, 3]
    await streamer.rows("update notifier.place set epoch = 'restored', acked = 2")
    opened, client = await begun(streamer)
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_NEW_EPOCH
    await client.next("gap")
    await client.ack(3)
    await client.call.done_writing()
    await client.gone()
    opened, _ = await begun(streamer)
    assert opened.outcome == pb.SUBSCRIBE_OUTCOME_NOTHING_MISSED


async def test_a_token_that_no_gap_gave_is_refused(streamer: Process) -> None:
    for token in ("", "garbage", "é", "MXx4fDF8MnwxfDA", "A" * 500):
        answer = streamer.inbox().Snapshot(
            inbox_pb2.SnapshotRequest(token=token), metadata=streamer.metadata("li.juan")
        )
        code, details = await refused(answer)
        expected = grpc.StatusCode.INVALID_ARGUMENT
        if token.startswith("MX"):  # well-formed, of another epoch
            expected = grpc.StatusCode.FAILED_PRECONDITION
        assert code is expected, token
        assert "LocalizedMessage" in details


@pytest.mark.parametrize(
    "wanted",
    [
        {"device": ""},
        {"device": "with space"},
        {"device": "x" * 65},
        {"ack_mode": 99},
        {"ack_scope": 99},
        {"filter": pb.AlertFilter(kinds=["x"] * 51)},
        {"filter": pb.AlertFilter(entity_prefixes=["x" * 101])},
        {"since_time": {"seconds": 2**62}},
    ],
)
async def test_what_cannot_be_meant_is_refused(
    streamer: Process, wanted: dict[str, Any]
) -> None:
    client = await streamer.subscribe("li.juan", **({"device": "desk"} | wanted))
    assert await client.gone() is grpc.StatusCode.INVALID_ARGUMENT


async def test_the_first_frame_is_open_and_only_the_first(streamer: Process) -> None:
    call = streamer.stub().Subscribe(metadata=streamer.metadata("li.juan"))
    client = Client(call)
    await client.ack(1)
    assert await client.gone() is grpc.StatusCode.INVALID_ARGUMENT
    _, client = await begun(streamer)
    await client.send(open=pb.SubscribeOpen(device_id="desk"))
    assert await client.gone() is grpc.StatusCode.INVALID_ARGUMENT
    _, client = await begun(streamer)
    await client.call.write(pb.SubscribeRequest())
    assert await client.gone() is grpc.StatusCode.INVALID_ARGUMENT


async def test_without_a_token_nothing_opens(streamer: Process) -> None:
    for token in ("garbage", streamer.home.token("li.juan", seconds=-60)):
        client = await streamer.subscribe("li.juan", token=token)
        assert await client.gone() is grpc.StatusCode.UNAUTHENTICATED


async def test_an_alert_says_what_it_means_for_those_before_it(streamer: Process) -> None:
    item = uuid4()
    await streamer.tell("li.juan", 2, entity=item)
    await streamer.tell("li.juan", 1, entity=item, kind="matter.completed")
    await streamer.tell("li.juan", 1, severity="critical")
    _, client = await begun(streamer)
    first, second, done, urgent = await client.alerts(4)
    assert [a.state for a in (first, second, done, urgent)] == [
        pb.ALERT_STATE_FIRING,
        pb.ALERT_STATE_UPDATED,
        pb.ALERT_STATE_RESOLVED,
        pb.ALERT_STATE_FIRING,
    ]
    assert first.dedup_key == second.dedup_key != done.dedup_key
    assert first.group_key == second.group_key == done.group_key == f"matter/{item}"
    kept = first.expires_at.ToDatetime(tzinfo=UTC) - datetime.now(UTC)  # noqa: TID251 it is kept by machine time
    assert timedelta(days=29) < kept <= timedelta(days=30)
    assert urgent.requires_acknowledge
    assert not first.requires_acknowledge
