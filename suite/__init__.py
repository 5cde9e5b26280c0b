"""The suite: every service in one process, the demo, and the `shuniu` command."""

import os

# gRPC reads it once, while it is imported. Where root runs a suite, PostgreSQL is started by a
# plain fork as another user: gRPC's fork handlers would run in that child, without its threads.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
