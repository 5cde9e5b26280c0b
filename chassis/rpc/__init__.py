"""gRPC doors: a server with health and reflection, and one way in for every RPC."""

from chassis.rpc.doors import RefusedRpcError, RpcService, guarded, guarded_call
from chassis.rpc.server import Server, open_server

__all__ = [
    "RefusedRpcError",
    "RpcService",
    "Server",
    "guarded",
    "guarded_call",
    "open_server",
]
