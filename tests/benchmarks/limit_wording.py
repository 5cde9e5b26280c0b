"""What was found about speed, measured on the machine of the page: reasons, and what helped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tests.benchmarks.peers.eventsourcing import UNLOCKED
from tests.benchmarks.peers.outbox import NAME as DEBEZIUM

Key: TypeAlias = tuple[str, str, str]
"""A bench, a measure and what its bar is held against; or a bench, a curve and its line."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Why some bars are missed."""

    keys: Sequence[Key]
    said: str


LIMITS: Sequence[Limit] = (
    Limit(
        keys=(("append", "rate", f"peer:{UNLOCKED}"),),
        said=(
            "Three times this option is more than the floor reaches on this disk, which reads, decides and compares "
            "nothing. An event of ours takes 127 µs of CPU (PostgreSQL 77, Python 47), one of the floor's 129, of this "
            "option's 297, of the library's as it comes 741. What is left is waiting: of the looks at `pg_stat_activity` "
            "three in four find an append in `WalSync`. Against the library as it comes the bar is met; this option "
            "leaves out what makes its notifications safe to follow."
        ),
    ),
    Limit(
        keys=(("append", "rate", "value"),),
        said=(
            "On the disk as it is the bar is met: a command of ten events takes its writer 7.9 ms, and three in four looks at "
            "`pg_stat_activity` find PostgreSQL at work on one, not waiting. A sync that takes 1 ms longer makes it 8.7 ms."
        ),
    ),
    Limit(
        keys=(
            ("relay", "rate", "ratio"),
            ("relay", "rate", f"peer:{DEBEZIUM}"),
        ),
        said=(
            "Of an event's 36 µs Python's CPU is 23; the floor has 14, of them 9 of CPU, for records that were there before "
            "its clock runs. Each step alone, over and over: the message and its fifteen attributes 5.5, decoding the row "
            "2.7 and fetching it 1.3, laying it out for Kafka 2.5. Sending, which the floor does as well, the twelve "
            "requests, the session and the checkpoint of a turn are the rest. What is not CPU is waiting for "
            "acknowledgements and for the commit behind them, once in 500 events; the next batch is read and decoded "
            "meanwhile. It is not sent: an event could overtake one that is never acknowledged. Three times Debezium is "
            "more than twice the floor, which is what aiokafka takes on one core. Debezium passes on rows that the "
            "application had made ready for Kafka, and takes 71 µs of CPU for each on both cores, where we take 42."
        ),
    ),
)

HELPED: Mapping[str, str] = {
    "append": (
        "*Helped*: commands that wait for each other are read, and appended, in one call; that call's plan by index alone (one that "
        "was made while tables were small read all commands: 8 500 a second fell to 1 900 in seconds). *Did not*: one, two, three "
        "or four such calls under way at a time."
    ),
    "follower": (
        "*Helped*: a session that is too young for the last proof waits 5 ms for the next one, not 20: the p99 at 500 a second was "
        "20.2 ms and is that of the floor."
    ),
    "relay": (
        "*Helped*: batches of a partition laid out here, reading ahead, and leaving what a process starts with out of garbage "
        "collections, which had taken a third of an event's time (18 400 a second before). *Did not*: batches of 1 000 or 2 000 "
        "events, 5 to 10 % (whoever shares the process waits for them); attributes that a type's events have in common made once, "
        "0.2 µs."
    ),
    "consume": (
        "*Helped*: all offsets of a fetch move in one statement; rows of a batch are written at once; collections as above (35 200 a "
        "second before)."
    ),
    "http": (
        "16 clients got 851 answers a second, and the slowest hundredth waited 147 ms. *Helped*: collections as above (those 147 ms "
        "were one); a token that was verified is known until it expires (16 % of the CPU); the guard's answers are kept (13 %); "
        "one span a request instead of two, and none recorded where nobody collects them (10 to 15 %). By py-spy nothing of ours is "
        "above 3 % now: writing to sockets, uvicorn, FastAPI and asyncpg are the rest."
    ),
    "list": "*Helped*: an index for each list, and a page that begins where the last one ended.",
    "rebuild": "*Helped*: `COPY` for new rows, all of a batch at once; collections as above (65 100 a second before).",
    "alert": (
        "At 200 a second it took 30.7 ms (p50) and 330 (p99). *Helped*: after a silence the log is looked at once for all partitions "
        "beside an id that is kept, not once for each; collections, in the process that appends and in the "
        "client; projections that rest 25 ms after a turn that was not full, because both cores were. *Did not*: several look-ups at a "
        "time, which take 20 ms each."
    ),
    "fanout": "*Helped*: slots, a flag where nobody waits for an event, lists where nothing waits (an empty deque is 0.6 KiB of a stream's 60).",
    "grow-length": (
        "*Helped*: what lies behind a snapshot is read by its index: PostgreSQL takes it for a third of the stream, and read the "
        "whole table for an item of 100 000 events, 19 ms a command."
    ),
    "grow-events": (
        "*Helped*: an operator's look at the lag counts 500 events of a shard and a thousand timers, by their indexes; with ten million "
        "events it took 63 ms."
    ),
}
"""By bench: what was tried because a profile said so, and what came of it."""
