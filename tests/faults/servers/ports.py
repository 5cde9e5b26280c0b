"""Ports of 127.0.0.1 for servers, apart from those that others take."""

from suite import processes

HOST = processes.HOST
PORTS = range(10_000, 20_000)  # below the suite's, and those lent to outgoing connections


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on just now."""
    return processes.free_ports(count, PORTS)
