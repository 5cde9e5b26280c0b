"""Ports of 127.0.0.1 for servers, apart from those that others take."""

import contextlib
import random
import socket

HOST = "127.0.0.1"
PORTS = range(10_000, 20_000)  # below the suite's, and those lent to outgoing connections


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on just now."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError(f"there are no {count} free ports from {PORTS[0]} to {PORTS[-1]}")
