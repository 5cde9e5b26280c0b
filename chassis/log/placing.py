"""Which partition a key belongs to: the same in both logs, and for every other Kafka client."""

from functools import lru_cache

from aiokafka.partitioner import murmur2

REMEMBERED = 8192
POSITIVE = 0x7FFFFFFF


@lru_cache(maxsize=REMEMBERED)
def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of *key* among so many."""
    return int(murmur2(key) & POSITIVE) % partitions
