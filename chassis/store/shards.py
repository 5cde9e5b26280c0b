"""Which shard a stream belongs to, and the advisory-lock namespace of in-flight markers."""

from hashlib import sha256

SHARDS = 16
MARKER_NAMESPACE = 0x5368754E  # "ShuN": no other advisory lock of ours uses this first key


def shard_of(stream_id: str) -> int:
    """Return the shard of *stream_id*: the same as SQL's `store.shard_of`."""
    return sha256(stream_id.encode()).digest()[0] % SHARDS
