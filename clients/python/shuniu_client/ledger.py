"""The client's bookkeeping: what it holds, what is finished, and what to tell the server.

Pure: no clock, no line. Times are given; a stream is a number that grows with each one.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

ATTEMPTS = 5  # as often the server sends an alert before it parks it
REMEMBERED = 4_096
BEYOND_AT_MOST = 10_000
AT_ONCE = 1_024  # sequences a frame


class NeglectedGapError(Exception):
    """A gap was given to the application, and very many alerts later it is not done."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(
            f"提醒缺口 {first}-{last} 一直未处理：请对 Gap 调用 done()。"
            f"the gap {first}-{last} was never dealt with: call done() on it."
        )


class Held(Enum):
    """Where an alert is that has not been finished."""

    WAITING = auto()  # for the application to take it
    IN_HAND = auto()
    RETURNING = auto()  # the server has not been told yet that it comes back
    RETURNED = auto()  # the server sends it again


class Way(Enum):
    """What is to become of an alert that was not handled."""

    RETRY = auto()
    PARK = auto()
    SKIP = auto()


@dataclass(frozen=True, slots=True)
class Return:
    """An alert that goes back to the server unhandled."""

    way: Way
    after: float = 0.0
    reason: str = ""


@dataclass(slots=True)
class Entry:
    """An alert, or a gap under its last sequence, that has not been finished."""

    first: int
    name: str  # the same over every delivery; of a gap ""
    attempt: int
    stream: int
    state: Held = Held.WAITING
    since: float = 0.0
    back: Return | None = None


@dataclass(slots=True)
class Ledger:
    """One mailbox, as far as this client has come with it."""

    epoch: str = ""
    reached: int = 0  # everything up to here has come, or need not come
    told: int = 0  # the place that the server was told
    held: dict[int, Entry] = field(default_factory=dict)
    beyond: set[int] = field(default_factory=set)  # finished, with something open before it
    single: set[int] = field(default_factory=set)  # finished, and to be told one by one
    names: OrderedDict[str, None] = field(default_factory=OrderedDict)  # finished lately

    @property
    def place(self) -> int:
        """Everything up to here is finished."""
        return min((entry.first - 1 for entry in self.held.values()), default=self.reached)

    def opened(self, epoch: str, after: int, acked: int) -> bool:
        """Begin a stream behind *after*; True where it is another mailbox than before."""
        other = bool(self.epoch) and epoch != self.epoch
        if other:
            self.held.clear()
            self.beyond.clear()
            self.single.clear()
        if other or not self.epoch:
            self.reached = after
        self.epoch = epoch
        self.told = acked
        # Finished, but the server has not heard of it: the line broke before it could.
        self.single |= {sequence for sequence in self.beyond if sequence > acked}
        return other

    def take(self, sequence: int, entry: Entry, *, redelivered: bool) -> bool:
        """Take in an alert that came; True where the application is to have it."""
        before = self.held.get(sequence)
        if before is not None and before.state is not Held.RETURNED:
            # Still here, from this stream or the last: nobody need handle it twice.
            before.attempt, before.stream = entry.attempt, entry.stream
            return False
        known = entry.name in self.names or sequence in self.beyond
        stale = sequence <= self.place and not redelivered and before is None
        self.reached = max(self.reached, sequence)
        if known or stale:
            self.single.add(sequence)
            return False
        self.held[sequence] = entry
        return True

    def gap(self, first: int, last: int, stream: int) -> bool:
        """Take in a gap; True where the application is to have it.

        What the application has not taken yet of it, it finds in what is left of the gap.
        """
        if last <= self.place:
            return False
        for sequence, entry in list(self.held.items()):
            if first <= sequence <= last and entry.state is not Held.IN_HAND:
                del self.held[sequence]
        if last in self.held:
            return False
        self.held[last] = Entry(first, "", 1, stream)
        self.reached = max(self.reached, last)
        return True

    def bookmark(self, sequence: int) -> None:
        """Take in that everything up to *sequence* has come."""
        self.reached = max(self.reached, sequence)

    def hand(self, sequence: int, now: float) -> bool:
        """Give it to the application; False where it is not waiting for that any more."""
        entry = self.held.get(sequence)
        if entry is None or entry.state is not Held.WAITING:
            return False
        entry.state, entry.since = Held.IN_HAND, now
        return True

    def finish(self, sequence: int, *, tell: bool = True) -> None:
        """Finish it; *tell* says to acknowledge it. What is finished already stays so."""
        entry = self.held.pop(sequence, None)
        if entry is None:
            return
        if entry.name:
            self.names[entry.name] = None
            if len(self.names) > REMEMBERED:
                self.names.popitem(last=False)
        if tell:
            self.single.add(sequence)
        self.beyond.add(sequence)
        place = self.place
        if place >= sequence:
            self.beyond = {each for each in self.beyond if each > place}

    def give_back(self, sequence: int, back: Return) -> None:
        """Let it go back to the server, where it is in hand."""
        entry = self.held.get(sequence)
        if entry is not None and entry.state is Held.IN_HAND:
            entry.state, entry.back = Held.RETURNING, back

    def returning(self, stream: int, *, last: bool = False) -> Sequence[tuple[int, Return]]:
        """Return what to send back on *stream*, which must have sent it; it is gone then.

        After the *last* one nothing is tried again: the next stream begins with it anyway.
        """
        found = []
        for sequence, entry in sorted(self.held.items()):
            if entry.back is None or entry.stream != stream:
                continue
            if last and entry.back.way is Way.RETRY:
                continue
            found.append((sequence, entry.back))
            if entry.back.way is Way.RETRY and entry.attempt < ATTEMPTS:
                entry.state, entry.back = Held.RETURNED, None
                continue
            parked = entry.back.way is not Way.SKIP
            self.finish(sequence, tell=False)
            if parked:
                self.names.pop(entry.name, None)  # an operator may send it again
        return found

    def leases(self, stream: int, after: float) -> Sequence[int]:
        """Return what waits or is in hand since *after*, of what *stream* has sent."""
        here = (Held.WAITING, Held.IN_HAND)
        return [
            sequence
            for sequence, entry in sorted(self.held.items())
            if entry.state in here
            and entry.stream == stream
            and entry.name
            and entry.since >= after
        ]

    def release(self, now: float, longest: float) -> None:
        """Give back what was in hand for *longest*, and what too much has overtaken.

        Raises `NeglectedGapError`.
        """
        oldest = min(self.held, default=0)
        overtaken = len(self.beyond) > BEYOND_AT_MOST
        for sequence, entry in self.held.items():
            if overtaken and sequence == oldest and not entry.name:
                raise NeglectedGapError(entry.first, sequence)
            if overtaken and sequence == oldest:
                self.give_back(sequence, Return(Way.PARK, reason="overtaken"))
            elif entry.name and now - entry.since > longest:
                self.give_back(sequence, Return(Way.RETRY, reason="handled for too long"))

    def untold(self) -> int:
        """Return how much there is to say to the server."""
        back = sum(entry.back is not None for entry in self.held.values())
        return len(self.single) + back + (self.place > self.told)

    def acknowledge(self) -> Sequence[tuple[int, Sequence[int]]]:
        """Return what to acknowledge: `up_to_sequence` and `sequences`, frame by frame."""
        place = self.place
        up_to = place if place > self.told else 0
        singles = sorted(s for s in self.single if s > place or not up_to)
        self.told, self.single = max(self.told, place), set()
        parts = [singles[i : i + AT_ONCE] for i in range(0, len(singles), AT_ONCE)]
        if up_to and not parts:
            return [(up_to, ())]
        return [(0 if i else up_to, part) for i, part in enumerate(parts)]
