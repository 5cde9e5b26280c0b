"""Figures: what was measured, beside its floor, and whether anything was lost on the way."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Self

UNITS = {
    "rate": "/s",
    "p50": " ms",
    "p95": " ms",
    "p99": " ms",
    "p99.9": " ms",
    "factor": "×",
    "last": " s",
    "refused": "",
    "cancelled": "",
    "noticed": " s",
    "caught up": " s",
    "memory": " KiB",
    "peak": " MiB",
    "busy": " %",
}
"""The unit of each measure. More is better of `rate` and `factor`, less of the others."""

AT_LEAST_ONCE = {"relay"}  # whose repeats their readers drop

PEER = "peer:"

EVENTS = 10_000  # what CPU seconds are counted over


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least *share* of *values* do not exceed."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latencies(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the measures of one run's latencies."""
    return {
        "p50": percentile(milliseconds, 0.5),
        "p99": percentile(milliseconds, 0.99),
        "p99.9": percentile(milliseconds, 0.999),
    }


def of_hop(
    begun: Mapping[str, float], ended: Mapping[str, float], of: Iterable[str]
) -> dict[str, float]:
    """Return the measures of one way, from when each key of *of* began it and ended it."""
    taken = [
        max(0.0, ended[key] - begun[key]) * 1000
        for key in of
        if key in begun and key in ended
    ]
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {name: percentile(taken, share) for name, share in shares.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """Several runs of one measure."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Return the median and the range of *values*."""
        known = list(values)
        return cls(median=median(known), low=min(known), high=max(known))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What should be there, what is there, and how much of that is distinct."""

    expected: int
    found: int
    distinct: int

    @property
    def lost(self) -> int:
        """How many are missing."""
        return max(0, self.expected - self.distinct)

    @property
    def repeated(self) -> int:
        """How many are there more often than they should be."""
        return self.found - min(self.distinct, self.expected)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            expected=self.expected + other.expected,
            found=self.found + other.found,
            distinct=self.distinct + other.distinct,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run: its measures, over how many events, what it cost, what was counted after."""

    measures: dict[str, float]
    events: int
    tally: Tally
    cpu: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """What a measure has to reach: itself, its `ratio` to the floor, or to a `peer:<name>`."""

    measure: str
    limit: float
    of: str = "value"

    def __str__(self) -> str:
        sign = "≥" if self.measure in {"rate", "factor"} else "<"
        if self.of == "ratio":
            return f"{sign} {self.limit:g} of the floor"
        if self.of.startswith(PEER):
            return f"{sign} {self.limit:g} × {self.of.removeprefix(PEER)}"
        return f"{sign} {number(self.limit)}{UNITS[self.measure]}"

    def met(self, value: float) -> bool:
        """Say whether *value* reaches it."""
        more_is_better = self.measure in {"rate", "factor"}
        return value >= self.limit if more_is_better else value < self.limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One load: runs of ours, of the floor, and of each peer by its name."""

    bench: str
    load: str
    fsync: str
    ours: Sequence[Run]
    floor: Sequence[Run] = ()
    bars: Sequence[Bar] = ()
    peers: Mapping[str, Sequence[Run]] = field(default_factory=dict)
    long: bool = False  # only a long run takes it

    @property
    def measures(self) -> Sequence[str]:
        """The measures it has."""
        return list(self.ours[0].measures)

    def spread(self, measure: str) -> Spread:
        """Return ours."""
        return Spread.of(run.measures[measure] for run in self.ours)

    def floor_spread(self, measure: str) -> Spread | None:
        """Return the floor's, where it has one."""
        return spread_of(self.floor, measure)

    def ratio(self, measure: str) -> float | None:
        """Return our median over the floor's."""
        return self._over(self.floor, measure)

    def peer_ratio(self, name: str, measure: str) -> float | None:
        """Return our median over a peer's."""
        return self._over(self.peers.get(name, ()), measure)

    def judged(self, measure: str) -> Sequence[tuple[Bar, bool]]:
        """Return the bars of *measure*, and whether each is met: not beside what is not there."""
        bars = [bar for bar in self.bars if bar.measure == measure]
        values = [(bar, self.value(bar)) for bar in bars]
        return [(bar, value is not None and bar.met(value)) for bar, value in values]

    def value(self, bar: Bar) -> float | None:
        """Return what *bar* is held against; None where there is nothing beside it."""
        if bar.of == "value":
            return self.spread(bar.measure).median
        if bar.of == "ratio":
            return self.ratio(bar.measure)
        return self.peer_ratio(bar.of.removeprefix(PEER), bar.measure)

    def _over(self, others: Sequence[Run], measure: str) -> float | None:
        other = spread_of(others, measure)
        return (
            self.spread(measure).median / other.median if other and other.median else None
        )

    @property
    def tally(self) -> Tally:
        """What was counted, over all runs of ours."""
        return total(self.ours)

    @property
    def wrong(self) -> bool:
        """Say whether something was lost, or repeated where no repeat is allowed."""
        tally = self.tally
        return tally.lost > 0 or (tally.repeated > 0 and self.bench not in AT_LEAST_ONCE)

    def cpu(self, runs: Sequence[Run]) -> float | None:
        """Return the CPU seconds of 10 000 events, without those of a load generator."""
        events = sum(run.events for run in runs)
        seconds = sum(s for r in runs for who, s in r.cpu.items() if who != "generator")
        return seconds / events * EVENTS if events and seconds else None


def spread_of(runs: Sequence[Run], measure: str) -> Spread | None:
    """Return *measure* of *runs*, where they have it."""
    known = [run.measures[measure] for run in runs if measure in run.measures]
    return Spread.of(known) if known else None


def total(runs: Sequence[Run]) -> Tally:
    """Return the tallies of *runs* added up."""
    return sum((run.tally for run in runs), Tally(expected=0, found=0, distinct=0))


def number(value: float) -> str:
    """Return *value* with three figures that mean something, thousands apart."""
    if math.isnan(value):
        return "–"
    if value == 0:
        return "0"
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
