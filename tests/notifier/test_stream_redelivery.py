"""What is not acknowledged comes again; what nobody can handle is parked; nothing else waits."""

from dataclasses import replace
from typing import Any

from google.protobuf.duration_pb2 import Duration

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import QUICK, Client, Mailboxes, Process
from tests.support.service import eventually

SHORT = Duration(nanos=250_000_000)
PARKED = "select sequence, attempt, reason from notifier.delivery where state = 'parked'"


async def parked(streamer: Process) -> list[Any]:
    """Return what was parked, once something was."""

    async def found() -> list[Any]:
        return [tuple(row) for row in await streamer.rows(PARKED)]

    rows: list[Any] = await eventually(found)
    return rows


async def nack(client: Client, action: Any, *sequences: int, **more: Any) -> None:
    await client.send(nack=pb.SubscribeNack(sequences=sequences, action=action, **more))


async def test_after_its_deadline_an_alert_comes_again_with_the_next_attempt(
    streamer: Process,
) -> None:
    told = await streamer.tell("li.juan", 2)
    client = await streamer.subscribe("li.juan", ack_deadline=SHORT)
    first = await client.alerts(2)
    await client.ack(0, 2)
    (again,) = await client.alerts(1)
    assert (again.sequence, again.attempt, again.redelivered) == (1, 2, True)
    assert again.alert_id == first[0].alert_id == str(told[0])


async def test_after_five_attempts_it_is_parked_and_the_stream_goes_on(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan")
    client = await streamer.subscribe("li.juan", ack_deadline=SHORT)
    attempts = []
    for n in range(5):
        (alert,) = await client.alerts(1)
        attempts.append(alert.attempt)
        await streamer.tell("li.juan")  # handles others meanwhile: it is not deaf
        (other,) = await client.alerts(1)
        await client.ack(0, other.sequence)
        if n < 4:
            await nack(client, pb.NACK_ACTION_RETRY, 1)
    assert attempts == [1, 2, 3, 4, 5]
    ((sequence, attempt, reason),) = await parked(streamer)
    assert (sequence, attempt) == (1, 5)
    assert reason
    await client.silent()
    await streamer.tell("li.juan")
    assert await client.sequences(1) == [7]


async def test_a_retry_waits_as_long_as_was_asked(streamer: Process) -> None:
    await streamer.tell("li.juan")
    client = await streamer.subscribe("li.juan")
    await client.alerts(1)
    await nack(client, pb.NACK_ACTION_RETRY, 1, retry_after={"nanos": 600_000_000})
    await client.silent(seconds=0.3)
    client = await streamer.subscribe("li.juan", "other")
    await client.alerts(1)
    await nack(client, pb.NACK_ACTION_RETRY, 1)
    (again,) = await client.alerts(1, within=1)
    assert again.attempt == 2


async def test_parked_and_skipped_alerts_do_not_come_again(streamer: Process) -> None:
    await streamer.tell("li.juan", 3)
    client = await streamer.subscribe("li.juan")
    await client.alerts(3)
    await nack(client, pb.NACK_ACTION_PARK, 2, reason="cannot be shown")
    await nack(client, pb.NACK_ACTION_SKIP, 3)
    assert await parked(streamer) == [(2, 1, "cannot be shown")]
    client.call.cancel()
    again = await streamer.subscribe("li.juan")
    assert await again.sequences(1) == [1]
    await again.silent()


async def test_a_lease_can_be_extended_while_somebody_works(streamer: Process) -> None:
    await streamer.tell("li.juan")
    client = await streamer.subscribe("li.juan", ack_deadline=SHORT)
    await client.alerts(1)
    extend = pb.SubscribeExtend(sequences=[1], lease=Duration(seconds=5))
    await client.send(extend=extend)
    await client.silent(seconds=0.8)
    await client.send(extend=pb.SubscribeExtend(sequences=[1], lease=Duration(seconds=601)))
    assert (await client.next("rejected")).code == pb.REJECTION_CODE_MALFORMED


async def test_who_says_nothing_after_a_second_sending_is_a_slow_consumer(
    streamer: Process,
) -> None:
    await streamer.tell("li.juan", 3)
    client = await streamer.subscribe("li.juan", ack_deadline=SHORT)
    assert await client.sequences(6) == [1, 2, 3, 1, 2, 3]
    away = await client.next("go_away")
    assert away.reason == pb.GO_AWAY_REASON_SLOW_CONSUMER
    assert away.HasField("retry_after")
    assert away.resume_cursor.sequence == 0
    again = await streamer.subscribe("li.juan")
    alerts = await again.alerts(3)
    assert [(a.sequence, a.attempt) for a in alerts] == [(1, 3), (2, 3), (3, 3)]


async def test_without_acknowledgements_nothing_comes_again(streamer: Process) -> None:
    await streamer.tell("li.juan", 2)
    client = await streamer.subscribe(
        "li.juan", ack_mode=pb.ACK_MODE_NONE, ack_deadline=SHORT
    )
    await client.alerts(2)
    await client.silent(seconds=0.6)
    await client.ack(2)
    assert (await client.next("rejected")).code == pb.REJECTION_CODE_WRONG_MODE


async def test_a_fifth_refusal_parks_at_once_and_that_is_written_down_at_the_end(
    mailboxes: Mailboxes,
) -> None:
    async with mailboxes.process(replace(QUICK, flush=30.0)) as process:
        await process.tell("li.juan")
        client = await process.subscribe("li.juan")
        for attempt in range(1, 6):
            (alert,) = await client.alerts(1)
            assert alert.attempt == attempt
            await nack(client, pb.NACK_ACTION_RETRY, 1)
        await process.tell("li.juan")
        assert await client.sequences(1) == [2]
        await client.ack(2)
        await client.close()
        assert [row[:2] for row in await parked(process)] == [(1, 5)]
