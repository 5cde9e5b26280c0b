"""The client process: `python -m tests.benchmarks.alert_clients client|raw`.

`client` receives through `shuniu_client`, as an application does; `raw` reads and writes frames
itself, for as many streams as one process can bear. Both note when each alert came.
"""

import asyncio
import sys
import time
from collections import Counter
from typing import Any

import grpc
import uvloop
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from chassis.collecting import settle
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb
from shuniu_client import AlertClient, Delivery
from shuniu_client.channels import open_channel
from tests.benchmarks.alert_processes import answer, questions

OPEN_SECONDS = 60.0
AGAIN_SECONDS = 0.5  # where the server did not say when


class Arrivals:
    """What came, when, and how the streams opened."""

    def __init__(self) -> None:
        self.came: list[tuple[str, float]] = []
        self.opened: dict[str, float] = {}
        self.sessions: set[str] = set()
        self.ends: Counter[str] = Counter()

    def alert(self, alert: pb.Alert) -> None:
        """Note that an alert came."""
        self.came.append((alert.entity.id, time.time()))

    def open(self, who: str, session: str) -> None:
        """Note that a stream is open, for the first time or again."""
        self.opened.setdefault(who, time.time())
        self.sessions.add(session)

    async def awaited(self, count: int, seconds: float) -> list[tuple[str, float]]:
        """Return what came, once it is so much, or so many seconds have passed."""
        until = time.monotonic() + seconds
        while len(self.came) < count and time.monotonic() < until:  # noqa: ASYNC110 many at once
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)  # what comes more often than it should
        came, self.came = self.came, []
        return came


async def handle(who: str, token: str, target: str, arrivals: Arrivals) -> None:
    """Receive as an application does, for ever."""

    def seen(frame: pb.SubscribeRequest | pb.SubscribeResponse) -> None:
        if isinstance(frame, pb.SubscribeResponse) and frame.HasField("opened"):
            arrivals.open(who, frame.opened.session_id)

    def ended(why: str) -> None:
        arrivals.ends[why] += 1

    client = AlertClient(
        target, token=lambda: token, device_id="desk", seen=seen, ended=ended
    )
    async with client:
        async for item in client:
            if isinstance(item, Delivery):
                arrivals.alert(item.alert)
                await item.done()


async def stream(who: str, token: str, channel: Any, arrivals: Arrivals) -> None:
    """Receive frame by frame, for ever; come again when told to, or when it ends."""
    stub = grpc_pb.AlertStreamStub(channel)
    metadata = (("authorization", f"Bearer {token}"),)
    while True:
        call = stub.Subscribe(metadata=metadata)
        pause = AGAIN_SECONDS
        try:
            opening = pb.SubscribeOpen(device_id="desk", last_acked=True)
            await call.write(pb.SubscribeRequest(open=opening))
            while (frame := await call.read()) is not grpc.aio.EOF:
                if frame.HasField("opened"):
                    arrivals.open(who, frame.opened.session_id)
                elif frame.HasField("alerts"):
                    for alert in frame.alerts.items:
                        arrivals.alert(alert)
                    ack = pb.SubscribeAck(up_to_sequence=frame.alerts.items[-1].sequence)
                    await call.write(pb.SubscribeRequest(ack=ack))
        except grpc.aio.AioRpcError as error:
            arrivals.ends[error.code().name] += 1
            pause = asked(error)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            arrivals.ends["CANCELLED"] += 1
        finally:
            call.cancel()
        await asyncio.sleep(pause)


def asked(error: grpc.aio.AioRpcError) -> float:
    """Return how long the server asks to wait."""
    status = rpc_status.from_call(error)
    retry = error_details_pb2.RetryInfo()
    for detail in status.details if status is not None else ():
        if detail.Unpack(retry):
            return float(retry.retry_delay.ToTimedelta().total_seconds())
    return AGAIN_SECONDS


class Clients:
    """All the streams of this process, opened and ended together."""

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._tasks: list[asyncio.Task[None]] = []
        self._channels: list[Any] = []
        self.arrivals = Arrivals()

    async def open(self, target: str, people: list[list[str]], a_channel: int) -> None:
        """Open a stream for each of *people* at once, so many of them to a channel."""
        self.arrivals = Arrivals()
        if self._mode == "raw":
            self._channels = [
                open_channel(target, None) for _ in range(0, len(people), a_channel)
            ]
        began = time.time()
        for n, (who, token) in enumerate(people):
            work = (
                stream(who, token, self._channels[n // a_channel], self.arrivals)
                if self._mode == "raw"
                else handle(who, token, target, self.arrivals)
            )
            self._tasks.append(asyncio.create_task(work))
        until = time.monotonic() + OPEN_SECONDS
        while len(self.arrivals.opened) < len(people) and time.monotonic() < until:  # noqa: ASYNC110 many at once
            await asyncio.sleep(0.01)
        answer(
            took=[at - began for at in self.arrivals.opened.values()],
            sessions=len(self.arrivals.sessions),
            ends=self.arrivals.ends,
        )

    async def close(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(channel.close() for channel in self._channels))
        self._tasks, self._channels = [], []
        answer(closed=True)


async def main(mode: str) -> None:
    """Do what is asked until there is nobody to ask."""
    clients = Clients(mode)
    settle()
    async for question in questions():
        if "people" in question:
            wanted = question["people"], question.get("a_channel", 1)
            await clients.open(question["target"], *wanted)
        elif "count" in question:
            given = question["count"], question["seconds"]
            came = await clients.arrivals.awaited(*given)
            answer(came=came, ends=clients.arrivals.ends)
        else:
            await clients.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
