"""How far a place was read since it was taken, and whether it may have become another."""

import time
from dataclasses import dataclass, field

from chassis.consumer.offsets import Step, identity
from chassis.log import Place, Received

SILENT_SECONDS = 1.0


@dataclass(slots=True)
class Reading:
    """How far a place was applied. Taken anew, it is another reading."""

    place: Place
    next: int
    resets: int
    last_id: str | None
    # The last fetch that brought anything, and the one before it.
    _fetched: float = field(default_factory=time.monotonic)
    _before: float = field(default_factory=time.monotonic)

    def over(self, record: Received) -> Step:
        """Return the step that takes everything up to *record*."""
        return Step(self.place, self.next, record.offset + 1, identity(record))

    def went(self, step: Step) -> None:
        """Go on from where *step*, which was taken, ends."""
        self.next, self.last_id = step.after, step.last_id or self.last_id

    def spoke(self) -> bool:
        """Note a fetch that brought something; return whether the log is to be looked at again.

        A topic can be deleted, made again and filled beyond our next record before the log's
        client hears of it: what it brings then would hide what it passed over. What a fetch
        brings was read after the fetch before had ended, so that this is all the time that
        there was for it.
        """
        silent = self.rests
        self._before, self._fetched = self._fetched, time.monotonic()
        return silent

    @property
    def rests(self) -> bool:
        """Whether the log would have to be looked at again if it spoke now."""
        return time.monotonic() - self._before > SILENT_SECONDS

    def looked(self, began: float) -> None:
        """Note that the log was looked at, from *began* (monotonic) on: that is as good as a fetch."""
        self._before = self._fetched = began
