"""Six of the words promised of the stream, each as a rule over a recorded log.

A validator returns the breaches as sentences, and nothing where the word was kept. It knows
the log alone: neither client nor server, so that it cannot share their mistakes.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from tests.notifier.validators.log import (
    Arrived,
    Bookmark,
    Left,
    Log,
    Named,
    Row,
    Stream,
)

Breaches = list[str]
CAUGHT_UP = frozenset({"RESUMED", "NOTHING_MISSED"})
BROKEN = frozenset({"GAP", "NEW_EPOCH"})


def ordered(log: Log) -> Breaches:
    """Find first deliveries of a stream that came out of the mailbox's order."""
    breaches = []
    for stream in log.streams():
        rows = log.mailbox(stream.opened.subscriber)
        first = [a for a in stream.of(Arrived) if not a.redelivered]
        breaches += [
            f"{stream.opened.stream}: {later.sequence} came after {earlier.sequence}"
            for earlier, later in pairwise(first)
            if later.sequence <= earlier.sequence
        ]
        breaches += [
            f"{stream.opened.stream}: {alert.alert_id} is not what stands at {alert.sequence}"
            for alert in stream.of(Arrived)
            if alert.sequence not in rows or rows[alert.sequence].alert_id != alert.alert_id
        ]
    return breaches


def unique(log: Log) -> Breaches:
    """Find alerts that came twice in a stream without saying so and counting attempts."""
    breaches = []
    for stream in log.streams():
        attempts: dict[str, int] = {}
        for alert in stream.of(Arrived):
            before = attempts.get(alert.alert_id)
            if before is not None and not (alert.redelivered and alert.attempt > before):
                breaches.append(f"{stream.opened.stream}: {alert.alert_id} came twice")
            attempts[alert.alert_id] = alert.attempt
    return breaches


def reliable(log: Log) -> Breaches:
    """Find what was passed over: neither sent before, filtered out, finished, nor in a gap."""
    breaches = []
    for stream in log.streams():
        known = _Known(log, stream)
        reached = stream.opened.after
        for entry in stream.entries:
            known.learn(entry)
            if isinstance(entry, Arrived) and entry.sequence > reached:
                breaches += [
                    f"{stream.opened.stream}: {entry.sequence} came, {missing} never did"
                    for missing in known.unaccounted(reached, entry.sequence, entry.at)
                ]
                reached = entry.sequence
    return breaches


def resumable(log: Log) -> Breaches:
    """Find places that the mailbox keeps, and that were not resumed from exactly."""
    breaches = []
    for stream in log.streams():
        opened, name = stream.opened, stream.opened.stream
        if opened.outcome == "FROM_NOW" or opened.cursor_epoch not in {"", opened.epoch}:
            continue
        kept = opened.after + 1 >= opened.oldest and opened.after <= opened.head
        if not kept:
            continue
        if opened.outcome not in CAUGHT_UP or stream.of(Named):
            breaches.append(f"{name}: {opened.after} is kept, and was answered with a gap")
        if opened.outcome == "NOTHING_MISSED" and opened.head > opened.after:
            known = _Known(log, stream)
            missed = known.unaccounted(opened.after, opened.head + 1, opened.at)
            if missed:
                breaches.append(f"{name}: nothing was missed, it said, but {missed} were")
        breaches += [
            f"{name}: resumed behind {opened.after}, and {a.sequence} came again"
            for a in stream.of(Arrived)
            if a.sequence <= opened.after and not a.redelivered
        ]
    return breaches


def bookmarkable(log: Log) -> Breaches:
    """Find bookmarks that went back, or past what had been sent."""
    breaches = []
    for stream in log.streams():
        known = _Known(log, stream)
        reached = stream.opened.after
        for entry in stream.entries:
            known.learn(entry)
            if not isinstance(entry, Bookmark):
                continue
            if entry.sequence < reached:
                breaches.append(f"{stream.opened.stream}: the bookmark went back")
            breaches += [
                f"{stream.opened.stream}: the bookmark {entry.sequence} is past {missing}"
                for missing in known.unaccounted(reached, entry.sequence + 1, entry.at)
            ]
            reached = max(reached, entry.sequence)
    return breaches


def honest(log: Log) -> Breaches:
    """Find losses that were not named first, and gaps that lose what is kept."""
    breaches = []
    for stream in log.streams():
        opened, name = stream.opened, stream.opened.stream
        if opened.cursor_epoch not in {"", opened.epoch} and opened.outcome != "NEW_EPOCH":
            breaches.append(f"{name}: another mailbox, and {opened.outcome} was said")
        lost = _lost(log, stream)
        if lost and opened.outcome not in BROKEN:
            breaches.append(
                f"{name}: {sorted(lost)} were lost, and it said {opened.outcome}"
            )
        unnamed = set(lost)
        for entry in stream.entries:
            if isinstance(entry, Named):
                unnamed -= {*range(entry.first, entry.last + 1)}
                breaches += _overstated(log, stream, entry)
            elif (
                isinstance(entry, Arrived | Bookmark)
                and unnamed
                and entry.sequence >= min(unnamed)
            ):
                breaches.append(f"{name}: {sorted(unnamed)} were lost without a word")
                break
    return breaches


def _lost(log: Log, stream: Stream) -> set[int]:
    """Return what was neither kept nor finished when the stream opened behind it."""
    opened, settled = stream.opened, log.settled(stream.opened.subscriber)
    return {
        row.sequence
        for row in log.mailbox(opened.subscriber).values()
        if not row.kept
        and row.matches
        and opened.after < row.sequence < opened.oldest
        and settled.get(row.sequence, opened.at) >= opened.at
        and opened.outcome != "FROM_NOW"
    }


def _overstated(log: Log, stream: Stream, gap: Named) -> Breaches:
    """Return what is kept of a gap and was not in its snapshot; a gap of nothing but that."""
    rows = log.mailbox(stream.opened.subscriber).values()
    kept = {r.sequence for r in rows if r.kept and gap.first <= r.sequence <= gap.last}
    breaches = []
    if gap.reason == "RETENTION" and len(kept) == gap.last - gap.first + 1:
        breaches.append(f"{stream.opened.stream}: a gap was named, and all of it is kept")
    for left in stream.of(Left):
        if (left.first, left.last) == (gap.first, gap.last):
            breaches += [
                f"{stream.opened.stream}: {sequence} is kept, and not in the snapshot"
                for sequence in sorted(kept - {*left.sequences})
            ]
    return breaches


class _Known:
    """What accounts for a sequence, as a stream goes on."""

    def __init__(self, log: Log, stream: Stream) -> None:
        self._rows: Mapping[int, Row] = log.mailbox(stream.opened.subscriber)
        self._settled = log.settled(stream.opened.subscriber)
        self._seen: set[int] = set()
        self._named: list[Named] = []

    def learn(self, entry: object) -> None:
        """Take in what happened next."""
        if isinstance(entry, Arrived):
            self._seen.add(entry.sequence)
        elif isinstance(entry, Named):
            self._named.append(entry)

    def unaccounted(self, after: int, before: int, at: float) -> Sequence[int]:
        """Return what between two sequences should have been sent by *at*, and was not."""
        return [
            sequence
            for sequence, row in sorted(self._rows.items())
            if after < sequence < before
            and row.matches
            and not row.given_up
            and sequence not in self._seen
            and self._settled.get(sequence, at) >= at
            and not any(gap.first <= sequence <= gap.last for gap in self._named)
        ]


WORDS: Mapping[str, Callable[[Log], Breaches]] = {
    "Ordered": ordered,
    "Unique": unique,
    "Reliable": reliable,
    "Resumable": resumable,
    "Bookmarkable": bookmarkable,
    "Honest": honest,
}
