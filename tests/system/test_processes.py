"""Each service in a process of its own: what a part serves, and commands across a restart."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from typing import cast

import grpc
import httpx
import pytest
import pytest_asyncio

from chassis.log.embedded import EmbeddedLog
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb
from suite.client import Client
from suite.driver import Driver
from suite.issuer import OPERATOR
from suite.local import Local, grounded
from suite.processes import Processes, running
from suite.spread import spread
from tests.support.cli import shuniu
from tests.support.postgres import Postgres
from tests.support.scene import sample, settings_on

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

AFTER_A_FORK = """
import asyncio, os
import suite.hosting
import grpc

async def main():
    server = grpc.aio.server()
    server.add_insecure_port("127.0.0.1:0")
    await server.start()
    for _ in range(20):  # what gRPC has to say of a fork, it says on standard error
        if not (child := os.fork()):
            os._exit(0)
        os.waitpid(child, 0)
    await server.stop(None)

asyncio.run(main())
"""
SERIES = {"organ": "gov", "mark": "收", "year": 2025, "last": 416}
EVENTS = "/documents/admin/v1/events"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spread_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Local, Processes]]:
    """Give a suite in processes of its own, on the embedded log: that needs no Kafka."""
    folder = tmp_path_factory.mktemp("spread")
    with Postgres() as postgres:
        settings = settings_on(postgres, folder / "keys", log="embedded")
        async with (
            grounded(settings, folder / "keys") as ground,
            running(settings, folder / "logs") as processes,
        ):
            await ground.clock.begin(sample().steps[0].at)
            local = spread(ground, EmbeddedLog(settings.dsn("log")), processes)
            yield local, processes


async def alerts(local: Local, port: int) -> pb.TailResponse:
    token = (("authorization", f"Bearer {local.ground.issuer.token('sun.li')}"),)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = grpc_pb.AlertStreamStub(channel).Tail(pb.TailRequest(), metadata=token)
        try:
            return cast("pb.TailResponse", await call.read())
        finally:
            call.cancel()


async def test_the_streamer_serves_alerts_and_probes_and_nothing_else(
    spread_out: tuple[Local, Processes],
) -> None:
    local, processes = spread_out
    streamer = processes.programs["notifier-streamer"]
    opened = await alerts(local, streamer.grpc_port)
    assert opened.opened.subscriber == "sun.li"
    async with httpx.AsyncClient(base_url=streamer.http) as client:
        for probe in ("/healthz", "/readyz", "/metrics"):
            assert (await client.get(probe)).is_success, probe
        assert (await client.get("/notifier/admin/v1/lag")).status_code == 404


async def test_the_decider_serves_http_and_no_alerts(
    spread_out: tuple[Local, Processes],
) -> None:
    local, processes = spread_out
    decider = processes.programs["notifier-decider"]
    assert local.addresses["notifier"] == decider.http
    async with local.client() as client:
        lag = await client.get(OPERATOR, "/notifier/admin/v1/lag")
    assert {"chain", "digests"} <= {follower["name"] for follower in lag["followers"]}
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await alerts(local, decider.grpc_port)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_command_given_while_its_service_restarts_is_done_once(
    spread_out: tuple[Local, Processes], how: signal.Signals
) -> None:
    local, processes = spread_out
    body = SERIES | {"mark": f"收{how.value}"}
    async with local.client() as client:
        restart = asyncio.create_task(processes.restart("documents", how))
        keyed = {"key": f"series-{how.name}"}
        done = await asyncio.gather(
            *(client.post(OPERATOR, "/documents/v1/series", body, **keyed) for _ in "123")
        )
        await restart
        assert done[0] == done[1] == done[2]
        opened = await client.get(OPERATOR, EVENTS, type="series.Opened", limit=200)
    streams = [event["stream"] for event in opened]
    assert len(streams) == len(set(streams))


async def test_who_is_away_is_not_at_rest_and_without_patience_a_call_fails(
    spread_out: tuple[Local, Processes],
) -> None:
    local, processes = spread_out
    async with Client(local.addresses, local.ground.issuer.token) as hasty:
        looked = local.looked(hasty)
        await processes.kill("documents")
        assert [place.name for place in looked if await place.lag() is None] == [
            "documents"
        ]
        with pytest.raises(httpx.ConnectError):
            await hasty.get(OPERATOR, "/documents/admin/v1/lag")
        settled = asyncio.create_task(Driver(local.ground.clock, looked).settle())
        await asyncio.sleep(0.2)
        assert not settled.done()
        await processes.restart("documents")
        assert all(lag.idle for lag in await settled)


async def test_a_part_that_a_service_does_not_have_is_refused() -> None:
    words = ("serve", "documents", "--part", "streamer")
    done = await asyncio.to_thread(shuniu, *words)
    assert done.returncode == 2
    assert done.stderr == (
        "shuniu: documents has no part streamer: run it without --part\n"
    )


async def test_grpc_leaves_the_forks_alone_by_which_servers_are_started() -> None:
    kept = {k: v for k, v in os.environ.items() if k != "GRPC_ENABLE_FORK_SUPPORT"}
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", AFTER_A_FORK),
        env=kept | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await started.communicate()
    assert (started.returncode, said) == (0, b"")
