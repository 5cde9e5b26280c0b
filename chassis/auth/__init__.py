"""Who calls, and what they may do: bearer tokens, one `Caller`, Cedar policies, default deny."""

from chassis.auth.caller import Caller, DeniedError, UnauthenticatedError
from chassis.auth.guard import ACTION, Guard, allows
from chassis.auth.tokens import TokenVerifier

__all__ = [
    "ACTION",
    "Caller",
    "DeniedError",
    "Guard",
    "TokenVerifier",
    "UnauthenticatedError",
    "allows",
]
