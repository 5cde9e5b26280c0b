"""Who calls."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """A person, or another system, as its token says.

    *clearance* is the rank of the highest secrecy level they may see (保密法 2024 art 14):
    0 none, 1 secret, 2 highly secret, 3 top secret. *expires_at* is when the token stops to
    prove anything, in Unix seconds.
    """

    subject: str
    organ: str
    unit: str
    roles: frozenset[str]
    clearance: int = 0
    expires_at: float = math.inf


class UnauthenticatedError(Exception):
    """There is no token, or it proves nothing (HTTP 401, gRPC UNAUTHENTICATED)."""

    def __init__(self, reason: str, zh: str) -> None:
        super().__init__(reason)
        self.zh = zh


class DeniedError(Exception):
    """No policy permits it, or one forbids it (HTTP 403, gRPC PERMISSION_DENIED)."""

    def __init__(self, action: str, policy: str | None) -> None:
        super().__init__(f"{action} is not allowed for you here")
        self.action = action
        self.policy = policy
