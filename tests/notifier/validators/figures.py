"""The two words that need a figure: At-least-once within a deadline, and Fair within a limit."""

from collections.abc import Mapping, Sequence
from math import ceil

from tests.notifier.validators.log import Arrived, Left, Log, Opened, Retried, Stream, Stuck
from tests.notifier.validators.words import Breaches

SLACK_SECONDS = 5.0  # the least a busy machine is given
RANK = 0.99


def at_least_once(log: Log, deadline: float, slack: float = SLACK_SECONDS) -> Breaches:
    """Find alerts that never came, or that were not finished and not sent again in time."""
    breaches = []
    for subscriber in sorted({opened.subscriber for opened in log.of(Opened)}):
        settled = log.settled(subscriber)
        streams = [s for s in log.streams() if s.opened.subscriber == subscriber]
        begins = min(stream.opened.after for stream in streams)
        for row in log.mailbox(subscriber).values():
            if row.sequence <= begins or not row.matches or not row.kept or row.given_up:
                continue
            came = any(
                row.sequence == a.sequence for s in streams for a in s.of(Arrived)
            ) or any(row.sequence in e.sequences for s in streams for e in s.of(Left))
            if not came and row.sequence not in settled:
                breaches.append(f"{subscriber}: {row.sequence} never came")
            breaches += [
                f"{subscriber}: {row.sequence} was not finished and did not come again"
                for stream in streams
                for alert in stream.of(Arrived)
                if alert.sequence == row.sequence
                and _forgotten(stream, alert, settled, deadline + slack)
            ]
    return breaches


def fair(log: Log, at_most: float) -> Breaches:
    """Find whether beside a stuck one the others wait more than *at_most* seconds longer."""
    breaches = []
    stuck = log.of(Stuck)
    names = {one.subscriber for one in stuck}
    calm: list[float] = []
    held: list[float] = []
    for stream in log.streams():
        subscriber = stream.opened.subscriber
        rows = log.mailbox(subscriber)
        for alert in stream.of(Arrived) if subscriber not in names else ():
            row = rows.get(alert.sequence)
            if row is None or alert.redelivered or row.at < stream.opened.at:
                continue  # it had been waiting for the stream, not for the server
            during = any(one.at <= row.at <= one.until for one in stuck)
            (held if during else calm).append(alert.at - row.at)
    if not stuck or not calm or not held:
        breaches.append("nothing to compare: a stuck one, and others before and beside it")
    elif _ranked(held) > _ranked(calm) + at_most:
        breaches.append(
            f"beside a stuck subscriber others waited {_ranked(held):.3f} s, "
            f"without it {_ranked(calm):.3f} s"
        )
    return breaches


def _forgotten(
    stream: Stream, alert: Arrived, settled: Mapping[int, float], within: float
) -> bool:
    until = alert.at + within
    for retried in stream.of(Retried):
        if alert.sequence in retried.sequences and retried.at >= alert.at:
            until = max(until, retried.at + retried.seconds + within)
    last = stream.entries[-1].at
    came_again = any(
        a.sequence == alert.sequence and alert.at < a.at <= until
        for a in stream.of(Arrived)
    )
    done = settled.get(alert.sequence, float("inf")) <= until
    return last > until and not came_again and not done


def _ranked(waits: Sequence[float]) -> float:
    return sorted(waits)[ceil(len(waits) * RANK) - 1]
