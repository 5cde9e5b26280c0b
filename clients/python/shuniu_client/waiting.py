"""How long to wait before the next stream: what the server asks for, and jitter of our own."""

import random
from dataclasses import dataclass

FIRST_SECONDS = 0.5
MOST_SECONDS = 30.0
MOST_DOUBLINGS = 16


@dataclass(slots=True)
class Backoff:
    """Full jitter: anything up to a limit that doubles with every failure in a row."""

    first: float = FIRST_SECONDS
    most: float = MOST_SECONDS
    failures: int = 0

    def reset(self) -> None:
        """Begin anew: a stream was good."""
        self.failures = 0

    def next(self, asked: float = 0.0) -> float:
        """Return how long to wait now, never less than the server *asked* for."""
        limit = min(self.most, self.first * 2 ** min(self.failures, MOST_DOUBLINGS))
        self.failures += 1
        return asked + random.uniform(0, limit)  # noqa: S311 jitter is no secret
