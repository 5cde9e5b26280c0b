"""What a recording client wrote down, and what the mailbox really held: JSON lines.

A *stream* is one call, from its `opened` to its end. Times are seconds of one machine's clock.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened:
    """A stream began behind *after*, the place the server takes it to resume from."""

    at: float
    stream: str
    subscriber: str
    epoch: str
    head: int
    oldest: int
    after: int
    outcome: str
    cursor_epoch: str = (
        ""  # that of the cursor the client opened with; "" where it had none
    )


@dataclass(frozen=True, slots=True)
class Arrived:
    """An alert came."""

    at: float
    stream: str
    sequence: int
    alert_id: str
    attempt: int = 1
    redelivered: bool = False


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The server said: everything up to *sequence* has been sent."""

    at: float
    stream: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Named:
    """The server named a gap, both ends included."""

    at: float
    stream: str
    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True)
class Left:
    """The client asked what is left of a gap, and these sequences were."""

    at: float
    stream: str
    first: int
    last: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """The client finished alerts: by acknowledging, skipping or parking them."""

    at: float
    stream: str
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Retried:
    """The client asked for alerts again, after *seconds*."""

    at: float
    stream: str
    sequences: tuple[int, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A stream ended; *asked* by the client itself."""

    at: float
    stream: str
    status: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Stuck:
    """The truth: *subscriber* read nothing from *at* to *until*."""

    at: float
    until: float
    subscriber: str


@dataclass(frozen=True, slots=True)
class Row:
    """The truth: a row of a mailbox, and what became of it."""

    subscriber: str
    sequence: int
    alert_id: str
    at: float  # when it was committed
    matches: bool = True  # the stream's filter
    kept: bool = True  # False once retention has cut it off
    given_up: bool = False  # parked or expired


Happened = Opened | Arrived | Bookmark | Named | Left | Settled | Retried | Ended
Truth = Stuck | Row
Entry = Happened | Truth
HAPPENED = (Opened, Arrived, Bookmark, Named, Left, Settled, Retried, Ended)
KINDS: dict[str, type[Entry]] = {kind.__name__: kind for kind in (*HAPPENED, Stuck, Row)}


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream with everything that happened on it, in order."""

    opened: Opened
    entries: Sequence[Happened]

    def of(self, kind: type[T]) -> list[T]:
        """Return what happened of one kind."""
        return [entry for entry in self.entries if isinstance(entry, kind)]


class Log:
    """Everything written down in one run."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)

    def of(self, kind: type[T]) -> list[T]:
        """Return what was written down of one kind."""
        return [entry for entry in self.entries if isinstance(entry, kind)]

    def streams(self) -> list[Stream]:
        """Return the streams in the order in which they opened."""
        happened = [entry for entry in self.entries if isinstance(entry, HAPPENED)]
        return [
            Stream(opened, [entry for entry in happened if entry.stream == opened.stream])
            for opened in self.of(Opened)
        ]

    def mailbox(self, subscriber: str) -> dict[int, Row]:
        """Return what the mailbox of *subscriber* held, by sequence."""
        return {r.sequence: r for r in self.of(Row) if r.subscriber == subscriber}

    def settled(self, subscriber: str) -> dict[int, float]:
        """Return which sequences *subscriber* finished, and when first."""
        found: dict[int, float] = {}
        for stream in self.streams():
            if stream.opened.subscriber == subscriber:
                for settled in stream.of(Settled):
                    for sequence in settled.sequences:
                        found.setdefault(sequence, settled.at)
        return found

    def write(self, path: Path) -> None:
        """Write it as JSON lines."""
        lines = (
            json.dumps({"what": type(entry).__name__, **asdict(entry)})
            for entry in self.entries
        )
        path.write_text("\n".join(lines) + "\n", "utf-8")


def read(path: Path) -> Log:
    """Read what `Log.write` wrote."""
    entries = []
    for line in path.read_text("utf-8").splitlines():
        fields = json.loads(line)
        kind = KINDS[fields.pop("what")]
        if "sequences" in fields:
            fields["sequences"] = tuple(fields["sequences"])
        entries.append(kind(**fields))
    return Log(entries)
