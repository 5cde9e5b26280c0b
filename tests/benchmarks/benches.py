"""Which benches there are, in the order of the page, and what each needs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from tests.benchmarks import (
    alerting,
    appending,
    consuming,
    fanning,
    following,
    freezing,
    growing_alerts,
    growing_events,
    growing_items,
    growing_partitions,
    http_commands,
    listing,
    rebuilding,
    relaying,
    storming,
)
from tests.benchmarks.curves import Curve
from tests.benchmarks.figures import Figure
from tests.benchmarks.lab import Lab

Measure: TypeAlias = Callable[[Lab], Awaitable[Sequence[Figure | Curve]]]

MEASURES: Mapping[str, Measure] = {
    appending.NAME: appending.measure,
    following.NAME: following.measure,
    relaying.NAME: relaying.measure,
    consuming.NAME: consuming.measure,
    http_commands.NAME: http_commands.measure,
    listing.NAME: listing.measure,
    rebuilding.REBUILD: rebuilding.measure_rebuild,
    rebuilding.VERIFY: rebuilding.measure_verify,
    alerting.NAME: alerting.measure,
    fanning.NAME: fanning.measure,
    storming.NAME: storming.measure,
    freezing.NAME: freezing.measure,
    growing_events.NAME: growing_events.measure,
    growing_items.STREAMS: growing_items.measure_streams,
    growing_items.LENGTH: growing_items.measure_length,
    growing_alerts.NAME: growing_alerts.measure,
    growing_partitions.NAME: growing_partitions.measure,
}
NEED_KAFKA = frozenset(
    {
        relaying.NAME,
        consuming.NAME,
        alerting.NAME,
        fanning.NAME,
        storming.NAME,
        freezing.NAME,
        growing_alerts.NAME,
        growing_partitions.NAME,
    }
)
"""A part of the notifier asks the log, too, whether its past is the one that others know."""
WAIT_FOR_THE_DISK = frozenset({appending.NAME, http_commands.NAME})
CURVED = {
    growing_events.NAME: ("append-by-events", "feed-by-events", "admin-by-events"),
    growing_items.STREAMS: ("append-by-streams",),
    growing_items.LENGTH: ("append-by-length",),
    listing.NAME: ("list-by-items",),
    growing_alerts.NAME: ("alerts-by-subscribers",),
    growing_partitions.NAME: ("consume-by-partitions",),
}
"""Which curves a bench draws."""
