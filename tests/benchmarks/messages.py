"""What is consumed: a topic of small messages, each about an item of its own."""

from google.protobuf.wrappers_pb2 import StringValue

from chassis.log import Record
from tests.benchmarks.kafka_by_hand import new_topic, produce
from tests.benchmarks.lab import Lab
from tests.support.samples import NOON


async def filled(lab: Lab, count: int) -> str:
    """Fill a topic of its own with *count* messages of another service."""
    topic = await new_topic(lab.broker)
    records: list[Record] = []
    for _ in range(count):
        item = str(lab.uuid())
        message = StringValue(value=item)
        headers = {
            "ce_specversion": "1.0",
            "ce_id": str(lab.uuid()),
            "ce_source": "/shuniu/bench/elsewhere",
            "ce_type": message.DESCRIPTOR.full_name,
            "ce_subject": item,
            "ce_time": NOON.isoformat(),
            "ce_correlationid": str(lab.uuid()),
            "ce_dataclassification": "none",
        }
        value = message.SerializeToString(deterministic=True)
        records.append(Record(topic=topic, key=item.encode(), value=value, headers=headers))
    await produce(lab.broker, topic, records)
    return topic
