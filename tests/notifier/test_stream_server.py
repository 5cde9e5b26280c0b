"""The server's options do what they are there for: an unknown name would do nothing, in silence."""

import asyncio
from collections.abc import Sequence

import grpc

from chassis.rpc.server import OPTIONS
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from tests.support.alerts import QUICK, Client, Mailboxes, Process

PINGS_OFTEN: Sequence[tuple[str, int]] = (
    ("grpc.keepalive_time_ms", 1_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.keepalive_permit_without_calls", 1),
)
STORM = 600


def with_option(name: str, value: int | None) -> list[tuple[str, int]]:
    """Return the server's options with one of them changed, None leaving it out."""
    assert name in dict(OPTIONS)
    others = [option for option in OPTIONS if option[0] != name]
    return others if value is None else [*others, (name, value)]


async def outlives_pings(process: Process) -> bool:
    """Say whether a stream of a client that pings every second lives for eight."""
    async with grpc.aio.insecure_channel(process.address, options=PINGS_OFTEN) as channel:
        client = await process.subscribe("li.juan", channel=channel)
        await client.next("opened")
        try:
            code = await asyncio.wait_for(client.gone(), 8)
        except TimeoutError:
            return True
        finally:
            await client.close()
        assert code is grpc.StatusCode.UNAVAILABLE
        return False


async def test_the_interval_of_pings_that_are_borne_is_the_one_that_is_set(
    mailboxes: Mailboxes,
) -> None:
    name = "grpc.http2.min_ping_interval_without_data_ms"
    async with mailboxes.process(QUICK, with_option(name, 200)) as process:
        assert await outlives_pings(process)
    async with mailboxes.process(QUICK, with_option(name, 60_000)) as process:
        assert not await outlives_pings(process)


async def test_age_and_its_grace_end_a_stream_that_stays(mailboxes: Mailboxes) -> None:
    aged = [
        option for option in OPTIONS if not option[0].startswith("grpc.max_connection_age")
    ]
    aged += [("grpc.max_connection_age_ms", 500), ("grpc.max_connection_age_grace_ms", 300)]
    async with mailboxes.process(QUICK, aged) as process:
        client = await process.subscribe("li.juan")
        await client.next("opened")
        assert await client.gone() is grpc.StatusCode.UNAVAILABLE


async def test_a_storm_of_streams_is_answered_to_the_last(mailboxes: Mailboxes) -> None:
    async with mailboxes.process(QUICK) as process:
        metadata = process.metadata("li.juan")
        clients = [
            Client(process.stub().Subscribe(metadata=metadata)) for _ in range(STORM)
        ]
        process.clients += clients

        async def opened(number: int, client: Client) -> str:
            wanted = pb.SubscribeOpen(device_id=f"d{number}")
            await client.send(open=wanted)
            return str((await client.next("opened", 60)).session_id)

        found = await asyncio.gather(*(opened(*one) for one in enumerate(clients)))
        assert len(set(found)) == STORM
