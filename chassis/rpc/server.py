"""One process's gRPC server. The options' exact names are tested: unknown ones are ignored."""

import asyncio
from collections.abc import Sequence

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis.rpc.doors import RpcService
from chassis.rpc.reading import Reading

MAX_MESSAGE_BYTES = 262_144
CONNECTION_AGE_SECONDS = 1_800
OPTIONS: Sequence[tuple[str, int]] = (
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.ping_timeout_ms", 10_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.max_connection_age_ms", CONNECTION_AGE_SECONDS * 1_000),
    ("grpc.max_connection_age_grace_ms", 30_000),  # without it the age ends no stream
    ("grpc.max_concurrent_streams", 1_000),
    ("grpc.server.max_pending_requests", 20_000),
    ("grpc.server.max_pending_requests_hard_limit", 50_000),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
)


class Server:
    """A started server, whose streams are asked to end before it stops."""

    def __init__(
        self,
        server: grpc.aio.Server,
        services: Sequence[RpcService],
        probe: health.aio.HealthServicer,
    ) -> None:
        self._server = server
        self._services = services
        self._probe = probe

    async def stop(self, grace: float) -> None:
        """Take no new calls, let every service end its streams, and then stop."""
        await self._probe.enter_graceful_shutdown()
        await asyncio.gather(*(service.drain() for service in self._services))
        await self._server.stop(grace)


async def open_server(
    host: str,
    port: int,
    services: Sequence[RpcService],
    options: Sequence[tuple[str, int]] = OPTIONS,
) -> tuple[Server, int]:
    """Start a server for *services*, with health and reflection; return it and its port.

    Raises `OSError` when the port is taken.
    """
    server = grpc.aio.server(options=list(options), interceptors=[Reading()])
    names = [health.SERVICE_NAME, reflection.SERVICE_NAME]
    probe = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(probe, server)
    for service in services:
        service.add(service.servicer, server)
        names.append(service.name)
        await probe.set(service.name, health_pb2.HealthCheckResponse.SERVING)
    reflection.enable_server_reflection(names, server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError as error:
        raise OSError(f"port {port} is taken") from error
    await server.start()
    return Server(server, services, probe), bound
