"""The servers beside ours: `python -m tests.benchmarks.alert_server bare|defaults`.

`bare` is the floor: a loop of grpc.aio that writes each alert it is given on its standard input
to the stream of whom it is for; nothing is stored, checked or sent again. `defaults` is our
service on gRPC's default options.
"""

import asyncio
import sys
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import grpc
import uvloop

from chassis.calendars import load_calendar
from chassis.clock import SystemClock
from chassis.collecting import settle
from chassis.database import open_pool
from chassis.keys import StoredKeyRing
from chassis.log.kafka import KafkaLog
from chassis.rpc import open_server
from chassis.rpc.server import OPTIONS
from chassis.service import Duties, open_service
from chassis.settings import Settings
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.hosting import SERVICES
from tests.benchmarks.alert_processes import answer, questions

SERVICE = "shuniu.notifier.v1.AlertStream"


class Bare:
    """Writes what it is given to whoever listens, under the name that they open with."""

    def __init__(self) -> None:
        self.queues: dict[str, asyncio.Queue[pb.SubscribeResponse]] = {}
        self.sequence = 0

    async def subscribe(self, _: Any, context: Any) -> None:
        """Stream, and read acknowledgements without a thought."""
        who = dict(context.invocation_metadata())["authorization"].removeprefix("Bearer ")
        await context.read()
        queue = self.queues[who] = asyncio.Queue()
        opened = pb.SubscribeOpened(session_id=str(uuid4()), subscriber=who, epoch="bare")
        opened.granted.ack_deadline.FromSeconds(30)
        opened.granted.progress_interval.FromSeconds(600)  # it says nothing between alerts
        await context.write(pb.SubscribeResponse(opened=opened))
        reading = asyncio.create_task(self._read(context))
        try:
            while True:
                await context.write(await queue.get())
        finally:
            reading.cancel()

    async def _read(self, context: Any) -> None:
        with suppress(Exception):
            while await context.read() is not grpc.aio.EOF:
                pass

    def give(self, people: list[str], key: str) -> None:
        """Queue an alert of the size of ours."""
        self.sequence += 1
        alert = pb.Alert(
            alert_id=str(uuid4()),
            sequence=self.sequence,
            kind="matter.to_handle",
            entity=pb.EntityRef(type="matter", id=key, number="云政督〔2025〕31号"),
            title_zh="云政督〔2025〕31号由你经办，办理期限5月9日18:00",
            title_en="You handle 云政督〔2025〕31号, due 5月9日18:00",
            args={"number": "云政督〔2025〕31号", "unit": "water", "organ": "gov"},
            source=pb.AlertSource(event_type="shuniu.supervision.v1.HandlerNamed"),
            dedup_key=f"matter.to_handle/matter/{key}",
            group_key=f"matter/{key}",
            attempt=1,
        )
        frame = pb.SubscribeResponse(alerts=pb.SubscribeAlerts(items=[alert]))
        for who in people:
            self.queues[who].put_nowait(frame)


async def bare() -> None:
    """Serve the floor."""
    servicer = Bare()
    server = grpc.aio.server(options=list(OPTIONS))
    called = grpc.stream_stream_rpc_method_handler(
        servicer.subscribe,
        request_deserializer=pb.SubscribeRequest.FromString,
        response_serializer=pb.SubscribeResponse.SerializeToString,
    )
    handler = grpc.method_handlers_generic_handler(SERVICE, {"Subscribe": called})
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    settle()
    answer(port=port)
    async for question in questions():
        servicer.give(question["people"], question["key"])
    await server.stop(0)


async def defaults() -> None:
    """Serve the notifier's streams with no options but those that a test needs."""
    settings = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own
    keys = await open_pool(settings.dsn("keys"), 2)
    running = await open_service(
        SERVICES["notifier"],
        settings,
        log=KafkaLog(settings.kafka_bootstrap_servers),
        clock=SystemClock(),
        keys=StoredKeyRing(keys),
        shared={"calendar": load_calendar(None, None, zone=settings.tz)},
        duties=Duties(works=False),
    )
    server, port = await open_server("127.0.0.1", 0, running.rpc, options=())
    settle()
    answer(port=port, at=time.time())
    async for _ in questions():
        pass
    await server.stop(0)
    await running.stop()
    await keys.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run({"bare": bare, "defaults": defaults}[sys.argv[1]]())
