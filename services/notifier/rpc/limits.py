"""What a process of streams allows: bounds of what is asked for, and of all streams together."""

import random
from dataclasses import dataclass

from google.rpc import code_pb2

from chassis.rpc import RefusedRpcError
from chassis.rpc.server import CONNECTION_AGE_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """A figure that a client may ask for; 0 is the default."""

    least: float
    most: float
    default: float

    def grant(self, asked: float) -> float:
        """Return what is granted."""
        return min(max(asked, self.least), self.most) if asked > 0 else self.default


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """All the figures in one place; times are seconds."""

    messages: Bounds = Bounds(least=1, most=1_024, default=128)
    bytes: Bounds = Bounds(least=4_096, most=1_048_576, default=262_144)
    ack_deadline: Bounds = Bounds(least=10, most=600, default=30)
    progress: Bounds = Bounds(least=5, most=60, default=15)
    batch: Bounds = Bounds(least=1, most=200, default=50)
    lease: Bounds = Bounds(least=1, most=600, default=30)
    streams: int = 10_000
    streams_a_subscriber: int = 100
    opens_a_second: float = 1_000
    opens_at_once: int = 1_000
    connection_age: float = CONNECTION_AGE_SECONDS
    write: float = 20.0
    open_within: float = 10.0
    flush: float = 1.0
    sweep: float = 1.0
    sweep_unhinted: float = 0.05
    streams_drained_a_second: float = 500


class Admission:
    """Lets streams open at a rate, so that a mass return does not fall on the database."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tokens = float(limits.opens_at_once)
        self._filled = 0.0

    def admit(self, open_now: int, now: float) -> None:
        """Take one stream in. Raises `RefusedRpcError`, which says when to try again."""
        limits = self._limits
        passed = now - self._filled
        self._filled = now
        self._tokens = min(
            self._tokens + passed * limits.opens_a_second, float(limits.opens_at_once)
        )
        if open_now < limits.streams and self._tokens >= 1:
            self._tokens -= 1
            return
        raise crowded()


def crowded() -> RefusedRpcError:
    """Return the refusal of one stream too many."""
    return RefusedRpcError(
        code_pb2.RESOURCE_EXHAUSTED,
        "alerts.limit",
        "too many streams just now: try again later, or at another process",
        "当前连接过多，请稍后重试。",
        retry_after=random.uniform(1.0, 5.0),  # noqa: S311 spreads load, keeps no secret
    )
