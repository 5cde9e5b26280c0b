"""The notifier's gRPC doors. They need its database, and nothing of who is told what."""

from chassis.parts import Parts
from chassis.rpc import RpcService
from services.notifier.rpc.inbox import Inbox
from services.notifier.rpc.limits import Limits
from services.notifier.rpc.servicer import AlertStream
from services.notifier.rpc.streams import Streams
from shuniu.notifier.v1 import alert_stream_pb2_grpc as stream_pb
from shuniu.notifier.v1 import inbox_pb2_grpc as inbox_pb

__all__ = ["Limits", "rpc"]


def rpc(parts: Parts, limits: Limits | None = None) -> list[RpcService]:
    """Return the notifier's gRPC services."""
    streams = Streams(parts, limits or Limits())
    return [
        RpcService(
            "shuniu.notifier.v1.AlertStream",
            AlertStream(parts, streams),
            stream_pb.add_AlertStreamServicer_to_server,
            streams.drain,
        ),
        RpcService(
            "shuniu.notifier.v1.Inbox",
            Inbox(parts, streams),
            inbox_pb.add_InboxServicer_to_server,
        ),
    ]
