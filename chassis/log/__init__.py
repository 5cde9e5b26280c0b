"""The log: one narrow port to Kafka, or to the embedded log that needs no Kafka.

`tests/chassis/test_log_contract.py` is what both keep.
"""

from chassis.log.port import (
    Log,
    Place,
    Producer,
    Received,
    Record,
    Subscriber,
    Topic,
)

__all__ = ["Log", "Place", "Producer", "Received", "Record", "Subscriber", "Topic"]
