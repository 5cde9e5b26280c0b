"""What an application is given: alerts one by one, and gaps where some are lost."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client.ledger import Return, Way


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert, in hand until one of its methods is called. None of them waits for the line.

    An alert that stays in hand for too long, or whose process dies, comes again.
    """

    alert: pb.Alert
    _finish: Callable[[int], None]
    _give_back: Callable[[int, Return], None]

    @property
    def redelivered(self) -> bool:
        """Whether it was sent before: what it leads to may be done already."""
        return self.alert.redelivered

    async def done(self) -> None:
        """Say that it was handled: it does not come again."""
        self._finish(self.alert.sequence)

    async def retry_later(self, seconds: float = 0.0, reason: str = "") -> None:
        """Ask for it again, after *seconds*; the server parks it after five attempts."""
        self._give_back(self.alert.sequence, Return(Way.RETRY, seconds, reason))

    async def skip(self, reason: str = "") -> None:
        """Leave it: it counts as acknowledged."""
        self._give_back(self.alert.sequence, Return(Way.SKIP, reason=reason))

    async def park(self, reason: str = "") -> None:
        """Leave it to an operator: it does not come again, and stays in the mailbox."""
        self._give_back(self.alert.sequence, Return(Way.PARK, reason=reason))


@dataclass(frozen=True, slots=True)
class Gap:
    """Alerts that are not all there any more: *first* to *last*, both included.

    Say so to whoever relies on them; look at what is `kept`; then it is `done`.
    """

    first: int
    last: int
    reason: str  # RETENTION, EPOCH or ADMIN_PURGE
    _kept: Callable[[], AsyncIterator[pb.Alert]]
    _finish: Callable[[int], None]

    def kept(self) -> AsyncIterator[pb.Alert]:
        """Yield those of its alerts that the mailbox still has, in order, page by page."""
        return self._kept()

    async def done(self) -> None:
        """Say that it was dealt with: it is not named again."""
        self._finish(self.last)


Item = Delivery | Gap
