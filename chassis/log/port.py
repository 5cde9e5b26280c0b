"""What the suite needs of a log, and nothing more."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

PARTITIONS = 12  # never changed: adding partitions would break the order per key

Place: TypeAlias = tuple[str, int]
"""A topic and one of its partitions."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is created. Its name is for ever; so is its number of partitions."""

    name: str
    partitions: int = PARTITIONS
    compacted: bool = False
    retention_days: int = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record to publish. Records of one key stay in order."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received(Record):
    """A record as it was read, with its place in the log."""

    partition: int
    offset: int

    @property
    def place(self) -> Place:
        """The topic and partition it was read from."""
        return (self.topic, self.partition)


class Producer(Protocol):
    """Publishes records. After any error it is thrown away and a new one made."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Publish *records*, and return once every one is safely in the log."""
        ...

    async def close(self) -> None:
        """Let go of everything. Never raises."""
        ...


Taken = Callable[["Subscriber", frozenset[Place]], Awaitable[None]]
"""Called with newly assigned places, before anything is read from them: seeks or pauses each."""


class Subscriber(Protocol):
    """One member of a consumer group."""

    @property
    def places(self) -> frozenset[Place]:
        """What is assigned to this member now."""
        ...

    async def fetch(self, most: int, seconds: float) -> Mapping[Place, Sequence[Received]]:
        """Return up to *most* records, waiting up to *seconds* for the first."""
        ...

    async def seek(self, place: Place, offset: int) -> None:
        """Read *place* from *offset* on."""
        ...

    async def pause(self, place: Place) -> None:
        """Read nothing of *place* until `seek`. Forgotten when it is assigned anew."""
        ...

    async def bounds(self, place: Place) -> tuple[int, int]:
        """Return the first offset that is kept and the one that the next record will get."""
        ...

    async def reached(self, place: Place) -> int | None:
        """Return the offset that `fetch` goes on from, or None where it does not read.

        It may lie behind the last record: a log may hold what is no record.
        """
        ...

    async def before(self, place: Place, offset: int) -> Received | None:
        """Return the last record before *offset*, or None where the log keeps none."""
        ...

    async def at(self, offsets: Mapping[Place, int]) -> Mapping[Place, Received]:
        """Return the record at each of *offsets*, where it is soon found there.

        What is missing may only be slow to come: it proves nothing.
        """
        ...

    async def committed(self, place: Place, offset: int, note: str) -> None:
        """Tell the log how far the group is, with a *note*.

        For lag tools, and as a witness: see `chassis.history.expect_offsets_to_agree`.
        """
        ...

    async def close(self) -> None:
        """Leave the group. Never raises."""
        ...


class Log(Protocol):
    """Where public events go."""

    async def create(self, topics: Sequence[Topic]) -> None:
        """Create the topics that are missing. Idempotent."""
        ...

    async def producer(self, name: str, *, fencing: bool = False) -> Producer:
        """Return a started producer.

        With *fencing* every earlier one of this name can publish nothing any more, and what it
        has not finished is never read.
        """
        ...

    async def subscriber(
        self, group: str, topics: Sequence[str], taken: Taken
    ) -> Subscriber:
        """Join *group* for *topics*."""
        ...

    async def ends(self, topics: Sequence[str]) -> dict[Place, int]:
        """Return, of every partition, the offset that the next record will get."""
        ...

    async def told(self, group: str) -> Mapping[Place, tuple[int, str]]:
        """Return how far *group* said that it was, with its note.

        Empty where the log keeps that in the group's own database, or not at all.
        """
        ...

    async def lasts(self, topics: Sequence[str]) -> Sequence[Received]:
        """Return the last record of every partition that has one."""
        ...

    async def close(self) -> None:
        """Let go of everything. Never raises."""
        ...
