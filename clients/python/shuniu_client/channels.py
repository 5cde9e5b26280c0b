"""How the client reaches the notifier: the channel and its options.

The options' exact names are tested: gRPC ignores one that it does not know.
"""

from collections.abc import Sequence

import grpc

OPTIONS: Sequence[tuple[str, int | str]] = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.ping_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.dns_min_time_between_resolutions_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 500),  # waiting between streams is our own
    ("grpc.min_reconnect_backoff_ms", 5_000),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.use_local_subchannel_pool", 1),  # a new channel is a new connection
    ("grpc.enable_retries", 0),
    ("grpc.service_config", '{"loadBalancingConfig":[{"round_robin":{}}]}'),
)


def open_channel(
    target: str, credentials: grpc.ChannelCredentials | None
) -> grpc.aio.Channel:
    """Return a channel to *target*, over TLS where *credentials* are given."""
    if credentials is None:
        return grpc.aio.insecure_channel(target, options=list(OPTIONS))
    return grpc.aio.secure_channel(target, credentials, options=list(OPTIONS))
