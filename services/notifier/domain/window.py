"""What one stream has sent and may still send: the bookkeeping of acknowledgements.

Everything at or below `acked` is settled. Beyond it stand the alerts in flight, each leased
until its deadline, and those settled out of order. Times are seconds of any steady clock.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import inf

MOST_ATTEMPTS = 5


class AheadError(Exception):
    """The sequence has not been sent, and is higher than any that has."""


class NotInFlightError(Exception):
    """The alert was never sent here, or is settled."""


@dataclass(kw_only=True, slots=True)
class Flight:
    """One alert that was sent and is not settled, or a *gap* that waits to be dealt with.

    *first* is its sequence, of a gap the first one.
    """

    first: int
    size: int
    attempt: int
    first_sent: float
    due: float
    sent_here: int = 1
    gap: bool = False


@dataclass(kw_only=True, slots=True)
class Window:
    """One stream's window over one mailbox.

    *reached* is where it begins, *head* what a client may know of from earlier streams,
    *attempts* what those have sent, *settled* what was settled beyond the beginning.
    Without *tracked* nothing stays in flight, and only a credit of 0 holds anything back.
    """

    reached: int
    head: int
    messages: int
    bytes: int
    deadline: float
    tracked: bool = True
    attempts: Mapping[int, int] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    flights: dict[int, Flight] = field(default_factory=dict)
    in_bytes: int = 0
    heard: float = 0.0
    _begin: int = 0
    _gaps: int = 0
    _highest: int | None = None

    def __post_init__(self) -> None:
        """Remember where it begins."""
        self._begin = self.reached

    @property
    def acked(self) -> int | None:
        """Everything up to here is settled; None while this stream has settled nothing."""
        if self._highest is None:
            return None
        floor = min((f.first - 1 for f in self.flights.values()), default=self.reached)
        return min(max(floor, 0), max(self._highest, *self.settled, 0))

    @property
    def paused(self) -> bool:
        """Say whether the client wants nothing."""
        return self.messages == 0 or self.bytes == 0

    @property
    def in_flight(self) -> int:
        """How many alerts are unacknowledged."""
        return len(self.flights) - self._gaps

    @property
    def within(self) -> bool:
        """Say whether what is in flight is no more than allowed: the client may cut its credit."""
        count = self.in_flight
        if self.paused or count > self.messages:
            return False
        return self.in_bytes <= self.bytes or count == 1

    def fits(self, size: int) -> bool:
        """Say whether an alert of *size* may be sent: one that is too large goes alone."""
        if self.paused:
            return False
        if not self.tracked:
            return True
        count = self.in_flight
        return count == 0 or (count < self.messages and self.in_bytes + size <= self.bytes)

    def attempt_of(self, sequence: int) -> int:
        """Return which attempt the next sending of *sequence* is."""
        flight = self.flights.get(sequence)
        return (flight.attempt if flight else self.attempts.get(sequence, 0)) + 1

    def send(self, sequence: int, size: int, now: float) -> None:
        """Note that *sequence* goes out for the first time on this stream."""
        self.reached = sequence
        if not self.tracked:
            return
        due = now + self.deadline
        attempt = self.attempt_of(sequence)
        self.flights[sequence] = Flight(
            first=sequence, size=size, attempt=attempt, first_sent=now, due=due
        )
        self.in_bytes += size

    def send_again(self, sequence: int, now: float) -> None:
        """Note that *sequence*, which is in flight, goes out once more."""
        flight = self.flights[sequence]
        flight.attempt += 1
        flight.sent_here += 1
        flight.due = now + self.deadline

    def skip(self, sequence: int) -> None:
        """Pass over what is settled already or not wanted."""
        self.reached = sequence

    def leave_out(self, up_to: int) -> None:
        """Pass over a gap: it is settled when its end is acknowledged."""
        first, self.reached = self.reached + 1, up_to
        if self.tracked:
            self.flights[up_to] = Flight(
                first=first, size=0, attempt=1, first_sent=0, due=inf, gap=True
            )
            self._gaps += 1

    def ack_up_to(self, sequence: int, now: float) -> None:
        """Settle everything up to *sequence*. Raises `AheadError`."""
        self._expect_known(sequence)
        for known in [s for s in self.flights if s <= sequence]:
            self._land(known)
        self.reached = max(self.reached, sequence)
        self._settled(sequence, now)

    def ack(self, sequence: int, now: float) -> None:
        """Settle *sequence*, sent here or by an earlier stream. Raises `AheadError`."""
        self._expect_known(sequence)
        self._land(sequence)
        if sequence > self._begin:
            self._settled(sequence, now)
        else:  # of an earlier stream: it says nothing of what lies around it
            self.settled.add(sequence)
            self.heard = now

    def expire(self, sequence: int) -> None:
        """Settle what the mailbox no longer keeps."""
        self._land(sequence)
        self._settled(sequence, self.heard)

    def extend(self, sequence: int, until: float, now: float) -> None:
        """Lease *sequence* anew. Raises `NotInFlightError`."""
        self._flight(sequence).due = until
        self.heard = now

    def retry(self, sequence: int, at: float, now: float) -> bool:
        """Let *sequence* be sent again at *at*; False where it had its last attempt.

        Raises `NotInFlightError`.
        """
        flight = self._flight(sequence)
        self.heard = now
        if flight.attempt >= MOST_ATTEMPTS:
            return False
        flight.due = at
        flight.first_sent = now  # the client speaks of it: it is not deaf
        return True

    def give_up(self, sequence: int, now: float) -> int:
        """Settle *sequence* by parking it; return its attempts. Raises `NotInFlightError`."""
        attempt = self._flight(sequence).attempt
        self._land(sequence)
        self._settled(sequence, now)
        return attempt

    def due(self, now: float) -> list[int]:
        """Return what is to be sent again by now, or to be parked where `exhausted`."""
        return sorted(s for s, flight in self.flights.items() if flight.due <= now)

    def exhausted(self, sequence: int) -> bool:
        """Say whether *sequence* had its last attempt."""
        return self.flights[sequence].attempt >= MOST_ATTEMPTS

    def unheard(self, sequence: int) -> bool:
        """Say whether *sequence* was sent twice here, and the client said nothing since."""
        flight = self.flights[sequence]
        return flight.sent_here > 1 and self.heard < flight.first_sent

    def next_due(self) -> float:
        """Return when something is to be sent again."""
        return min((flight.due for flight in self.flights.values()), default=inf)

    def beyond(self) -> Collection[int]:
        """Return what is settled beyond `acked`, and forget what lies at or below it."""
        acked = self.acked
        if acked is not None:
            self.settled = {s for s in self.settled if s > acked}
        return self.settled

    def _expect_known(self, sequence: int) -> None:
        if sequence > max(self.reached, self.head):
            raise AheadError

    def _flight(self, sequence: int) -> Flight:
        flight = self.flights.get(sequence)
        if flight is None or flight.gap:
            raise NotInFlightError
        return flight

    def _land(self, sequence: int) -> None:
        flight = self.flights.pop(sequence, None)
        if flight is not None:
            self.in_bytes -= flight.size
            self._gaps -= flight.gap

    def _settled(self, sequence: int, now: float) -> None:
        self.heard = now
        self.settled.add(sequence)
        self._highest = max(self._highest or 0, sequence)
