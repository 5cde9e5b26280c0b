"""The feed: reading the store in order without losing anything.

A `Tailer` proves how far each shard is final; followers read up to there and move their
checkpoints under a lease.
"""
