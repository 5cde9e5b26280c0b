"""gRPC doors: a server with health and reflection, and one way in for every RPC."""

from chassis.rpc.doors import RpcService, guarded
from chassis.rpc.server import open_server

__all__ = ["RpcService", "guarded", "open_server"]
