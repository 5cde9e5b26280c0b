"""What an append can run into. None of these is a rule of the office."""


class StaleVersionError(Exception):
    """The item is no longer at the version that the caller decided on (HTTP 412)."""

    def __init__(self, current: int) -> None:
        super().__init__(
            f"the item is at version {current} now: read it again, then decide"
        )
        self.current = current


class ConflictError(Exception):
    """Others kept changing the item while we tried (HTTP 409, worth trying again)."""


class DifferentRequestError(Exception):
    """The idempotency key was used before, for a different request (HTTP 422)."""


class ForgottenCommandError(DifferentRequestError):
    """The command was executed long ago: its events are stored, its outcome is forgotten."""
